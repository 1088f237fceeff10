/**
 * Doing something not too often.
 *
 * @module
 */

/** What is done not too often. */
export interface Coalesced {
  /** Has it done: at once, or as soon as it is time for it again. */
  readonly ask: () => void;
  /** Does it no more. */
  readonly stop: () => void;
}

/**
 * Does something at most once in a while, however often it is asked for, and once more after it was asked for last.
 *
 * @param act Does it.
 * @param pauseMs The least time between two times.
 * @returns Asks for it.
 */
export function coalesce(act: () => void, pauseMs: number): Coalesced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;
  let isStopped = false;
  const run = (): void => {
    isAsked = false;
    act();
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked && !isStopped) run();
    }, pauseMs);
  };
  return {
    ask() {
      if (isStopped) return;
      if (timer === undefined) run();
      else isAsked = true;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
