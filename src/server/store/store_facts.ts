/**
 * How much a server keeps, and whether it can keep more.
 *
 * @module
 */

import { join } from "@std/path";
import { statfs } from "node:fs";
import { promisify } from "node:util";
import { STORE_FACTS_LIFETIME_MS } from "../limits.ts";
import { Turns } from "../turns.ts";
import type { Database, Query } from "./database.ts";
import type { ObjectRow } from "./objects.ts";

/** How much a server keeps. */
export interface StoreCounts {
  /** Users. */
  readonly users: number;
  /** Nodes by type. */
  readonly nodes: readonly { readonly type: string; readonly count: number }[];
  /** Objects. */
  readonly objects: number;
  /** Their bytes, one counted by one. */
  readonly objectBytes: number;
  /** Uploads in parts that are neither complete nor given up. */
  readonly uploads: number;
  /** The length of the database's files, in bytes. */
  readonly databaseBytes: number;
}

/** Looks things up that cost more than a request should. */
export class StoreFacts {
  readonly #dataDir: string;
  readonly #alive: Query<unknown>;
  readonly #users: Query<{ count: number }>;
  readonly #nodes: Query<{ type: string; count: number }>;
  readonly #objects: Query<{ count: number; bytes: number }>;
  readonly #next: Query<Pick<ObjectRow, "node_id" | "key">>;
  readonly #uploads: Query<{ count: number }>;
  #counts: StoreCounts = NOTHING;
  #counting: Promise<void> | undefined;
  #countedAt = -Infinity;

  /**
   * @param database The database.
   * @param dataDir The data folder.
   */
  constructor(database: Database, dataDir: string) {
    this.#dataDir = dataDir;
    this.#alive = database.query("SELECT name FROM users LIMIT 1");
    this.#users = database.query("SELECT count(*) AS count FROM users");
    this.#nodes = database.query(
      "SELECT type, count(*) AS count FROM nodes GROUP BY type ORDER BY type",
    );
    this.#objects = database.query(
      `SELECT count(*) AS count, coalesce(sum(size), 0) AS bytes FROM objects
       WHERE (node_id, key) > (?1, ?2) AND (?3 IS NULL OR (node_id, key) <= (?3, ?4))`,
    );
    this.#next = database.query(
      `SELECT node_id, key FROM objects WHERE (node_id, key) > (?, ?)
       ORDER BY node_id, key LIMIT 1 OFFSET ${OBJECTS_AT_ONCE - 1}`,
    );
    this.#uploads = database.query("SELECT count(*) AS count FROM uploads");
  }

  /** What was counted last. */
  get counts(): StoreCounts {
    return this.#counts;
  }

  /**
   * Counts what is kept, in slices, unless that was done within half a minute.
   *
   * @returns Settles when it is counted.
   */
  async count(): Promise<void> {
    const age = performance.now() - this.#countedAt;
    if (age <= STORE_FACTS_LIFETIME_MS) return;
    this.#counting ??= this.#count().finally(() => this.#counting = undefined);
    await this.#counting;
  }

  /**
   * Asks the database for something.
   *
   * @throws {Error} If it does not answer.
   */
  checkDatabase(): void {
    this.#alive.get();
  }

  /**
   * Writes a file and removes it.
   *
   * @throws {Error} If that cannot be done.
   */
  async checkWriting(): Promise<void> {
    const path = join(this.#dataDir, "tmp", "health");
    await Deno.writeTextFile(path, "ok");
    await Deno.remove(path);
  }

  /**
   * How much room is left for data.
   *
   * @returns The bytes, or undefined where `--allow-sys=statfs` is missing.
   */
  async freeBytes(): Promise<number | undefined> {
    const name = {
      name: "sys",
      kind: "statfs",
    } as Deno.SysPermissionDescriptor;
    if (Deno.permissions.querySync(name).state !== "granted") return undefined;
    const { bavail, bsize } = await promisify(statfs)(this.#dataDir);
    return bavail * bsize;
  }

  async #count(): Promise<void> {
    const { count, bytes } = await this.#countObjects();
    this.#counts = {
      users: this.#users.get()?.count ?? 0,
      nodes: this.#nodes.all(),
      objects: count,
      objectBytes: bytes,
      uploads: this.#uploads.get()?.count ?? 0,
      databaseBytes: ["", "-wal"].reduce(
        (sum, end) => sum + sizeOf(join(this.#dataDir, `aistore.db${end}`)),
        0,
      ),
    };
    this.#countedAt = performance.now();
  }

  async #countObjects() {
    const turns = new Turns();
    let count = 0;
    let bytes = 0;
    for (let from = { node_id: "", key: "" };;) {
      const to = this.#next.get(from.node_id, from.key);
      const found = this.#objects.get(
        from.node_id,
        from.key,
        to?.node_id ?? null,
        to?.key ?? null,
      );
      count += found?.count ?? 0;
      bytes += found?.bytes ?? 0;
      if (to === undefined) return { count, bytes };
      from = to;
      await turns.pass();
    }
  }
}

/** How many objects are counted by one statement. */
const OBJECTS_AT_ONCE = 10_000;

const NOTHING: StoreCounts = {
  users: 0,
  nodes: [],
  objects: 0,
  objectBytes: 0,
  uploads: 0,
  databaseBytes: 0,
};

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
