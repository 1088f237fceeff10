/**
 * With whom nodes are shared.
 *
 * @module
 */

import {
  EVERYONE,
  type InheritedShare,
  type NodeShare,
} from "../../aistore/protocol.ts";
import { MAX_SHARES } from "../limits.ts";
import { invalid } from "../refusal.ts";
import type { Database, Query } from "./database.ts";
import type { NodeRow } from "./node_row.ts";

const UP = `
  WITH RECURSIVE up (id, parent_id, distance) AS (
    SELECT id, parent_id, 0 FROM nodes WHERE id = ?1
    UNION ALL SELECT nodes.id, nodes.parent_id, distance + 1
    FROM nodes JOIN up ON nodes.id = up.parent_id
  )`;

/** The shares of all nodes. A share holds for the node and everything below it; a user that goes takes its shares along. */
export class Shares {
  readonly #database: Database;
  readonly #granted: Query<{ edit: number | null }>;
  readonly #list: Query<NodeShare>;
  readonly #inherited: Query<NodeShare & { readonly id: string }>;
  readonly #userExists: Query<unknown>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #deleteOne: ReturnType<Database["command"]>;
  readonly #deleteAll: ReturnType<Database["command"]>;

  /** @param database The database. */
  constructor(database: Database) {
    this.#database = database;
    this.#granted = database.query(`${UP}
      SELECT max(permission = 'edit') AS edit FROM shares
      WHERE node_id IN (SELECT id FROM up) AND (user = ?2 OR user IS NULL)`);
    this.#list = database.query(
      `SELECT ifnull(user, '${EVERYONE}') AS user, permission FROM shares
       WHERE node_id = ? ORDER BY user`,
    );
    this.#inherited = database.query(`${UP}
      SELECT up.id, ifnull(user, '${EVERYONE}') AS user, permission
      FROM up JOIN shares ON node_id = up.id
      WHERE distance > 0 ORDER BY distance, user`);
    this.#userExists = database.query(
      "SELECT 1 FROM users WHERE name = ? AND removed IS NULL",
    );
    this.#insert = database.command(
      `INSERT INTO shares VALUES (?1, nullif(?2, '${EVERYONE}'), ?3)
       ON CONFLICT DO UPDATE SET permission = ?3`,
    );
    this.#deleteOne = database.command(
      `DELETE FROM shares WHERE node_id = ?1 AND user IS nullif(?2, '${EVERYONE}')`,
    );
    this.#deleteAll = database.command("DELETE FROM shares WHERE node_id = ?");
  }

  /**
   * What the shares of a node, and of the folders that it is in, let a user do.
   *
   * @param nodeId The node.
   * @param user The user.
   * @returns The strongest of them; undefined if there is none.
   */
  granted(nodeId: string, user: string): NodeShare["permission"] | undefined {
    const edit = this.#granted.get(nodeId, user)?.edit ?? undefined;
    return edit === undefined ? undefined : edit === 1 ? "edit" : "view";
  }

  /**
   * The shares of a node itself.
   *
   * @param nodeId The node.
   * @returns The shares, everyone's first, then by user.
   */
  list(nodeId: string): NodeShare[] {
    return this.#list.all(nodeId);
  }

  /**
   * The shares that a node has from the folders that it is in.
   *
   * @param nodeId The node.
   * @param pathOf Says the path of a folder.
   * @returns The shares, the nearest first.
   */
  inherited(
    nodeId: string,
    pathOf: (id: string) => string,
  ): InheritedShare[] {
    return this.#inherited.all(nodeId).map(({ id, user, permission }) => ({
      path: pathOf(id),
      user,
      permission,
    }));
  }

  /**
   * Adds shares to those of a node; a user that has one has the new one then.
   *
   * @param node The node.
   * @param shares The shares.
   * @throws {Refusal} If one is not possible; nothing is changed then.
   */
  add(node: NodeRow, shares: readonly NodeShare[]): void {
    this.#change(node, shares);
  }

  /**
   * Gives a node these shares and no others.
   *
   * @param node The node.
   * @param shares The shares.
   * @throws {Refusal} If one is not possible; nothing is changed then.
   */
  replace(node: NodeRow, shares: readonly NodeShare[]): void {
    this.#change(node, shares, () => this.#deleteAll(node.id));
  }

  /**
   * Takes a share away.
   *
   * @param nodeId The node.
   * @param user The user, or {@linkcode EVERYONE}.
   * @returns Whether there was one.
   */
  remove(nodeId: string, user: string): boolean {
    return this.#deleteOne(nodeId, user) > 0;
  }

  #change(
    node: NodeRow,
    shares: readonly NodeShare[],
    before: () => void = () => {},
  ): void {
    for (const { user } of shares) this.#checkUser(node, user);
    this.#database.transaction(() => {
      before();
      for (const { user, permission } of shares) {
        this.#insert(node.id, user, permission);
      }
      if (this.list(node.id).length <= MAX_SHARES) return;
      throw invalid(
        `invalid shares: a node may be shared with ${MAX_SHARES} users`,
      );
    });
  }

  #checkUser(node: NodeRow, user: string): void {
    if (user === node.owner) {
      throw invalid(`invalid share: the node is "${user}"'s own`);
    }
    if (user === EVERYONE || this.#userExists.get(user) !== undefined) return;
    throw invalid(`invalid share: there is no user "${user}"`);
  }
}
