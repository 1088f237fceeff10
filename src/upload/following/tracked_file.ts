import type { ContentHash } from "../sending/content_hash.ts";
import { type FileStamp, sameStamp } from "../../local/file_stamp.ts";
import {
  BULKY_BYTES,
  decide,
  DOCUMENT_BYTES,
  type ScheduleDecision,
} from "../schedule/schedule.ts";
import type { FileAccount, SendBudget } from "../schedule/send_budget.ts";
import type { SendOutcome } from "../sending/send_outcome.ts";

/** Since when somebody waits for everything. */
export interface Demand {
  /** Files that were made sure of after this look at the directory need not be sent again. */
  readonly sinceLook: number;
}

/** What all tracked files of a directory share. */
export interface ProofWish {
  /** Whether every byte of every file is to be made sure of. */
  isWanted: boolean;
}

/** What a decision depends on beside the file. */
export interface DecisionContext {
  /** The time. */
  readonly nowMs: number;
  /** Who waits, if somebody does. */
  readonly demand: Demand | undefined;
  /** The size of what the server has under the file's key, or had when that was known last. */
  readonly storedBytes: number | undefined;
  /** Whether the server can append. */
  readonly canAppend: boolean;
  /** What may be spent. */
  readonly budget: Pick<SendBudget, "for">;
}

/** A clock of a file system has ticked after so long. */
const TICK_MS = 60;

