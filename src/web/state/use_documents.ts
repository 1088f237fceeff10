/**
 * The documents of a node, for a component.
 *
 * @module
 */

import { readDocuments } from "../api/em.ts";
import type { Document, Node } from "../api/types.ts";
import { useChanges } from "./use_changes.ts";
import { type Query, useQuery } from "./use_query.ts";

/** The documents of a node, as they change. */
export function useDocuments(node: Node): Query<readonly Document[]> {
  const documents = useQuery(
    `documents ${node.id}`,
    async (abort) => (await readDocuments(node.id, abort)).documents,
  );
  useChanges(
    node.id,
    ["status", "hyperparameters", "environment", "files"],
    documents.reload,
    {
      wants: ({ kind, key }) => kind !== "files" || key === "references.yaml",
    },
  );
  return documents;
}
