/**
 * Does tasks in turns, so that a long one does not hold up short ones.
 *
 * @module
 */

import type { Indexer } from "./indexer.ts";
import type { IndexChange, TaskResult, WorkerTask } from "./tasks.ts";

/** How to make a {@linkcode TaskQueue}. */
export interface TaskQueueOptions {
  /** Does them. */
  readonly indexer: Indexer;
  /** For how long it is worked before others in this thread have their turn. */
  readonly sliceMs: number;
  /**
   * Is told what became of a task.
   *
   * @param result What became of it.
   */
  readonly onResult: (result: TaskResult) => void;
  /** Whether to go on. Default: always. */
  readonly goesOn?: () => boolean;
}

interface Running {
  readonly id: number;
  readonly steps: Generator<void, IndexChange | undefined>;
}

/** Tasks that are being done, a piece of each in turn. */
export class TaskQueue implements Disposable {
  readonly #options: TaskQueueOptions;
  readonly #running: Running[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param options What to do them with. */
  constructor(options: TaskQueueOptions) {
    this.#options = options;
  }

  /**
   * Takes a task.
   *
   * @param task What to do.
   */
  push({ id, task }: WorkerTask): void {
    this.#running.push({ id, steps: this.#options.indexer.run(task) });
    this.#timer ??= setTimeout(() => this.#work(), 0);
  }

  /** Ends all tasks where they are. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const { steps } of this.#running.splice(0)) steps.return(undefined);
  }

  #work(): void {
    const { sliceMs, goesOn = () => true } = this.#options;
    this.#timer = undefined;
    const end = performance.now() + sliceMs;
    while (goesOn() && performance.now() < end) {
      const task = this.#running.shift();
      if (task === undefined) return;
      this.#step(task);
    }
    if (goesOn()) this.#timer = setTimeout(() => this.#work(), 0);
  }

  #step(task: Running): void {
    const { id } = task;
    try {
      const { done, value } = task.steps.next();
      if (done) this.#options.onResult({ id, changed: value ?? undefined });
      else this.#running.push(task);
    } catch (error) {
      const { onResult } = this.#options;
      if (error instanceof Deno.errors.NotFound) {
        onResult({ id, isGone: true });
        return;
      }
      const failure = error instanceof Error
        ? error.stack ?? error.message
        : String(error);
      onResult({ id, failure });
    }
  }
}