/** A file below a followed directory: what it is, and what happened on its way. */
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
  readonly #proof: ProofWish;
  #stamp: FileStamp;
  #delivered:
    | {
      readonly stamp: FileStamp;
      readonly settled: boolean;
      readonly isProven: boolean;
    }
    | undefined;
  #refusedStamp: FileStamp | undefined;
  #growth: { readonly inode: number; readonly hash: ContentHash } | undefined;
  #isRewritten = false;
  #sentBytes = 0;
  #firstBytes: number | undefined;
  #tailBytes = 0;
  #sentAtMs = -Infinity;
  #changedAtMs: number;
  #dirtySinceMs: number;
  #notBeforeMs = 0;
  #unreadable = false;

  /**
   * @param key The path below the directory, with `/`.
   * @param stamp The file as it is seen first.
   * @param found When that was, and whether it is to be made sure of.
   */
  constructor(
    key: string,
    stamp: FileStamp,
    found: { readonly nowMs: number; readonly proof: ProofWish },
  ) {
    this.key = key;
    this.#stamp = stamp;
    this.#proof = found.proof;
    this.#changedAtMs = found.nowMs;
    this.#dirtySinceMs = found.nowMs;
  }

  /** The file as it was looked at last. */
  get stamp(): FileStamp {
    return this.#stamp;
  }

  /** The size when it was last looked at. */
  get sizeBytes(): number {
    return this.#stamp.sizeBytes;
  }

  /** What it has cost. */
  get account(): FileAccount {
    return {
      sizeBytes: this.sizeBytes,
      sentBytes: this.#sentBytes,
      firstBytes: this.#firstBytes ?? 0,
      tailBytes: this.#tailBytes,
    };
  }

  /** What is known of its content, if it still is the same file. */
  get growth(): ContentHash | undefined {
    return this.#growth?.inode === this.#stamp.inode
      ? this.#growth.hash
      : undefined;
  }

  /** Whether the server may have something else, and may want this. */
  get isDirty(): boolean {
    if (this.isRefused) return false;
    return this.#delivered === undefined || !this.#delivered.settled ||
      !sameStamp(this.#delivered.stamp, this.#stamp) ||
      (this.#proof.isWanted && !this.#delivered.isProven);
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
      this.#isRewritten = this.#isRewriting(stamp);
      this.#stamp = stamp;
    }
    if (!this.isDirty) this.madeSureLook = seen.look;
    return changed;
  }

  /**
   * Decides whether to send the file now.
   *
   * @param context What it depends on beside the file.
   * @returns The decision.
   */
  decide(context: DecisionContext): ScheduleDecision {
    const { nowMs, demand, budget } = context;
    if (nowMs < this.#notBeforeMs) {
      return { send: false, waitMs: this.#notBeforeMs - nowMs };
    }
    const plan = this.#proof.isWanted ? { proof: true } : {};
    // To make sure of a version that was sent in the very moment it was written costs no more than reading it.
    if (
      this.#delivered !== undefined &&
      sameStamp(this.#delivered.stamp, this.#stamp)
    ) return { send: true, plan };
    // A version that the server refused is given up; a later one is tried when somebody waits.
    if (this.#refusedStamp !== undefined && demand === undefined) {
      return { send: false, waitMs: Infinity };
    }
    const { sizeBytes } = this.#stamp;
    const quietMs = this.quietMs(nowMs);
    const dirtyMs = nowMs - this.#dirtySinceMs;
    // To make sure of a large file would cost as much as to read it again, so it is given the time.
    if (sizeBytes > BULKY_BYTES && quietMs < TICK_MS && dirtyMs < 1000) {
      return { send: false, waitMs: TICK_MS - quietMs };
    }
    if (
      demand !== undefined &&
      (this.madeSureLook < demand.sinceLook || quietMs >= 1000)
    ) return { send: true, plan };
    const { storedBytes = 0, canAppend } = context;
    return decide({
      sizeBytes,
      storedBytes: this.#isRewritten || storedBytes > sizeBytes
        ? 0
        : storedBytes,
      canAppend,
      wasSent: this.#firstBytes !== undefined,
      budgetBytes: budget.for(this.account, sizeBytes <= DOCUMENT_BYTES),
      sinceSentMs: nowMs - this.#sentAtMs,
      quietMs,
      dirtyMs,
      finished: false,
    });
  }

  /** How long the file has not changed, in milliseconds. */
  quietMs(nowMs: number): number {
    return nowMs - this.#changedAtMs;
  }

  /** Takes note that the server has something else than was thought. */
  distrust(): void {
    this.#delivered = undefined;
    this.#growth = undefined;
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
    switch (outcome.state) {
      case "delivered":
        if (outcome.sent !== "nothing") this.#count(outcome, nowMs);
        this.#delivered = outcome;
        this.#growth = outcome.growth === undefined
          ? undefined
          : { inode: outcome.stamp.inode, hash: outcome.growth };
        this.#isRewritten = outcome.stamp.inode !== this.#stamp.inode ||
          (outcome.stamp.sizeBytes === this.#stamp.sizeBytes &&
            !sameStamp(outcome.stamp, this.#stamp));
        this.#refusedStamp = undefined;
        this.refusal = undefined;
        this.madeSureLook = look;
        this.#dirtySinceMs = nowMs;
        // Looking again makes sense only when the clock of the file system has ticked.
        if (!outcome.settled) this.#notBeforeMs = nowMs + TICK_MS;
        return;
      case "rejected":
        this.#refusedStamp = outcome.stamp;
        this.refusal = messageOf(outcome.error);
        return;
      case "changed":
        this.trouble = "it is being changed";
        this.#notBeforeMs = nowMs + 250;
        return;
      case "rewritten":
        this.#isRewritten = true;
        this.#growth = undefined;
        return;
      case "unreadable":
        this.trouble = outcome.reason;
        this.#notBeforeMs = nowMs + 1000;
        return;
      case "retryable":
        this.failedAtMs = nowMs;
        this.trouble = messageOf(outcome.error);
        return;
    }
  }

  /** Whether a new version may be more than an addition to what the server has. */
  #isRewriting(stamp: FileStamp): boolean {
    const delivered = this.#delivered?.stamp;
    if (delivered !== undefined && sameStamp(stamp, delivered)) return false;
    if (stamp.inode === this.#stamp.inode) {
      return this.#isRewritten || stamp.sizeBytes <= this.#stamp.sizeBytes;
    }
    // What took its place may have been sent before it was looked at.
    return delivered === undefined || stamp.inode !== delivered.inode ||
      stamp.sizeBytes < delivered.sizeBytes;
  }

  #count(
    { sent, sentBytes }: Extract<SendOutcome, { state: "delivered" }>,
    nowMs: number,
  ): void {
    this.#sentAtMs = nowMs;
    this.#sentBytes += sentBytes;
    if (sent === "tail") this.#tailBytes += sentBytes;
    else this.#firstBytes ??= sentBytes;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
