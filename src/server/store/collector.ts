/**
 * Removes the files that nothing refers to any more.
 *
 * @module
 */

import { FILES_AT_ONCE } from "../limits.ts";
import type { Database } from "./database.ts";
import type { FileUses } from "./file_uses.ts";
import { tryLockFiles } from "./lock.ts";
import type { ObjectFiles } from "./object_files.ts";

/** What {@linkcode Collector} works on. */
export interface CollectorOptions {
  /** The data folder. */
  readonly dataDir: string;
  /** The database. */
  readonly database: Database;
  /** What refers to files. */
  readonly uses: FileUses;
  /** The bytes. */
  readonly files: ObjectFiles;
  /** How long a file is kept after its last use; 0 removes it before the answer to the request that ended it. */
  readonly graceMs: number;
}

/**
 * Collects unused files, but none while a backup is being made, and none that is being read. Whatever is left over when the
 * process ends goes when the next one begins.
 */
export class Collector {
  readonly #options: CollectorOptions;
  #last: Promise<void> = Promise.resolve();

  /** @param options What to work on. */
  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** To be called when files may have become unused. It removes them where there is no time of grace. */
  async dropped(): Promise<void> {
    if (this.#options.graceMs === 0) await this.collect();
  }

  /**
   * Removes the files whose time of grace is over.
   *
   * @param graceMs How long that is. Default: what the server was started with.
   */
  collect(graceMs: number = this.#options.graceMs): Promise<void> {
    const since = new Date(Date.now() - graceMs);
    const turn = this.#last.then(() => this.#collect(since));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Removes everything that a process which was killed left behind. */
  clearAway(): void {
    const { dataDir, uses, files } = this.#options;
    using lock = tryLockFiles(dataDir);
    if (lock === undefined) return;
    files.sweep((file) => uses.isUsed(file));
    uses.forget();
  }

  async #collect(since: Date): Promise<void> {
    const { dataDir, database, uses, files } = this.#options;
    let unused = uses.unused(since, FILES_AT_ONCE);
    if (unused.length === 0) return;
    using lock = tryLockFiles(dataDir);
    if (lock === undefined) return;
    while (unused.length > 0) {
      await files.remove(unused);
      const removed = unused;
      database.transaction(() => uses.forget(removed));
      unused = uses.unused(since, FILES_AT_ONCE);
    }
  }
}
