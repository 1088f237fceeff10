import { dirname } from "@std/path";
import type { AppendLog } from "./append_log.ts";
import type { Document } from "./document.ts";

/** What a {@linkcode DiskSync} works with. */
export interface DiskSyncOptions {
  /** Is told that something cannot be brought to the disk, and why. */
  readonly onError: (path: string, error: Error) => void;
  /** How often what was written is brought to the disk, in milliseconds. Default: 1000. */
  readonly intervalMs?: number;
}

const INTERVAL_MS = 1000;

/**
 * Brings what is written to the disk, so that it survives a power failure: logs in the background, at an interval, and
 * documents with each version. Who appends to a log never waits for it: the system writes through another descriptor, on
 * another thread.
 */
export class DiskSync {
  readonly #onError: DiskSyncOptions["onError"];
  readonly #logs = new Map<AppendLog, Deno.FsFile | undefined>();
  readonly #directories = new Set<string>();
  readonly #timer: ReturnType<typeof setInterval>;
  #running: Promise<void> | undefined;

  /** @param options What to work with. */
  constructor(options: DiskSyncOptions) {
    this.#onError = options.onError;
    this.#timer = setInterval(
      () =>
        this.#running ??= this.#sync().finally(() => this.#running = undefined),
      options.intervalMs ?? INTERVAL_MS,
    );
    Deno.unrefTimer(this.#timer);
  }

  /**
   * Looks after a log.
   *
   * @param log The log.
   */
  addLog(log: AppendLog): void {
    this.#logs.set(log, undefined);
    this.#directories.add(dirname(log.path));
  }

  /**
   * Looks after a document: each version is on the disk before it takes the place of the last.
   *
   * @param document The document.
   */
  addDocument(document: Document): void {
    document.makeDurable(() => this.addDirectory(dirname(document.path)));
  }

  /**
   * Looks after the names in a directory, which has been changed.
   *
   * @param path The directory.
   */
  addDirectory(path: string): void {
    this.#directories.add(path);
  }

  /** Brings everything to the disk that was written so far. */
  async flush(): Promise<void> {
    await this.#running;
    await this.#sync();
  }

  /** Does so while the process ends, on this thread. */
  flushSync(): void {
    for (const log of this.#logs.keys()) {
      if (log.takeChange()) this.#trySync(log.path);
    }
    for (const path of this.#directories) this.#trySync(path);
    this.#directories.clear();
  }

  /** Ends it. */
  close(): void {
    clearInterval(this.#timer);
    for (const file of this.#logs.values()) file?.close();
    this.#logs.clear();
  }

  async #sync(): Promise<void> {
    for (const [log, known] of this.#logs) {
      if (!log.takeChange()) continue;
      await this.#guard(log.path, async () => {
        const file = known ?? await Deno.open(log.path);
        // Who closed it meanwhile keeps nothing open.
        if (this.#logs.has(log)) this.#logs.set(log, file);
        await file.syncData();
        if (!this.#logs.has(log)) file.close();
      });
    }
    const directories = [...this.#directories];
    this.#directories.clear();
    for (const path of directories) {
      await this.#guard(path, async () => {
        using directory = await Deno.open(path);
        await directory.sync();
      });
    }
  }

  async #guard(path: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#told(path, error);
    }
  }

  #trySync(path: string): void {
    try {
      using file = Deno.openSync(path);
      file.syncSync();
    } catch (error) {
      this.#told(path, error);
    }
  }

  #told(path: string, error: unknown): void {
    if (!(error instanceof Error)) throw error;
    this.#onError(path, error);
  }
}
