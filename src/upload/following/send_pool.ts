import type { Clock } from "../../aistore/backoff.ts";
import type { AIStoreClient } from "../../aistore/client.ts";
import { APPEND } from "../../aistore/protocol.ts";
import type { DeliveryGate } from "../gate/delivery_gate.ts";
import type { DirectoryView } from "./directory_view.ts";
import type { KnownChecksums } from "../../local/known_checksums.ts";
import { mayPass } from "../gate/refusal.ts";
import { BULKY_BYTES, type SendPlan } from "../schedule/schedule.ts";
import { SendBudget } from "../schedule/send_budget.ts";
import { sendFile } from "../sending/send_file.ts";
import type { SendOutcome } from "../sending/send_outcome.ts";
import type { StoredObjects } from "../sending/stored_objects.ts";
import type { Demand, TrackedFile } from "./tracked_file.ts";
import type { Turn } from "../notes/turn.ts";
import { UnfinishedUploads } from "../sending/unfinished_uploads.ts";

/** What a {@linkcode SendPool} works with. */
export interface SendPoolOptions {
  /** The directory's path. */
  readonly dir: string;
  /** Its files. */
  readonly view: DirectoryView;
  /** The server. */
  readonly client: AIStoreClient;
  /** What the server holds. */
  readonly stored: StoredObjects;
  /** What is known of the files' checksums. */
  readonly known: KnownChecksums;
  /** Whose turn it is. */
  readonly turn: Turn;
  /** Whether the server may be asked. */
  readonly gate: DeliveryGate;
  /** The time. */
  readonly clock: Clock;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Tells who waits for a file. */
  readonly demandOn: (file: TrackedFile) => Demand | undefined;
  /** Is told what became of each attempt. */
  readonly onOutcome: (file: TrackedFile, outcome: SendOutcome) => void;
  /** Is told of an error that no attempt should meet. */
  readonly onError: (error: unknown) => void;
  /** Is told that another file can be sent. */
  readonly onFree: () => void;
}

/** The file that says what state a run is in. It goes last, so that a run that says `Complete` on the server is. */
const LAST_KEY = "metadata.yaml";
const LAST_REST_MS = 1000;

const CONCURRENCY = 4;
/** Large files leave room for small ones. */
const BULKY_CONCURRENCY = 2;

/** Who waits for the turn asks for it this often, in milliseconds; when nobody is in a hurry, less often. */
const TURN_POLL_MS = 100;
const TURN_REST_MS = 1000;
/** When somebody else sends as well, there is no hurry to send what they are about to send. */
const SECOND_CHAIR_MS = 3000;

/** Sends the files that are due, a few at a time, each at most once at a time. */
export class SendPool {
  readonly #options: SendPoolOptions;
  readonly #sending = new Set<Promise<void>>();
  readonly #unfinished: UnfinishedUploads;
  #bulky = 0;
  #lastDeliveryLook = 0;
  #queue: readonly TrackedFile[] = [];
  #budget = new SendBudget([], false);
  /** The look after which the queue was made; to make it for every file again would cost too much. */
  #queueLook = 0;
  #isAppendRefused = false;
  #notBeforeMs = 0;

  /** @param options What to work with. */
  constructor(options: SendPoolOptions) {
    this.#options = options;
    this.#unfinished = new UnfinishedUploads(options.dir);
  }

  /** Whether nothing was delivered since the last look at the directory, nor is under way. */
  get isSettled(): boolean {
    return this.isIdle && this.#lastDeliveryLook < this.#options.view.looks;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#sending.size === 0;
  }

