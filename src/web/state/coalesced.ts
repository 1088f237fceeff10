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
export interface Clock {
  readonly now: () => number;
  /** Does something later; what it answers gives that up. */
  readonly after: (run: () => void, ms: number) => () => void;
}

const REAL: Clock = {
  now: () => performance.now(),
  after: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Does something at most so often.
 *
 * @param run Does it.
 * @param everyMs The least time from one to the next.
 * @param clock The clock.
 */
export function coalesced(
  run: () => void,
  everyMs: number,
  clock: Clock = REAL,
): Coalesced {
  let last = -Infinity;
  let giveUp: (() => void) | undefined;
  const fire = (): void => {
    giveUp = undefined;
    last = clock.now();
    run();
  };
  return {
    poke() {
      const waitMs = Math.max(0, last + everyMs - clock.now());
      giveUp ??= clock.after(fire, waitMs);
    },
    cancel() {
      giveUp?.();
      giveUp = undefined;
    },
  };
}
