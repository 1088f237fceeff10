/**
 * A listing that is shown page after page, for a component.
 *
 * @module
 */

import { useState } from "preact/hooks";
import type { Page } from "../api/types.ts";
import { treeVersion } from "./current.ts";
import { useQuery } from "./use_query.ts";

/** A listing and how it stands. */
export interface MorePages<T> {
  /** What is known; undefined until the first answer. */
  readonly items: readonly T[] | undefined;
  readonly hasMore: boolean;
  /** Asks for more. */
  readonly more: () => void;
  readonly error: Error | undefined;
  readonly reload: () => void;
}

const PAGE_SIZE = 100;
const MAX_SIZE = 1000;

/**
 * A listing, from its beginning; it is asked for again when nodes were changed here.
 *
 * @param key What the question depends on.
 * @param load Asks for a page.
 * @returns How it stands.
 */
export function useMorePages<T>(
  key: string,
  load: (
    query: { readonly page: number; readonly size: number },
    signal: AbortSignal,
  ) => Promise<Page<T>>,
): MorePages<T> {
  const [count, setCount] = useState(PAGE_SIZE);
  const [old, setOld] = useState<readonly T[]>();
  const query = useQuery(
    `${key} ${count} ${treeVersion.value}`,
    async (signal) => {
      const found: T[] = [];
      const size = Math.min(count, MAX_SIZE);
      let total = Infinity;
      for (let page = 1; found.length < Math.min(count, total); page++) {
        const { data, pagination } = await load({ page, size }, signal);
        if (!data || data.length === 0) break;
        found.push(...data);
        total = pagination.total;
      }
      setOld(found);
      return { found, hasMore: found.length < total && total !== Infinity };
    },
  );
  return {
    items: query.data?.found ?? old,
    hasMore: query.data?.hasMore ?? false,
    more: () => setCount(count + PAGE_SIZE),
    error: query.error,
    reload: query.reload,
  };
}
