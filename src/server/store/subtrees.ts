/**
 * Nodes with all that is below them, a few at a time.
 *
 * @module
 */

import { NODES_AT_ONCE } from "../limits.ts";
import type { Database, Query } from "./database.ts";

/** Some nodes that are equally deep. */
export interface SubtreePage {
  /** How deep they are; the node at the top is at 1. */
  readonly depth: number;
  /** Their ids. */
  readonly ids: readonly string[];
}

/** How much a subtree is. */
export interface SubtreeSize {
  /** How many levels of nodes it has. */
  readonly height: number;
  /** How many nodes. */
  readonly nodes: number;
  /** How many objects they have. */
  readonly objects: number;
  /** How long these are together, in bytes. */
  readonly size: number;
}

/** Walks through subtrees that nobody changes meanwhile. */
export class Subtrees {
  readonly #children: Query<{ id: string; name: string; type: string }>;
  readonly #objects: Query<{ count: number; size: number }>;

  /** @param database The database. */
  constructor(database: Database) {
    this.#children = database.query(
      `SELECT id, name, type FROM nodes WHERE parent_id = ? AND name > ?
       ORDER BY name LIMIT ${NODES_AT_ONCE}`,
    );
    this.#objects = database.query(
      `SELECT count(*) AS count, coalesce(sum(size), 0) AS size FROM objects
       WHERE node_id IN (SELECT value FROM json_each(?))`,
    );
  }

  /**
   * Goes through a subtree; every node comes after the folder that it is in.
   *
   * @param id The node at the top.
   * @returns The nodes.
   */
  *pages(id: string): Generator<SubtreePage> {
    yield { depth: 1, ids: [id] };
    const folders = [{ id, depth: 1 }];
    // It grows while it is gone through.
    for (const folder of folders) {
      const depth = folder.depth + 1;
      for (let last = "";;) {
        const children = this.#children.all(folder.id, last);
        last = children.at(-1)?.name ?? "";
        if (last === "") break;
        yield { depth, ids: children.map(({ id }) => id) };
        for (const { id, type } of children) {
          if (type === "Folder") folders.push({ id, depth });
        }
      }
    }
  }

  /**
   * Finds out how much some nodes of a subtree hold, and adds it.
   *
   * @param sum What was found of others.
   * @param page The nodes.
   * @returns The sum.
   */
  add(sum: SubtreeSize, { depth, ids }: SubtreePage): SubtreeSize {
    const found = this.#objects.get(JSON.stringify(ids));
    return {
      height: Math.max(sum.height, depth),
      nodes: sum.nodes + ids.length,
      objects: sum.objects + (found?.count ?? 0),
      size: sum.size + (found?.size ?? 0),
    };
  }
}
