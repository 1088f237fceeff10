/**
 * A line for each request, in a file or on stderr.
 *
 * @module
 */

import type { Reporter } from "../../reporter.ts";
import {
  LOG_CLOSE_MS,
  LOG_FLUSH_MS,
  LOG_ROTATION_CHECK_MS,
  MAX_LOG_QUEUE_BYTES,
} from "../limits.ts";
import { AccessLogError } from "./access_log_error.ts";

/** What is said of a request: one line of JSON, the keys in this order. */
export interface AccessEntry {
  /** When it came, ISO 8601, UTC. */
  readonly time: string;
  /** Its id, as in the answer's `x-request-id`. */
  readonly id: string;
  /** The method. */
  readonly method: string;
  /** Path and query, without anything secret. */
  readonly path: string;
  /** The status of the answer. */
  readonly status: number;
  /** Until the answer was sent, in milliseconds. */
  readonly ms: number;
  /** Bytes of the request's body that were read. */
  readonly in: number;
  /** Bytes of the answer's body that were handed over to be sent. */
  readonly out: number;
  /** Who sent it; null where that is not known. */
  readonly user: string | null;
  /** Where it comes from. */
  readonly client: string;
}

/** How an {@linkcode AccessLog} works. */
export interface AccessLogOptions {
  /** The file, which is appended to; `-` is stderr. */
  readonly path: string;
  /** Where it is said that lines cannot be written. */
  readonly reporter: Reporter;
  /** How often it is looked whether the file was moved away, in milliseconds. Default: 1 s. */
  readonly rotationCheckMs?: number | undefined;
}

/**
 * Writes lines in the background: nobody waits for it, its memory is bounded, and lines that find no room are counted
 * instead. A file that was renamed or removed is made anew.
 */
export class AccessLog {
  readonly #options: AccessLogOptions;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile | undefined;
  #lines: string[] = [];
  #queuedLength = 0;
  #left = 0;
  #leftOut = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #checked = performance.now();
  #closed = false;

  /**
   * @param options Where to write.
   * @throws {AccessLogError} If the file cannot be opened.
   */
  constructor(options: AccessLogOptions) {
    this.#options = options;
    if (options.path === "-") return;
    try {
      this.#file = Deno.openSync(options.path, HOW);
    } catch (error) {
      throw new AccessLogError(options.path, error);
    }
  }

  /** How many lines were left out until now. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Writes a line, soon.
   *
   * @param entry What it says.
   */
  write(entry: AccessEntry): void {
    if (this.#closed) return;
    const line = `${JSON.stringify(entry)}\n`;
    if (this.#queuedLength + line.length > MAX_LOG_QUEUE_BYTES) {
      this.#leaveOut(1);
      return;
    }
    this.#lines.push(line);
    this.#queuedLength += line.length;
    this.#timer ??= setTimeout(() => this.#flush(), LOG_FLUSH_MS);
  }

  /** Writes what is left, for a while, and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, LOG_CLOSE_MS);
    await Promise.race([this.#finish(), late.promise]);
    clearTimeout(timer);
    this.#file?.close();
    this.#file = undefined;
  }

  async #finish(): Promise<void> {
    await this.#writing;
    await this.#writeQueued();
  }

  #flush(): void {
    this.#writing ??= this.#writeQueued().finally(() => {
      this.#writing = undefined;
      this.#timer = this.#lines.length === 0 || this.#closed
        ? undefined
        : setTimeout(() => this.#flush(), LOG_FLUSH_MS);
    });
  }

  /** Never rejects. */
  async #writeQueued(): Promise<void> {
    const lines = this.#lines;
    if (this.#left > 0) {
      const time = new Date().toISOString();
      lines.push(`${JSON.stringify({ time, leftOut: this.#left })}\n`);
      this.#left = 0;
    }
    this.#lines = [];
    this.#queuedLength = 0;
    if (lines.length === 0) return;
    try {
      await this.#reopenIfMoved();
      await writeAll(
        this.#file ?? Deno.stderr,
        this.#encoder.encode(lines.join("")),
      );
    } catch (error) {
      this.#leaveOut(lines.length);
      this.#options.reporter.warn(
        "access log",
        `Cannot write the access log "${this.#options.path}", requests go unlogged: ${
          error instanceof Error ? error.message : error
        }`,
      );
    }
  }

  #leaveOut(count: number): void {
    this.#left += count;
    this.#leftOut += count;
  }

  async #reopenIfMoved(): Promise<void> {
    const { path, rotationCheckMs = LOG_ROTATION_CHECK_MS } = this.#options;
    const now = performance.now();
    if (this.#file === undefined || now - this.#checked < rotationCheckMs) {
      return;
    }
    this.#checked = now;
    const [mine, there] = await Promise.all([
      this.#file.stat(),
      Deno.stat(path).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }),
    ]);
    const isSame = there !== undefined && there.ino === mine.ino &&
      there.dev === mine.dev;
    if (isSame) return;
    const file = await Deno.open(path, HOW);
    this.#file.close();
    this.#file = file;
  }
}

const HOW = { append: true, create: true, mode: 0o640 } as const;

async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await to.write(bytes.subarray(written));
  }
}
