/** What is known of a file that differs from what the server has. */
export interface ScheduleInput {
  /** How many bytes of this file's versions were sent so far, failed attempts included. */
  readonly sentBytes: number;
  /** The file's size now. */
  readonly sizeBytes: number;
  /** How long ago it was sent last, in milliseconds; `Infinity` if never. */
  readonly sinceSentMs: number;
  /** How long ago it was last seen to change, in milliseconds. */
  readonly quietMs: number;
  /** How long it has differed from what the server has, in milliseconds. */
  readonly dirtyMs: number;
  /** Whether somebody waits for everything to be delivered. */
  readonly finished: boolean;
}

/** Whether to send a file now, or when to ask again. */
export type ScheduleDecision =
  | { readonly send: true }
  | {
    readonly send: false;
    /** When the answer may be another if the file does not change, in milliseconds; `Infinity` for never. */
    readonly waitMs: number;
  };

/** Files up to this size are documents: the console needs them, and they cost little. */
export const DOCUMENT_BYTES = 16 * 1024;

/** How many bytes of one file may be sent without regard to its size. */
export const ALLOWANCE_BYTES = 256 * 1024;

/** From this size on a file that is still being written is left to come to rest. */
export const BULKY_BYTES = 1024 * 1024;

const INTERVAL_MS = 1000;
const DOCUMENT_BYTES_PER_SECOND = 4096;
const SHARE = 0.2;
const REST_MS = 2000;
const PATIENCE_MS = 30_000;

const SEND: ScheduleDecision = { send: true };

/**
 * Decides whether a file that changed is to be sent now. An object can only be sent whole, so a file that grows costs
 * more than its size; the rules keep the sum small, and documents fresh:
 *
 * - never more often than once a second;
 * - a document (up to 16 KiB) goes whenever it changed, at most 4 KiB a second on average: the server is at most 4 s behind;
 * - a larger file goes while the sum sent before is at most 256 KiB plus a fifth of its size. So later sendings are
 *   spaced by a factor of about six in size;
 * - a file of more than 1 MiB goes when it has not changed for 2 s, or has been waiting for 30 s;
 * - at the end everything goes.
 *
 * With F the final size, a file of more than 16 KiB costs at most 2.2 F + 256 KiB, and on average over all moments to end
 * 1.6 F. What is sent while it is a document, at most 4 KiB for each second with a change, counts as well; where that
 * exceeds 256 KiB it takes their place. Explicit flushes come on top. No rule that shows progress can promise 2 F: a file
 * that was sent at size F and then grows by one byte costs that much at once.
 *
 * @param input What is known of the file.
 * @returns The decision.
 */
export function decide(input: ScheduleInput): ScheduleDecision {
  const { sizeBytes, sinceSentMs, finished } = input;
  if (finished) return SEND;
  if (sizeBytes <= DOCUMENT_BYTES) {
    return after(
      Math.max(INTERVAL_MS, 1000 * sizeBytes / DOCUMENT_BYTES_PER_SECOND) -
        sinceSentMs,
    );
  }
  if (input.sentBytes > ALLOWANCE_BYTES + SHARE * sizeBytes) {
    return { send: false, waitMs: Infinity };
  }
  const intervalMs = INTERVAL_MS - sinceSentMs;
  if (sizeBytes <= BULKY_BYTES) return after(intervalMs);
  const restMs = Math.min(REST_MS - input.quietMs, PATIENCE_MS - input.dirtyMs);
  return after(Math.max(intervalMs, restMs));
}

function after(waitMs: number): ScheduleDecision {
  return waitMs <= 0 ? SEND : { send: false, waitMs };
}
