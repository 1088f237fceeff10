import { RESERVE_BYTES } from "./send_budget.ts";

/** What is known of a file that differs from what the server has. */
export interface ScheduleInput {
  /** The file's size now. */
  readonly sizeBytes: number;
  /** How long the beginning of the file is that the server has; 0 if none, or the file was not only added to since. */
  readonly storedBytes: number;
  /** Whether the server can append. */
  readonly canAppend: boolean;
  /** Whether it was sent before. */
  readonly wasSent: boolean;
  /** How many bytes of a file that was sent before may be spent on it now. */
  readonly budgetBytes: number;
  /** How long ago it was sent last, in milliseconds; `Infinity` if never. */
  readonly sinceSentMs: number;
  /** How long ago it was last seen to change, in milliseconds. */
  readonly quietMs: number;
  /** How long it has differed from what the server has, in milliseconds. */
  readonly dirtyMs: number;
  /** Whether somebody waits for everything to be delivered. */
  readonly finished: boolean;
}

/** What of a file is to be sent. */
export interface SendPlan {
  /** Only what was added since; if that cannot be, nothing. Default: all, or what was added. */
  readonly tailOnly?: boolean;
  /** At most so much of its beginning. Default: all. */
  readonly limitBytes?: number;
  /** Look at every byte, although the file seems to be on the server. Default: only where that costs little. */
  readonly proof?: boolean;
}

/** Whether to send a file now, or when to ask again. */
export type ScheduleDecision =
  | {
    readonly send: true;
    /** What of it. */
    readonly plan: SendPlan;
  }
  | {
    readonly send: false;
    /** When the answer may be another if the file does not change, in milliseconds; `Infinity` for never. */
    readonly waitMs: number;
  };

/** Files up to this size are documents: the console needs them, and they cost little. */
export const DOCUMENT_BYTES = 16 * 1024;

/** From this size on a file that is still being written is left to come to rest. */
export const BULKY_BYTES = 1024 * 1024;

/** Larger files are left to come to rest for longer. */
const HUGE_BYTES = 64 * 1024 * 1024;

/** More than that goes in parts, which is for files that are at rest. */
const LONGEST_BEGINNING_BYTES = 100 * 1024 * 1024;

const TAIL_INTERVAL_MS = 1000;
const INTERVAL_MS = 1000;
const LONGEST_DOCUMENT_INTERVAL_MS = 60_000;
const DOCUMENT_BYTES_PER_SECOND = 4096;
/** A document that costs less than one part in so many of the budget goes as often as it may: one that is rewritten, one that grows. */
const REWRITTEN_SHARE = 3;
const GROWN_SHARE = 2;
const LARGE_INTERVAL_MS = 2000;

/**
 * Decides whether a file that changed is to be sent now.
 *
 * Where the server can append, of a file that was only added to just the new end goes, once a second. Everywhere else an
 * object can only be sent whole, so a file that grows costs more than its size, and the {@linkcode SendBudget} says how
 * much more:
 *
 * - a file goes for the first time when it has come to rest for a moment, or after a while;
 * - a document (up to 16 KiB) that is rewritten goes when it changed, at most once a second and 4 KiB a second on average;
 *   the less of the budget is left the less often, down to once a minute, which it goes whatever the budget says;
 * - a document that grows goes as often while it costs little of the budget, then when it has grown by a share, up to
 *   twice its size, and no more when the budget is used up;
 * - a larger file that only grows goes when the server's part of it can be doubled, or increased by less if there is much
 *   budget. If the budget does not allow for all of it, a beginning goes;
 * - a larger file that is rewritten goes, when it is at rest, if the budget allows for all of it;
 * - at the end everything goes.
 *
 * What the budget allows for decides how far behind the server is. With a record of 93 bytes a second it is at most 3 s in
 * the first 20 s, 30 s in the first minute, a minute in the first three; later, as with every file that grows steadily,
 * the server has between a half and a seventh of it. It cannot be seconds behind for long: whatever is sent before the end
 * adds up to the final bytes at most, so a file that grows steadily can be sent whole, each time it has grown by a given
 * share, only if that share is a multiple; to send each addition takes bytes that grow with the square of the size.
 *
 * @param input What is known of the file.
 * @returns The decision.
 */
export function decide(input: ScheduleInput): ScheduleDecision {
  const { sizeBytes, storedBytes, canAppend, wasSent, sinceSentMs } = input;
  if (input.finished) return { send: true, plan: {} };
  if (canAppend && storedBytes > 0 && storedBytes < sizeBytes) {
    return after(TAIL_INTERVAL_MS - sinceSentMs, { tailOnly: true });
  }
  if (sizeBytes <= DOCUMENT_BYTES) return decideOnDocument(input);
  if (!wasSent) return after(restMs(input));
  if (storedBytes === 0) {
    return input.budgetBytes < sizeBytes
      ? NEVER
      : after(Math.max(LARGE_INTERVAL_MS - sinceSentMs, restMs(input)));
  }
  return decideOnGrown(input);
}

function decideOnDocument(input: ScheduleInput): ScheduleDecision {
  const { sizeBytes, storedBytes, budgetBytes, sinceSentMs } = input;
  const usualMs = Math.max(
    INTERVAL_MS,
    1000 * sizeBytes / DOCUMENT_BYTES_PER_SECOND,
  );
  const mostBytes = budgetBytes + (input.canAppend ? 0 : RESERVE_BYTES);
  if (storedBytes > 0) {
    const share = GROWN_SHARE * sizeBytes / Math.max(budgetBytes, 1);
    const growth = 1 + Math.min(1, share ** 2);
    return sizeBytes > mostBytes || sizeBytes < growth * storedBytes
      ? NEVER
      : after(usualMs - sinceSentMs);
  }
  const share = REWRITTEN_SHARE * sizeBytes / Math.max(mostBytes, 1);
  const intervalMs = sizeBytes > mostBytes
    ? LONGEST_DOCUMENT_INTERVAL_MS
    : Math.min(usualMs * (1 + share ** 2), LONGEST_DOCUMENT_INTERVAL_MS);
  return after(intervalMs - sinceSentMs);
}

/** How long to wait for a file to come to rest. */
function restMs({ sizeBytes, quietMs, dirtyMs }: ScheduleInput): number {
  if (sizeBytes <= BULKY_BYTES) {
    return Math.min(500 - quietMs, 3000 - dirtyMs);
  }
  const patienceMs = sizeBytes <= HUGE_BYTES ? 5000 : 30_000;
  return Math.min(2000 - quietMs, patienceMs - dirtyMs);
}

function decideOnGrown(input: ScheduleInput): ScheduleDecision {
  const { sizeBytes, storedBytes, budgetBytes, sinceSentMs } = input;
  const lengthBytes = Math.min(sizeBytes, budgetBytes);
  const growth = 1 + Math.min(1, sizeBytes / Math.max(budgetBytes, 1));
  if (lengthBytes < growth * storedBytes) return NEVER;
  const intervalMs = LARGE_INTERVAL_MS - sinceSentMs;
  if (lengthBytes < sizeBytes) {
    return lengthBytes > LONGEST_BEGINNING_BYTES
      ? NEVER
      : after(intervalMs, { limitBytes: Math.floor(lengthBytes) });
  }
  const isBulky = sizeBytes > BULKY_BYTES;
  return after(isBulky ? Math.max(intervalMs, restMs(input)) : intervalMs);
}

const NEVER: ScheduleDecision = { send: false, waitMs: Infinity };

function after(waitMs: number, plan: SendPlan = {}): ScheduleDecision {
  return waitMs <= 0 ? { send: true, plan } : { send: false, waitMs };
}
