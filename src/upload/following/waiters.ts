import type { DirectoryView } from "./directory_view.ts";
import type { SendPool } from "./send_pool.ts";
import type { Demand, TrackedFile } from "./tracked_file.ts";
import type { Waiter } from "./waiter.ts";

/** All who wait for a directory to be on the server. */
export class Waiters {
  readonly #all = new Set<Waiter>();

  /**
   * Lets somebody wait.
   *
   * @param waiter Who waits.
   */
  add(waiter: Waiter): void {
    this.#all.add(waiter);
  }

  /**
   * Forgets somebody whose wait is over.
   *
   * @param waiter Who waited.
   */
  delete(waiter: Waiter): void {
    this.#all.delete(waiter);
  }

  /** Ends all waits. */
  end(): void {
    for (const waiter of this.#all) waiter.end();
  }

  /** Must be called after each look at the directory. */
  look(): void {
    for (const waiter of this.#all) waiter.look();
  }

  /**
   * Finds those whose wait has been successful.
   *
   * @param isSettled Whether nothing was delivered since the last look, nor is under way.
   * @returns Who may be told.
   */
  done(isSettled: boolean): readonly Waiter[] {
    return [...this.#all].filter((waiter) => waiter.isDone(isSettled));
  }

  /**
   * Tells whether somebody waits for a look at the directory that is later than the last one.
   *
   * @param view The directory.
   * @param pool What is under way.
   * @returns Whether to look now.
   */
  wantLook(view: DirectoryView, pool: SendPool): boolean {
    for (const { sinceLook, final } of this.#all) {
      if (view.looks < sinceLook) return true;
      if (
        final && pool.isIdle && !pool.isSettled && !view.hasOutstanding
      ) return true;
    }
    return false;
  }

  /**
   * Tells who waits for a file.
   *
   * @param file The file.
   * @returns What all of them together want, or undefined if nobody waits for it.
   */
  demandOn(file: TrackedFile): Demand | undefined {
    let sinceLook: number | undefined;
    for (const waiter of this.#all) {
      if (waiter.wants(file)) {
        sinceLook = Math.max(sinceLook ?? 0, waiter.sinceLook);
      }
    }
    return sinceLook === undefined ? undefined : { sinceLook };
  }
}
