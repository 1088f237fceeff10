/**
 * The documents of a node, for a component.
 *
 * @module
 */

import { readDocuments } from "../api/em.ts";
import type { Document, Node, Ranks } from "../api/types.ts";
import { useChanges } from "./use_changes.ts";
import { type Query, useQuery } from "./use_query.ts";

/** The documents of a node and how they stand. */
export interface DocumentsQuery extends Query<readonly Document[]> {
  /** The ranks of a run. */
  readonly ranks: Ranks | undefined;
}

const RANK_KEY = /^ranks\/\d+\/rank\.yaml$/;

/** The documents of a node, as they change. */
export function useDocuments(node: Node): DocumentsQuery {
  const { data, ...query } = useQuery(
    `documents ${node.id}`,
    (abort) => readDocuments(node.id, abort),
  );
  useChanges(
    node.id,
    ["status", "hyperparameters", "environment", "files"],
    query.reload,
    {
      wants: ({ kind, key = "" }) =>
        kind !== "files" || key === "references.yaml" || RANK_KEY.test(key),
    },
  );
  return { ...query, data: data?.documents, ranks: data?.ranks };
}