  /** Waits until nothing is under way. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.#sending);
  }

  /**
   * Begins to send what is due.
   *
   * @param nodePath The node's path on the server.
   * @returns In how many milliseconds something else may be due, if nothing changes.
   */
  sendDue(nodePath: string): number {
    const { clock, gate, demandOn } = this.#options;
    const nowMs = clock.now();
    let waitMs = Infinity;
    if (this.#sending.size >= CONCURRENCY) return waitMs;
    for (const file of this.#candidates()) {
      if (this.#sending.size >= CONCURRENCY) break;
      const demand = demandOn(file);
      const decision = file.decide(this.#contextOf(file, nowMs, demand));
      if (!decision.send) {
        waitMs = Math.min(waitMs, decision.waitMs);
        continue;
      }
      const bulky = file.sizeBytes > BULKY_BYTES;
      if (bulky && this.#bulky >= BULKY_CONCURRENCY) continue;
      if (file.key === LAST_KEY && !this.#mayGoLast(file, nowMs)) continue;
      const turnMs = this.#takeTurn(nowMs, demand !== undefined);
      if (turnMs > 0) return Math.min(waitMs, turnMs);
      const pauseMs = gate.tryEnter(nowMs);
      if (pauseMs > 0) return Math.min(waitMs, pauseMs);
      this.#send(file, nodePath, decision.plan);
    }
    return waitMs;
  }

  /** Takes the turn; how long to wait if that cannot be. */
  #takeTurn(nowMs: number, isUrgent: boolean): number {
    const { turn, stored } = this.#options;
    if (turn.isHeld) return 0;
    if (!isUrgent && nowMs < this.#notBeforeMs) {
      return this.#notBeforeMs - nowMs;
    }
    switch (turn.take()) {
      case "busy":
        return isUrgent ? TURN_POLL_MS : TURN_REST_MS;
      case "taken after another":
        stored.doubtAll();
        this.#notBeforeMs = nowMs + SECOND_CHAIR_MS;
        return 0;
      case "taken":
        return 0;
    }
  }

  get #canAppend(): boolean {
    return !this.#isAppendRefused && this.#options.client.can(APPEND);
  }

  #contextOf(
    file: TrackedFile,
    nowMs: number,
    demand: Demand | undefined,
  ): Parameters<TrackedFile["decide"]>[0] {
    return {
      nowMs,
      demand,
      storedBytes: this.#options.stored.lastSizeBytes(file.key),
      canAppend: this.#canAppend,
      budget: this.#budget,
    };
  }

  /** Those that failed last come last, so that none holds up the others; small ones first; `metadata.yaml` behind them. */
  #candidates(): readonly TrackedFile[] {
    const { files, looks } = this.#options.view;
    const isCandidate = (file: TrackedFile) => file.isDirty && !file.busy;
    if (this.#queueLook === looks) {
      return this.#queue = this.#queue.filter(isCandidate);
    }
    this.#queueLook = looks;
    const accounts = [...files.values()].map((file) => file.account);
    this.#budget = new SendBudget(accounts, this.#canAppend);
    return this.#queue = [...files.values()].filter(isCandidate).sort((a, b) =>
      a.failedAtMs - b.failedAtMs ||
      Number(a.key === LAST_KEY) - Number(b.key === LAST_KEY) ||
      a.sizeBytes - b.sizeBytes
    );
  }

  #mayGoLast(file: TrackedFile, nowMs: number): boolean {
    const { view, demandOn } = this.#options;
    if (demandOn(file) === undefined) {
      return file.quietMs(nowMs) >= LAST_REST_MS;
    }
    for (const other of view.files.values()) {
      if (other === file) continue;
      if (
        other.busy || (other.isOutstanding && demandOn(other) !== undefined)
      ) return false;
    }
    return true;
  }

  #send(file: TrackedFile, nodePath: string, plan: SendPlan): void {
    const bulky = file.sizeBytes > BULKY_BYTES;
    file.busy = true;
    if (bulky) this.#bulky++;
    const sending = this.#attempt(file, nodePath, plan)
      .catch(this.#options.onError)
      .finally(() => {
        this.#sending.delete(sending);
        if (bulky) this.#bulky--;
        this.#options.onFree();
      });
    this.#sending.add(sending);
  }

  async #attempt(
    file: TrackedFile,
    nodePath: string,
    plan: SendPlan,
  ): Promise<void> {
    const { dir, view, client, stored, known, turn } = this.#options;
    const { clock, signal, gate, onOutcome } = this.#options;
    const look = view.looks;
    const before = file.account;
    const outcome = patient(
      await sendFile(client, {
        dir,
        nodePath,
        key: file.key,
        seen: file.stamp,
        plan,
        stored,
        known,
        unfinished: this.#unfinished,
        growth: file.growth,
        canAppend: this.#canAppend,
        onSending: () => turn.note(),
        onAppendRefused: () => this.#isAppendRefused = true,
        signal,
      }),
    );
    if (signal.aborted) return gate.left();
    this.#learn(file.key, outcome);
    file.settle(outcome, { nowMs: clock.now(), look });
    this.#budget.spend(before, file.account);
    if (file.isDirty) this.#queueLook = 0;
    if (outcome.state === "delivered") this.#lastDeliveryLook = view.looks;
    onOutcome(file, outcome);
  }

  /** Takes note of what the server holds after an attempt. */
  #learn(key: string, outcome: SendOutcome): void {
    const { stored, known } = this.#options;
    switch (outcome.state) {
      case "delivered":
        stored.set(key, outcome.stored);
        if (outcome.settled && outcome.isProven) {
          const { stamp, stored: { checksum } } = outcome;
          known.add(key, { stamp, checksum });
        }
        return;
      case "changed":
        // What was sent while it was being changed is no version of it.
        if (outcome.sentBytes > 0) stored.doubt(key);
        return;
      case "retryable":
        // The server may have taken it although no answer came.
        stored.doubt(key);
    }
  }
}

/** A refusal that concerns the key, or the whole node, is no reason to give this file up. */
function patient(outcome: SendOutcome): SendOutcome {
  return outcome.state === "rejected" && mayPass(outcome.error)
    ? { ...outcome, state: "retryable" }
    : outcome;
}
