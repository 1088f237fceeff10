/**
 * Doing something that is wanted often only now and then.
 *
 * @module
 */

/** Something that is done at most so often. */
export interface Coalesced {
  /** Wants it: it is done at once, or when enough time has passed since the last time. */
  poke(): void;
  /** Wants it no more. */
  cancel(): void;
}

/** How a clock works; tests have one of their own. */
export interface Timers {
  readonly now: () => number;
  readonly set: (run: () => void, ms: number) => number;
  readonly clear: (timer: number) => void;
}

const REAL: Timers = {
  now: () => performance.now(),
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer),
};

/**
 * Does something at most so often.
 *
 * @param run Does it.
 * @param everyMs The least time from one to the next.
 * @param timers The clock.
 */
export function coalesced(
  run: () => void,
  everyMs: number,
  timers: Timers = REAL,
): Coalesced {
  let last = -Infinity;
  let timer: number | undefined;
  const fire = (): void => {
    timer = undefined;
    last = timers.now();
    run();
  };
  return {
    poke() {
      if (timer !== undefined) return;
      const waitMs = Math.max(0, last + everyMs - timers.now());
      timer = timers.set(fire, waitMs);
    },
    cancel() {
      if (timer !== undefined) timers.clear(timer);
      timer = undefined;
    },
  };
}
