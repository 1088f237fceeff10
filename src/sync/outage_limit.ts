import type { Reporter } from "../reporter.ts";

/** What ends when a server has been away, or has refused the key, for too long. */
export interface OutageLimit extends Disposable {
  /** Is aborted when it has. */
  readonly signal: AbortSignal;
  /** Takes what the upload says, and passes it on. */
  readonly reporter: Reporter;
}

/** What {@linkcode limitOutage} needs. */
export interface OutageLimitOptions {
  /** Takes what is said. */
  readonly reporter: Reporter;
  /** Ends it from outside. */
  readonly signal?: AbortSignal | undefined;
  /** How long that may last, in milliseconds. */
  readonly limitMs: number;
}

/** The kinds of warnings that an upload waits for the end of. */
const OUTAGE = /^(unreachable|key refused|denied) /;

/**
 * Watches over an upload, which goes on without end while its server is away, or refuses the key.
 *
 * @param options How long, and who is told.
 * @returns The watch; disposing of it ends it.
 */
export function limitOutage(options: OutageLimitOptions): OutageLimit {
  const { reporter, limitMs } = options;
  const end = new AbortController();
  const stop = () => end.abort();
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener("abort", stop, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal: end.signal,
    reporter: {
      info(message, ends) {
        clearTimeout(timer);
        timer = undefined;
        reporter.info(message, ends);
      },
      warn(kind, message) {
        if (OUTAGE.test(kind)) timer ??= setTimeout(stop, limitMs);
        reporter.warn(kind, message);
      },
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
    },
  };
}
