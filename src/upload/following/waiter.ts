import type { DirectoryView } from "./directory_view.ts";
import type { TrackedFile } from "./tracked_file.ts";
import type { UploadReport, WaitOptions } from "../types.ts";

/** What a {@linkcode Waiter} needs besides its time limit. */
export interface WaiterContext {
  /** The directory. */
  readonly view: DirectoryView;
  /** Whether to wait for the end: for everything, whenever it came. */
  readonly final: boolean;
  /** Says how far the delivery has come. */
  readonly report: (waiter: Waiter) => Promise<UploadReport>;
}

/** Somebody who waits until a directory is on the server. */
export class Waiter {
  /** Whether it waits for the end. */
  readonly final: boolean;
  /** Settles when the wait is over. */
  readonly report: Promise<UploadReport>;
  /** Files that were made sure of before this look at the directory must be made sure of again. */
  readonly sinceLook: number;
  readonly #view: DirectoryView;
  readonly #end: () => void;
  #keys: ReadonlySet<string> | undefined;
  #isOver = false;

  /**
   * @param options How long to wait.
   * @param context What for.
   */
  constructor({ timeoutMs, signal }: WaitOptions, context: WaiterContext) {
    this.final = context.final;
    this.#view = context.view;
    this.sinceLook = context.view.looks + 1;
    const { promise, resolve } = Promise.withResolvers<UploadReport>();
    this.report = promise;
    const end = () => {
      this.#isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve(context.report(this));
    };
    this.#end = end;
    // Of the delivery's timers this one alone keeps the process alive: somebody waits.
    const timer = setTimeout(end, timeoutMs);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
  }

  /** Whether the wait is over. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends the wait. */
  end(): void {
    if (!this.#isOver) this.#end();
  }

  /** Must be called after each look at the directory. */
  look(): void {
    if (this.#view.looks >= this.sinceLook) {
      this.#keys ??= new Set(this.#view.files.keys());
    }
  }

  /**
   * Whether a file is waited for.
   *
   * @param file The file.
   * @returns Whether it is one of those that were there when the wait began, or everything is waited for.
   */
  wants(file: TrackedFile): boolean {
    return this.final || this.#keys?.has(file.key) !== false;
  }

  /**
   * Whether a file is on the server as far as this wait goes.
   *
   * @param file The file.
   * @returns Whether nothing more is wanted.
   */
  hasGot(file: TrackedFile): boolean {
    if (!file.isDirty) return true;
    return !this.final &&
      (!this.wants(file) || file.madeSureLook >= this.sinceLook);
  }

  /**
   * Whether the wait has been successful.
   *
   * @param isSettled Whether nothing was delivered since the last look, nor is under way.
   * @returns Whether it may end.
   */
  isDone(isSettled: boolean): boolean {
    if (this.#keys === undefined) return false;
    if (this.final) return isSettled && !this.#view.hasOutstanding;
    for (const key of this.#keys) {
      const file = this.#view.files.get(key);
      if (file?.isOutstanding && !this.hasGot(file)) return false;
    }
    return true;
  }
}
