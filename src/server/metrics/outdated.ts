/**
 * What the index does not know yet.
 *
 * @module
 */

import type { IndexDatabase } from "./index_database.ts";
import { IS_SOURCE } from "./sources.ts";

/** What the index does not know yet of some nodes. */
export interface Outdated {
  /** Objects that are other than they were indexed, or are gone. */
  readonly changed: readonly { readonly node: string; readonly key: string }[];
  /** Nodes that are gone. */
  readonly deleted: readonly string[];
  /** After which node to go on; undefined at the end. */
  readonly next: string | undefined;
}

/**
 * Whether the index knows all that runs hold now.
 *
 * @param database The index, and the server's database as `store`.
 * @param nodes The nodes' ids; those that are no runs do not count.
 * @returns Whether it is so.
 */
export function isIndexed(
  database: IndexDatabase,
  nodes: readonly string[],
): boolean {
  return database.query(
    `SELECT 1 FROM objects
     WHERE node_id IN (SELECT id FROM nodes WHERE type = 'Run' AND id IN (SELECT value FROM json_each(?)))
     AND ${IS_SOURCE} AND ${IS_NEW} LIMIT 1`,
  ).get(JSON.stringify(nodes)) === undefined;
}

/** Objects that are other than they were indexed, as a condition on rows of `objects`. */
const IS_NEW =
  `NOT EXISTS (SELECT 1 FROM sources JOIN runs ON runs.id = sources.run
  WHERE runs.node = objects.node_id AND sources.key = objects.key
  AND sources.size = objects.size AND sources.md5 = objects.md5)`;

/** How many nodes are looked at at once. */
const NODES_AT_ONCE = 200;

/**
 * Compares the index with the objects.
 *
 * @param database The index, and the server's database as `store`.
 * @param after The node that was looked at last; empty at the beginning.
 * @returns What is different in the next nodes; those that are gone are told at the beginning.
 */
export function findOutdated(
  database: IndexDatabase,
  after: string,
): Outdated {
  const runs = database.query<{ id: string }>(
    "SELECT id FROM nodes WHERE type = 'Run' AND id > ? ORDER BY id LIMIT ?",
  ).all(after, NODES_AT_ONCE);
  const last = runs.at(-1)?.id;
  const changed = last === undefined ? [] : database.query<
    { node: string; key: string }
  >(
    `SELECT node_id AS node, key FROM objects
     WHERE node_id IN (SELECT id FROM nodes WHERE type = 'Run' AND id > ?1 AND id <= ?2)
     AND ${IS_SOURCE} AND ${IS_NEW}
     UNION ALL
     SELECT runs.node, sources.key FROM runs JOIN sources ON sources.run = runs.id
     WHERE runs.node > ?1 AND runs.node <= ?2
     AND NOT EXISTS (SELECT 1 FROM objects AS there
       WHERE there.node_id = runs.node AND there.key = sources.key)`,
  ).all(after, last);
  const deleted = after !== "" ? [] : database.query<{ node: string }>(
    "SELECT node FROM runs WHERE node NOT IN (SELECT id FROM nodes)",
  ).all().map(({ node }) => node);
  return {
    changed,
    deleted,
    next: runs.length < NODES_AT_ONCE ? undefined : last,
  };
}
