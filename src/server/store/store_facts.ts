/**
 * How much a server keeps, and whether it can keep more.
 *
 * @module
 */

import { join } from "@std/path";
import { statfs } from "node:fs";
import { promisify } from "node:util";
import { STORE_FACTS_LIFETIME_MS } from "../limits.ts";
import type { Database, Query } from "./database.ts";

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
  readonly #objects: Query<{ count: number; bytes: number | null }>;
  readonly #uploads: Query<{ count: number }>;
  #counts: StoreCounts | undefined;
  #countedAt = 0;

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
      "SELECT count(*) AS count, sum(size) AS bytes FROM objects",
    );
    this.#uploads = database.query("SELECT count(*) AS count FROM uploads");
  }

  /**
   * Counts what is kept; the result is up to half a minute old.
   *
   * @returns The counts.
   */
  counts(): StoreCounts {
    const now = performance.now();
    const isOld = now - this.#countedAt > STORE_FACTS_LIFETIME_MS;
    if (this.#counts === undefined || isOld) {
      this.#counts = this.#count();
      this.#countedAt = now;
    }
    return this.#counts;
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

  #count(): StoreCounts {
    const objects = this.#objects.get();
    return {
      users: this.#users.get()?.count ?? 0,
      nodes: this.#nodes.all(),
      objects: objects?.count ?? 0,
      objectBytes: objects?.bytes ?? 0,
      uploads: this.#uploads.get()?.count ?? 0,
      databaseBytes: ["", "-wal"].reduce(
        (sum, end) => sum + sizeOf(join(this.#dataDir, `aistore.db${end}`)),
        0,
      ),
    };
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
