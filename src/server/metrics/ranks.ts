/**
 * The ranks of a run, as their documents say.
 *
 * @module
 */

import { RANKS_DIR } from "../../format/metric_key.ts";
import { RANK_FILE } from "../../format/rank_document.ts";
import { YamlError } from "../../format/yaml_reader.ts";
import type { Store } from "../store/store.ts";
import { readDocument } from "./read_document.ts";

/** A rank; what its document does not say is null. */
export interface RankAnswer {
  /** Its number. */
  readonly rank: number;
  /** Its status, such as `Running`: also of one whose process was killed, which could not say so. */
  readonly status: string | null;
  /** When its process joined, ISO 8601. */
  readonly startTimestamp: string | null;
  /** When it ended. */
  readonly endTimestamp: string | null;
  /** Its host. */
  readonly hostname: string | null;
}

/** The ranks of a run. */
export interface RanksAnswer {
  /** How many there are. */
  readonly total: number;
  /** The first of them, by their numbers. */
  readonly list: readonly RankAnswer[];
}

/** Of more ranks the others are only counted. */
export const MAX_RANKS = 256;

const MAX_KEYS = 10_000;
const MAX_RANK_BYTES = 64 * 1024;
const KEY = new RegExp(`^${RANKS_DIR}/(0|[1-9]\\d{0,6})/${RANK_FILE}$`);

/**
 * Reads how the ranks of a run are.
 *
 * @param store The store.
 * @param node The run's id.
 * @returns The ranks, rising.
 */
export async function readRanks(
  store: Pick<Store, "objectLists" | "objects" | "files">,
  node: string,
): Promise<RanksAnswer> {
  const { rows } = store.objectLists.list(node, {
    page: 1,
    size: MAX_KEYS,
    prefix: `${RANKS_DIR}/`,
    search: `/${RANK_FILE}`,
  });
  const ranks = rows.flatMap((object) => {
    const [, rank] = KEY.exec(object.key) ?? [];
    return rank === undefined ? [] : [{ rank: Number(rank), object }];
  }).sort((a, b) => a.rank - b.rank);
  const list: RankAnswer[] = [];
  for (const { rank, object } of ranks.slice(0, MAX_RANKS)) {
    const length = Math.min(object.size, MAX_RANK_BYTES);
    const body = await store.files.read(store.objects.segments(object), {
      range: { start: 0, end: length },
    });
    list.push({ rank, ...readRank(await new Response(body).text()) });
  }
  return { total: ranks.length, list };
}

function readRank(text: string): Omit<RankAnswer, "rank"> {
  const document = readSafely(text);
  const value = (key: string): string | null => {
    const found = document instanceof Map ? document.get(key) : undefined;
    return typeof found === "string" ? found : null;
  };
  return {
    status: value("status"),
    startTimestamp: value("startTimestamp"),
    endTimestamp: value("endTimestamp"),
    hostname: value("hostname"),
  };
}

function readSafely(text: string): unknown {
  try {
    return readDocument(text);
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
