/**
 * Has the index written by a thread of its own, or by this one where there can be none.
 *
 * @module
 */

import { unreadableForThread } from "../../thread_module.ts";
import type { IndexDatabase } from "./index_database.ts";
import { Indexer } from "./indexer.ts";
import { TaskQueue } from "./task_queue.ts";
import { CLOSE, CONTROL, type Task, type TaskResult } from "./tasks.ts";

/** Where the index is written. */
export type IndexerMode = "thread" | "here";

/** How to make an {@linkcode IndexerHost}. */
export interface IndexerHostOptions {
  /** The file of the index. */
  readonly path: string;
  /** Where it is written. Default: in a thread, if one may be started. */
  readonly mode?: IndexerMode | undefined;
  /** Opens it for who writes it in this thread. */
  readonly open: () => IndexDatabase;
}

/** How many bytes are read at once in a thread that others need. */
const PIECE_BYTES = 512 * 1024;
/** How long such a thread is worked in at once. */
const SLICE_MS = 4;
/** How long the end of what is being done is waited for. */
const END_LIMIT_MS = 2000;

interface Backend extends Disposable {
  push(id: number, task: Task): void;
}

/** Does tasks; it is started by the first. */
export class IndexerHost implements Disposable {
  readonly #options: IndexerHostOptions;
  readonly #waiting = new Map<
    number,
    { readonly task: Task; readonly settle: (result: TaskResult) => void }
  >();
  #backend: Backend | undefined;
  #closed = false;
  #nextId = 1;

  /** @param options Where the index is. */
  constructor(options: IndexerHostOptions) {
    this.#options = options;
  }

  /**
   * Does a task.
   *
   * @param task What to do.
   * @returns What became of it; it never settles if this is disposed of before.
   */
  async run(task: Task): Promise<TaskResult> {
    const { promise, resolve } = Promise.withResolvers<TaskResult>();
    if (this.#closed) return await promise;
    this.#backend ??= this.#start();
    const id = this.#nextId++;
    this.#waiting.set(id, { task, settle: resolve });
    this.#backend.push(id, task);
    return await promise;
  }

  /** Ends everything; nothing is written any more when this returns. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#backend?.[Symbol.dispose]();
    this.#waiting.clear();
  }

  #settle(result: TaskResult): void {
    const waiting = this.#waiting.get(result.id);
    this.#waiting.delete(result.id);
    waiting?.settle(result);
  }

  #start(): Backend {
    const { path, mode, open } = this.#options;
    const url = new URL("./indexer_worker.ts", import.meta.url);
    const onResult = (result: TaskResult) => this.#settle(result);
    if (mode === "here" || unreadableForThread(url) !== undefined) {
      return startHere(open, onResult);
    }
    return startThread(url, {
      path,
      onResult,
      onLost: () => this.#goOnHere(),
    });
  }

  /** The thread has died: what it was to do is done here. */
  #goOnHere(): void {
    this.#backend?.[Symbol.dispose]();
    this.#backend = undefined;
    if (this.#closed) return;
    const ids = [...this.#waiting.keys()];
    try {
      const { open } = this.#options;
      this.#backend = startHere(open, (result) => this.#settle(result));
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      for (const id of ids) this.#settle({ id, failure });
      return;
    }
    for (const [id, { task }] of this.#waiting) this.#backend.push(id, task);
  }
}

function startHere(
  open: () => IndexDatabase,
  onResult: (result: TaskResult) => void,
): Backend {
  const database = open();
  const indexer = new Indexer({ database, pieceBytes: PIECE_BYTES });
  const queue = new TaskQueue({ indexer, sliceMs: SLICE_MS, onResult });
  return {
    push: (id, task) => queue.push({ id, task }),
    [Symbol.dispose]() {
      queue[Symbol.dispose]();
      database[Symbol.dispose]();
    },
  };
}

interface ThreadOptions {
  readonly path: string;
  readonly onResult: (result: TaskResult) => void;
  readonly onLost: () => void;
}

function startThread(
  url: URL,
  { path, onResult, onLost }: ThreadOptions,
): Backend {
  const worker = new Worker(url, { type: "module", name: "em index" });
  const control = new Int32Array(new SharedArrayBuffer(8));
  let isLost = false;
  worker.onmessage = ({ data }: MessageEvent<TaskResult>) => onResult(data);
  worker.onerror = (event) => {
    event.preventDefault();
    isLost = true;
    onLost();
  };
  worker.postMessage({ path, control });
  return {
    push: (id, task) => worker.postMessage({ id, task }),
    [Symbol.dispose]() {
      Atomics.store(control, CONTROL.end, 1);
      if (!isLost) {
        worker.postMessage(CLOSE);
        Atomics.wait(control, CONTROL.closed, 0, END_LIMIT_MS);
      }
      worker.terminate();
    },
  };
}
