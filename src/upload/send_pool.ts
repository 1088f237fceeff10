import type { Clock } from "../aistore/backoff.ts";
import type { AIStoreClient } from "../aistore/client.ts";
import type { DirectoryView } from "./directory_view.ts";
import type { HostGate } from "./host_gate.ts";
import { BULKY_BYTES } from "./schedule.ts";
import { sendFile, type SendOutcome } from "./send_file.ts";
import type { Demand, TrackedFile } from "./tracked_file.ts";
import { UnfinishedUploads } from "./unfinished_uploads.ts";

/** What a {@linkcode SendPool} works with. */
export interface SendPoolOptions {
  /** The directory's path. */
  readonly dir: string;
  /** Its files. */
  readonly view: DirectoryView;
  /** The server. */
  readonly client: AIStoreClient;
  /** Whether the server may be asked. */
  readonly gate: HostGate;
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

/** Sends the files that are due, a few at a time, each at most once at a time. */
export class SendPool {
  readonly #options: SendPoolOptions;
  readonly #sending = new Set<Promise<void>>();
  readonly #unfinished: UnfinishedUploads;
  #bulky = 0;
  #lastDeliveryLook = 0;
  #queue: readonly TrackedFile[] = [];
  /** The look after which the queue was made; to make it for every file again would cost too much. */
  #queueLook = 0;

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
      const decision = file.decide(nowMs, demandOn(file));
      if (!decision.send) {
        waitMs = Math.min(waitMs, decision.waitMs);
        continue;
      }
      const bulky = file.sizeBytes > BULKY_BYTES;
      if (bulky && this.#bulky >= BULKY_CONCURRENCY) continue;
      if (file.key === LAST_KEY && !this.#mayGoLast(file, nowMs)) continue;
      const pauseMs = gate.tryEnter(nowMs);
      if (pauseMs > 0) return Math.min(waitMs, pauseMs);
      this.#send(file, nodePath);
    }
    return waitMs;
  }

  /** Those that failed last come last, so that none holds up the others; small ones first; `metadata.yaml` behind them. */
  #candidates(): readonly TrackedFile[] {
    const { files, looks } = this.#options.view;
    const isCandidate = (file: TrackedFile) => file.isDirty && !file.busy;
    if (this.#queueLook === looks) {
      return this.#queue = this.#queue.filter(isCandidate);
    }
    this.#queueLook = looks;
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

  #send(file: TrackedFile, nodePath: string): void {
    const bulky = file.sizeBytes > BULKY_BYTES;
    file.busy = true;
    if (bulky) this.#bulky++;
    const sending = this.#attempt(file, nodePath).catch(this.#options.onError)
      .finally(() => {
        this.#sending.delete(sending);
        if (bulky) this.#bulky--;
        this.#options.onFree();
      });
    this.#sending.add(sending);
  }

  async #attempt(file: TrackedFile, nodePath: string): Promise<void> {
    const { dir, view, client, clock, signal, gate, onOutcome } = this.#options;
    const look = view.looks;
    const outcome = await sendFile(client, {
      path: `${dir}/${file.key}`,
      nodePath,
      key: file.key,
      stored: file.stored,
      unfinished: this.#unfinished,
      signal,
    });
    if (signal.aborted) return gate.left();
    file.settle(outcome, { nowMs: clock.now(), look });
    if (file.isDirty) this.#queueLook = 0;
    if (outcome.state === "delivered") this.#lastDeliveryLook = view.looks;
    onOutcome(file, outcome);
  }
}
