/**
 * Users and their API keys.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { USER_NAME_PATTERN } from "../names.ts";
import type { Database, Query } from "./database.ts";
import type { Nodes } from "./nodes.ts";

/** What {@linkcode Users} works on. */
export interface UsersOptions {
  /** The database. */
  readonly database: Database;
  /** The nodes: a user has a root folder. */
  readonly nodes: Nodes;
  /** The clock. */
  readonly now: () => Date;
}

/** The users of a server. An API key is known only by its hash. */
export class Users {
  readonly #options: UsersOptions;
  readonly #byKey: Query<{ user: string }>;
  readonly #names: Query<{ name: string }>;
  readonly #insertUser: (name: string, created: string) => number;
  readonly #insertKey: (hash: string, user: string, created: string) => number;

  /** @param options What to work on. */
  constructor(options: UsersOptions) {
    this.#options = options;
    const { database } = options;
    this.#byKey = database.query("SELECT user FROM api_keys WHERE hash = ?");
    this.#names = database.query("SELECT name FROM users ORDER BY name");
    this.#insertUser = database.command("INSERT INTO users VALUES (?, ?)");
    this.#insertKey = database.command("INSERT INTO api_keys VALUES (?, ?, ?)");
  }

  /** @returns The names of all users. */
  names(): string[] {
    return this.#names.all().map((row) => row.name);
  }

  /**
   * Finds the user of an API key.
   *
   * @param apiKey The key.
   * @returns The user's name, or undefined.
   */
  ofKey(apiKey: string): string | undefined {
    return this.#byKey.get(hashOf(apiKey))?.user;
  }

  /**
   * Makes a user with a root folder and an API key.
   *
   * @param name The name, which is the first segment of the user's paths.
   * @returns The key, which cannot be had again.
   * @throws {RangeError} If nobody can be called so, or somebody is.
   */
  add(name: string): string {
    if (!USER_NAME_PATTERN.test(name)) {
      throw new RangeError(
        `Cannot make user "${name}": a name may hold letters, digits, ".", "_" and "-", ` +
          `must start with a letter or digit, and be at most 63 long`,
      );
    }
    if (this.names().includes(name)) {
      throw new RangeError(`Cannot make user "${name}": there is one already`);
    }
    const { database, nodes, now } = this.#options;
    const apiKey = crypto.randomUUID();
    const created = now().toISOString();
    database.transaction(() => {
      this.#insertUser(name, created);
      nodes.insertRoot(name);
      this.#insertKey(hashOf(apiKey), name, created);
    });
    return apiKey;
  }
}

function hashOf(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("hex");
}
