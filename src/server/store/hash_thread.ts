/**
 * The checksums of large uploads in parts, computed by a thread of their own while this one receives.
 *
 * @module
 */

import type { createHash, Hash } from "node:crypto";
import type { closeSync, openSync, readSync } from "node:fs";
import {
  type ChecksumThread,
  startChecksumThread,
} from "../../checksum_thread.ts";

/** A file that goes into a sum. */
export interface HashedFile {
  /** How many files are in the sum before it; what was behind them is forgotten. */
  readonly at: number;
  /** Its path. */
  readonly path: string;
  /** How many bytes of it count. */
  readonly size: number;
}

/** What the thread is told: a file of a sum, a question for its digest behind so many files, or that it is over. */
interface Task extends Partial<HashedFile> {
  readonly id: number;
  readonly count?: number;
}

/** What the thread answers. */
interface Answer {
  readonly digest?: string;
  /** What went wrong. */
  readonly problem?: string;
}

interface Port {
  on(event: "message", listener: (task: Task) => void): void;
  postMessage(answer: Answer | null): void;
}

interface Tools {
  readonly createHash: typeof createHash;
  readonly openSync: typeof openSync;
  readonly readSync: typeof readSync;
  readonly closeSync: typeof closeSync;
}

/** What the thread does. Its text is what it is started with, so it knows nothing but its arguments. */
function work(port: Port, tools: Tools): void {
  const sums = new Map<number, Hash[]>();
  const buffer = new Uint8Array(512 * 1024);
  const add = (hash: Hash, path: string, size: number) => {
    const file = tools.openSync(path, "r");
    try {
      for (let left = size; left > 0;) {
        const most = Math.min(left, buffer.length);
        const count = tools.readSync(file, buffer, 0, most, null);
        if (count === 0) throw new Error(`"${path}" is cut short`);
        hash.update(buffer.subarray(0, count));
        left -= count;
      }
    } finally {
      tools.closeSync(file);
    }
  };
  const answer = ({ id, at, path, size, count }: Task): Answer => {
    const states = sums.get(id) ?? [];
    sums.set(id, states);
    if (path !== undefined && at !== undefined && size !== undefined) {
      states.length = at;
      const hash = states[at - 1]?.copy() ?? tools.createHash("md5");
      add(hash, path, size);
      states.push(hash);
      return {};
    }
    if (count === undefined) {
      sums.delete(id);
      return {};
    }
    const digest = states[count - 1]?.copy().digest("hex");
    return digest === undefined ? { problem: "It is unknown" } : { digest };
  };
  port.on("message", (task) => {
    try {
      port.postMessage(answer(task));
    } catch (error) {
      port.postMessage({ problem: String(error) });
    }
  });
  port.postMessage(null);
}

const SOURCE = `import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
(${work})(parentPort, { createHash, openSync, readSync, closeSync });`;

/** The one thread of a store. It is there while a sum is being made. */
export class HashThread {
  #thread: Promise<ChecksumThread<Task, Answer> | undefined> | undefined;
  readonly #sums = new Set<number>();
  #nextId = 1;

  /**
   * Begins a sum.
   *
   * @returns By what it is known; give it to {@linkcode HashThread.end}.
   */
  begin(): number {
    const id = this.#nextId++;
    this.#sums.add(id);
    return id;
  }

  /**
   * Adds a file to a sum.
   *
   * @param id The sum.
   * @param file The file.
   * @throws {Error} If there is no thread, or the file cannot be read.
   */
  async take(id: number, file: HashedFile): Promise<void> {
    await this.#ask({ id, ...file });
  }

  /**
   * What a sum comes to.
   *
   * @param id The sum.
   * @param count Behind how many files.
   * @returns MD5, lower-case hex.
   * @throws {Error} If there is no thread.
   */
  async digest(id: number, count: number): Promise<string> {
    return (await this.#ask({ id, count })).digest ?? "";
  }

  /**
   * Forgets a sum; the thread ends with the last.
   *
   * @param id The sum.
   */
  async end(id: number): Promise<void> {
    if (!this.#sums.delete(id)) return;
    const thread = this.#thread;
    if (this.#sums.size === 0) {
      this.#thread = undefined;
      await (await thread)?.[Symbol.asyncDispose]();
    } else if (thread !== undefined) await this.#ask({ id }).catch(() => {});
  }

  async #ask(task: Task): Promise<Answer> {
    const thread = await (this.#thread ??= startChecksumThread(SOURCE));
    if (thread === undefined) throw new Error("There can be no thread");
    const answer = await thread.ask(task);
    if (answer.problem !== undefined) throw new Error(answer.problem);
    return answer;
  }
}
