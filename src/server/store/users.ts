/**
 * Users, each with a tree of nodes.
 *
 * @module
 */

import { USER_NAME_PATTERN } from "../names.ts";
import type { ApiKeys, NewApiKey } from "./api_keys.ts";
import type { Database, Query } from "./database.ts";
import type { NodeRow } from "./node_row.ts";
import type { Nodes } from "./nodes.ts";

/** What {@linkcode Users} works on. */
export interface UsersOptions {
  /** The database. */
  readonly database: Database;
  /** The nodes: a user has a root folder. */
  readonly nodes: Nodes;
  /** The API keys. */
  readonly keys: ApiKeys;
  /** The clock. */
  readonly now: () => Date;
}

/** A user, and what would be lost with them. */
export interface UserSummary {
  /** The name. */
  readonly name: string;
  /** When the user was made, RFC 3339. */
  readonly created: string;
  /** How many API keys there are. */
  readonly keys: number;
  /** How many nodes there are, those in the trash with them and the root not counted. */
  readonly nodes: number;
  /** How many of them are runs. */
  readonly runs: number;
  /** How many objects the nodes hold. */
  readonly objects: number;
  /** How long the objects are together. */
  readonly bytes: number;
}

const SUMMARY = `
  SELECT name, created,
    (SELECT count(*) FROM api_keys WHERE user = users.name) AS keys,
    (SELECT count(*) - 1 FROM nodes WHERE owner = users.name) AS nodes,
    (SELECT count(*) FROM nodes WHERE owner = users.name AND type = 'Run') AS runs,
    (SELECT count(*) FROM objects JOIN nodes ON nodes.id = node_id WHERE owner = users.name) AS objects,
    (SELECT coalesce(sum(size), 0) FROM objects JOIN nodes ON nodes.id = node_id WHERE owner = users.name) AS bytes
  FROM users WHERE removed IS NULL`;

/** The users of a server. */
export class Users {
  readonly #options: UsersOptions;
  readonly #state: Query<{ removed: string | null }>;
  readonly #names: Query<{ name: string }>;
  readonly #removed: Query<{ name: string }>;
  readonly #summaries: Query<UserSummary>;
  readonly #summary: Query<UserSummary>;
  readonly #topNodes: Query<NodeRow>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #endKeys: ReturnType<Database["command"]>;
  readonly #setRemoved: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /** @param options What to work on. */
  constructor(options: UsersOptions) {
    this.#options = options;
    const { database } = options;
    this.#state = database.query("SELECT removed FROM users WHERE name = ?");
    this.#names = database.query(
      "SELECT name FROM users WHERE removed IS NULL ORDER BY name",
    );
    this.#removed = database.query(
      "SELECT name FROM users WHERE removed IS NOT NULL",
    );
    this.#summaries = database.query(`${SUMMARY} ORDER BY name`);
    this.#summary = database.query(`${SUMMARY} AND name = ?`);
    this.#topNodes = database.query(
      `SELECT nodes.* FROM nodes JOIN nodes AS root ON nodes.parent_id = root.id
       WHERE root.parent_id IS NULL AND root.name = ? LIMIT ?`,
    );
    this.#insert = database.command(
      "INSERT INTO users (name, created) VALUES (?, ?)",
    );
    this.#endKeys = database.command("DELETE FROM api_keys WHERE user = ?");
    this.#setRemoved = database.command(
      "UPDATE users SET removed = ? WHERE name = ? AND removed IS NULL",
    );
    this.#delete = database.command("DELETE FROM users WHERE name = ?");
  }

  /** @returns The names of all users. */
  names(): string[] {
    return this.#names.all().map((row) => row.name);
  }

  /** @returns Whether no user was ever made, or all are gone. */
  isEmpty(): boolean {
    return this.names().length === 0 && this.removed().length === 0;
  }

  /** @returns All users, by name. */
  list(): UserSummary[] {
    return this.#summaries.all();
  }

  /**
   * Finds a user.
   *
   * @param name The name.
   * @returns The user, or undefined.
   */
  get(name: string): UserSummary | undefined {
    return this.#summary.get(name);
  }

  /**
   * Whether there is a user.
   *
   * @param name The name.
   * @returns Whether there is one; not so if the user is being removed.
   */
  has(name: string): boolean {
    return this.#state.get(name)?.removed === null;
  }

  /**
   * Makes a user with a root folder and an API key.
   *
   * @param name The name, which is the first segment of the user's paths.
   * @param key Name and expiry of the key.
   * @returns The key, which cannot be had again.
   * @throws {RangeError} If nobody can be called so, or somebody is.
   */
  add(name: string, key?: NewApiKey): string {
    if (!USER_NAME_PATTERN.test(name)) {
      throw new RangeError(
        `Cannot make user "${name}": a name may hold letters, digits, ".", "_" and "-", ` +
          `must start with a letter or digit, and be at most 63 long`,
      );
    }
    const { database, nodes, keys, now } = this.#options;
    return database.transaction(() => {
      const state = this.#state.get(name);
      if (state !== undefined) {
        const problem = state.removed === null
          ? "there is one already"
          : "the one of this name is still being removed, try again in a while";
        throw new RangeError(`Cannot make user "${name}": ${problem}`);
      }
      this.#insert(name, now().toISOString());
      nodes.insertRoot(name);
      return keys.add(name, key).apiKey;
    });
  }

  /**
   * Begins to remove a user: from now on there are neither keys nor sessions. The tree goes with the bytes of its
   * objects, which the server that has the data folder does.
   *
   * @param name The name.
   * @returns Whether there was one.
   */
  markRemoved(name: string): boolean {
    const { database, now } = this.#options;
    return database.transaction(() => {
      this.#endKeys(name);
      return this.#setRemoved(now().toISOString(), name) > 0;
    });
  }

  /** @returns The names of the users that are being removed. */
  removed(): string[] {
    return this.#removed.all().map((row) => row.name);
  }

  /**
   * Whether a user is being removed.
   *
   * @param name The name.
   * @returns Whether it is so, and not over.
   */
  isRemoved(name: string): boolean {
    return typeof this.#state.get(name)?.removed === "string";
  }

  /**
   * Some of the nodes directly below a user's root.
   *
   * @param name The user.
   * @param limit How many at most.
   * @returns The nodes.
   */
  topNodes(name: string, limit: number): NodeRow[] {
    return this.#topNodes.all(name, limit);
  }

  /**
   * Forgets a user, with all that belongs to them.
   *
   * @param name The name.
   */
  forget(name: string): void {
    this.#delete(name);
  }
}
