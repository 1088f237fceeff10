import { type FileStamp, sameStamp } from "./file_stamp.ts";
import { decide, type ScheduleDecision } from "./schedule.ts";
import type { SendOutcome, StoredObject } from "./send_file.ts";

/** Since when somebody waits for everything. */
export interface Demand {
  /** Files that were made sure of after this look at the directory need not be sent again. */
  readonly sinceLook: number;
}

/** A file below a followed directory: what it is, what the server has of it, and what happened on the way. */
export class TrackedFile {
  /** The path below the directory, with `/`. */
  readonly key: string;
  /** Whether it is being sent. */
  busy = false;
  /** Why the server does not want it, if so. */
  refusal: string | undefined;
  /** Why it could not be sent, if so. */
  trouble: string | undefined;
  /** When it failed last, in milliseconds since 1970; 0 for never. */
  failedAtMs = 0;
  /** The number of the last look at the directory after which this file was found to be on the server. */
  madeSureLook = 0;
  #stamp: FileStamp;
  #delivered:
    | { readonly stamp: FileStamp; readonly settled: boolean }
    | undefined;
  #refusedStamp: FileStamp | undefined;
  #stored: StoredObject | undefined;
  #sentBytes = 0;
  #sentAtMs = -Infinity;
  #changedAtMs: number;
  #dirtySinceMs: number;
  #notBeforeMs = 0;
  #unreadable = false;

  /**
   * @param key The path below the directory, with `/`.
   * @param stamp The file as it is seen first.
   * @param found When that was, and what the server has under its key.
   */
  constructor(
    key: string,
    stamp: FileStamp,
    found: {
      readonly nowMs: number;
      readonly stored: StoredObject | undefined;
    },
  ) {
    this.key = key;
    this.#stamp = stamp;
    this.#stored = found.stored;
    this.#changedAtMs = found.nowMs;
    this.#dirtySinceMs = found.nowMs;
  }

  /** What the server has under its key, as far as is known. */
  get stored(): StoredObject | undefined {
    return this.#stored;
  }

  /** The size when it was last looked at. */
  get sizeBytes(): number {
    return this.#stamp.sizeBytes;
  }

  /** Whether the server may have something else, and may want this. */
  get isDirty(): boolean {
    if (this.isRefused) return false;
    return this.#delivered === undefined || !this.#delivered.settled ||
      !sameStamp(this.#delivered.stamp, this.#stamp);
  }

  /** Whether there is hope that the file gets to the server by itself. */
  get isOutstanding(): boolean {
    return this.isDirty && !this.#unreadable;
  }

  /** Whether the server has refused this very version. */
  get isRefused(): boolean {
    return this.#refusedStamp !== undefined &&
      sameStamp(this.#refusedStamp, this.#stamp);
  }

  /**
   * Takes note of a look at the file.
   *
   * @param stamp The file as it is now.
   * @param seen When that was, and which look at the directory.
   * @returns Whether it has changed since the last look.
   */
  see(
    stamp: FileStamp,
    seen: { readonly nowMs: number; readonly look: number },
  ): boolean {
    const changed = !sameStamp(stamp, this.#stamp);
    if (changed) {
      if (!this.isDirty) this.#dirtySinceMs = seen.nowMs;
      this.#changedAtMs = seen.nowMs;
      this.#stamp = stamp;
    }
    if (!this.isDirty) this.madeSureLook = seen.look;
    return changed;
  }

  /**
   * Decides whether to send the file now.
   *
   * @param nowMs The time.
   * @param demand Who waits, if somebody does.
   * @returns The decision.
   */
  decide(nowMs: number, demand: Demand | undefined): ScheduleDecision {
    if (nowMs < this.#notBeforeMs) {
      return { send: false, waitMs: this.#notBeforeMs - nowMs };
    }
    const quietMs = nowMs - this.#changedAtMs;
    // To make sure of a version that was sent in the very moment it was written costs no more than reading it.
    if (
      this.#delivered !== undefined &&
      sameStamp(this.#delivered.stamp, this.#stamp)
    ) return { send: true };
    // A version that the server refused is given up; a later one is tried when somebody waits.
    if (this.#refusedStamp !== undefined && demand === undefined) {
      return { send: false, waitMs: Infinity };
    }
    return decide({
      sentBytes: this.#sentBytes,
      sizeBytes: this.#stamp.sizeBytes,
      sinceSentMs: nowMs - this.#sentAtMs,
      quietMs,
      dirtyMs: nowMs - this.#dirtySinceMs,
      finished: demand !== undefined &&
        (this.madeSureLook < demand.sinceLook || quietMs >= 1000),
    });
  }

  /** How long the file has not changed, in milliseconds. */
  quietMs(nowMs: number): number {
    return nowMs - this.#changedAtMs;
  }

  /**
   * Takes note of what became of an attempt to send the file.
   *
   * @param outcome The outcome.
   * @param attempt When it ended, and during which look at the directory it began.
   */
  settle(
    outcome: SendOutcome,
    attempt: { readonly nowMs: number; readonly look: number },
  ): void {
    const { nowMs, look } = attempt;
    this.busy = false;
    this.trouble = undefined;
    this.#unreadable = outcome.state === "unreadable";
    if (outcome.state !== "unreadable") this.#sentBytes += outcome.sentBytes;
    switch (outcome.state) {
      case "delivered":
        if (outcome.sent) this.#sentAtMs = nowMs;
        this.#delivered = { stamp: outcome.stamp, settled: outcome.settled };
        this.#stored = outcome.stored;
        this.#refusedStamp = undefined;
        this.refusal = undefined;
        this.madeSureLook = look;
        this.#dirtySinceMs = nowMs;
        // Looking again makes sense only when the clock of the file system has ticked.
        if (!outcome.settled) this.#notBeforeMs = nowMs + 60;
        return;
      case "rejected":
        this.#refusedStamp = outcome.stamp;
        this.refusal = messageOf(outcome.error);
        return;
      case "changed":
        if (outcome.sentBytes > 0) this.#stored = undefined;
        this.trouble = "it is being changed";
        this.#notBeforeMs = nowMs + 250;
        return;
      case "unreadable":
        this.trouble = outcome.reason;
        this.#notBeforeMs = nowMs + 1000;
        return;
      case "retryable":
        // The server may have taken it although no answer came.
        this.#stored = undefined;
        this.failedAtMs = nowMs;
        this.trouble = messageOf(outcome.error);
        return;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
