import { type Clock, systemClock } from "../../aistore/backoff.ts";
import { AIStoreClient } from "../../aistore/client.ts";
import { isNodeMissing } from "../../aistore/answers.ts";
import { ConnectionError } from "../../errors.ts";
import { DeliveryGate } from "../gate/delivery_gate.ts";
import { DeliveryNews } from "../gate/delivery_news.ts";
import { DirectoryView } from "./directory_view.ts";
import type { FollowerHooks, FollowerParts } from "./follower_hooks.ts";
import { KnownChecksums } from "../../local/known_checksums.ts";
import { persist, type PersistOptions } from "../gate/persist.ts";
import { SpokenGate } from "../gate/spoken_gate.ts";
import { TurnEntrance } from "./turn_entrance.ts";
import { Place } from "./place.ts";
import { concernsAll } from "../gate/refusal.ts";
import type { SendOutcome } from "../sending/send_outcome.ts";
import { SendPool } from "./send_pool.ts";
import { StoredObjects } from "../sending/stored_objects.ts";
import type { TrackedFile } from "./tracked_file.ts";
import { Turn } from "../notes/turn.ts";
import type {
  DeliveryProgress,
  FollowerJob,
  UploadReport,
  WaitOptions,
} from "../types.ts";
import { makeReport } from "./upload_report.ts";
import { Waiter } from "./waiter.ts";
import { Waiters } from "./waiters.ts";

export type { FollowerHooks, FollowerParts } from "./follower_hooks.ts";

/**
 * Makes a node on a server equal to a directory, and keeps it equal until it is told that the end has come. It knows
 * the directory only by looking at it, so it works beside a thread that never yields, and for files that other
 * processes write. Objects whose files are gone stay on the server.
 */
export class Follower {
  readonly #clock: Clock;
  readonly #client: AIStoreClient;
  readonly #gate: SpokenGate;
  readonly #news: DeliveryNews;
  readonly #place: Place;
  readonly #persistence: PersistOptions;
  readonly #stored: StoredObjects;
  readonly #known: KnownChecksums;
  readonly #turn: Turn;
  readonly #view: DirectoryView;
  readonly #pool: SendPool;
  readonly #end = new AbortController();
  readonly #waiters = new Waiters();
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #sentBytes = 0;
  #sentObjects = 0;
  /** Whether a request was given up that may be carried out late. */
  #isAuditDue = false;

  /**
   * @param job What to do.
   * @param hooks Whom to tell what.
   * @param parts What tests replace.
   */
  constructor(
    job: FollowerJob,
    hooks: FollowerHooks,
    parts: FollowerParts = {},
  ) {
    const { host, apiKey, timeoutMs } = job.target;
    const signal = this.#end.signal;
    this.#clock = parts.clock ?? systemClock;
    this.#news = new DeliveryNews(job, hooks.reporter);
    const gate = parts.gate ?? new DeliveryGate(job.target);
    // That the key was refused to another delivery does not keep this one from hearing so at once.
    gate.hurryKey();
    this.#gate = new SpokenGate({
      gate,
      news: this.#news,
      clock: this.#clock,
      // Who waits for a place is told at once.
      isAwaited: () => this.#place.phase === "placing",
    });
    this.#known = new KnownChecksums(job.dir, this.#clock);
    this.#turn = new Turn(job.dir);
    this.#view = new DirectoryView(job.dir, this.#clock);
    this.#client = new AIStoreClient({
      host,
      apiKey,
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    this.#place = new Place(job, {
      client: this.#client,
      hooks,
      news: this.#news,
    });
    this.#stored = new StoredObjects(this.#client);
    this.#pool = new SendPool({
      dir: job.dir,
      view: this.#view,
      client: this.#client,
      stored: this.#stored,
      known: this.#known,
      turn: this.#turn,
      gate,
      clock: this.#clock,
      signal,
      demandOn: (file) => this.#waiters.demandOn(file),
      onOutcome: (file, outcome) => this.#record(file, outcome),
      onError: (error) => this.#refuse(error),
      onFree: () => this.#wake.abort(),
    });
    this.#persistence = {
      gate: new TurnEntrance({
        gate: this.#gate,
        turn: this.#turn,
        stored: this.#stored,
        isIdle: () => this.#pool.isIdle,
      }),
      clock: {
        now: () => this.#clock.now(),
        wait: (ms) => this.#restUntilWoken(ms),
      },
      signal,
      judge: (error) => this.#place.judge(error),
    };
  }

  /** Follows the directory until {@linkcode finish} is over or {@linkcode close} is called. Never rejects. */
  run(): Promise<void> {
    this.#running = this.#follow().catch((error) => this.#refuse(error)).then(
      async () => {
        this.#waiters.end();
        await this.#pool.rest();
        this.#turn.give();
        this.#note();
      },
    );
    return this.#running;
  }

  /**
   * Waits until what is in the directory now is on the server.
   *
   * @param options How long.
   * @returns How far it came.
   */
  flush(options: WaitOptions): Promise<UploadReport> {
    return this.#wait(options, false);
  }

  /**
   * Waits until everything is on the server, then stops following.
   *
   * @param options How long.
   * @returns How far it came.
   */
  async finish(options: WaitOptions): Promise<UploadReport> {
    const report = await this.#wait(options, true);
    await this.close();
    return report;
  }

  /**
   * Stops at once.
   *
   * @returns Resolves when nothing is under way any more.
   */
  async close(): Promise<void> {
    this.#end.abort();
    this.#wake.abort();
    await this.#running;
  }

  /** How much is on its way. */
  get progress(): DeliveryProgress {
    return { sentBytes: this.#client.sentBytes, ...this.#view.outstanding };
  }

  get #isOver(): boolean {
    return this.#end.signal.aborted || this.#place.isGivenUp;
  }

  async #follow(): Promise<void> {
    if (!await this.#persist(() => this.#place.find()) || this.#isOver) return;
    if (this.#place.node?.reused) {
      this.#stored.doubtAll();
      if (!await this.#persist(() => this.#stored.ask(this.#place.path))) {
        return;
      }
    }
    while (!this.#isOver) {
      this.#gate.tellRecovery();
      if (this.#isLookDue) await this.#look();
      if (this.#place.lost !== undefined && this.#pool.isIdle) {
        if (!await this.#persist(() => this.#place.findAgain())) return;
        this.#stored.doubtAll();
      }
      const waitMs = this.#place.lost === undefined
        ? this.#pool.sendDue(this.#place.path)
        : Infinity;
      for (const waiter of this.#waiters.done(this.#pool.isSettled)) {
        if (waiter.final && this.#isAuditDue) await this.#audit();
        else waiter.end();
      }
      if (this.#pool.isIdle) this.#turn.give();
      if (this.#pool.isSettled && this.#known.isDue) this.#note();
      await this.#restUntilWoken(Math.min(waitMs, this.#view.dueInMs));
    }
  }

  get #isLookDue(): boolean {
    return this.#view.dueInMs === 0 ||
      this.#waiters.wantLook(this.#view, this.#pool);
  }

  /** Makes sure that nothing that was given up has been carried out late. */
  async #audit(): Promise<void> {
    this.#isAuditDue = false;
    await this.#persist(async () => {
      for (const key of await this.#stored.audit(this.#place.path)) {
        this.#view.files.get(key)?.distrust();
      }
    });
  }

  #note(): void {
    if (this.#view.looks === 0) return;
    this.#known.save((key) => this.#view.files.has(key));
  }

  #wait(options: WaitOptions, final: boolean): Promise<UploadReport> {
    const report = (from: Waiter) => {
      this.#waiters.delete(from);
      return this.#report(from);
    };
    const waiter = new Waiter(options, { view: this.#view, final, report });
    if (this.#isOver) waiter.end();
    if (waiter.isOver) return waiter.report;
    this.#waiters.add(waiter);
    if (final) this.#view.proof.isWanted = true;
    this.#gate.hurry();
    this.#wake.abort();
    return waiter.report;
  }

  /** Repeats an operation until it succeeds; false when it is of no use or the end has come. */
  async #persist(operation: () => Promise<void>): Promise<boolean> {
    try {
      await persist(operation, this.#persistence);
      return true;
    } catch (error) {
      if (!this.#end.signal.aborted) this.#refuse(error);
      return false;
    }
  }

  async #look(): Promise<void> {
    await this.#view.look();
    this.#waiters.look();
  }

  #record(file: TrackedFile, outcome: SendOutcome): void {
    if (outcome.state !== "unreadable") this.#sentBytes += outcome.sentBytes;
    switch (outcome.state) {
      case "delivered":
        if (outcome.sent === "nothing") return this.#gate.left();
        this.#sentObjects++;
        return this.#gate.succeeded();
      case "retryable":
        this.#isAuditDue ||= outcome.error instanceof ConnectionError;
        if (isNodeMissing(outcome.error)) {
          this.#place.lost = outcome.error;
          return this.#gate.succeeded();
        }
        return this.#gate.failed(
          outcome.error,
          this.#clock.now(),
          outcome.afterMs,
        );
      case "rejected":
        this.#gate.succeeded();
        if (concernsAll(outcome.error)) return this.#refuse(outcome.error);
        return this.#news.refusedFile(file.key, file.refusal ?? "");
      case "changed":
      case "rewritten":
      case "unreadable":
        return this.#gate.left();
    }
  }

  #refuse(error: unknown): void {
    if (!this.#isOver) this.#place.giveUp(error);
  }

  async #report(waiter: Waiter): Promise<UploadReport> {
    const isFirst = this.#view.looks === 0;
    if (isFirst && this.#place.phase === "placing") await this.#look();
    const { phase, node, error = this.#gate.trouble } = this.#place;
    return makeReport(waiter, {
      view: this.#view,
      phase,
      node,
      error,
      obstacle: this.#turn.obstacle,
      requests: this.#client.requests,
      sentBytes: this.#sentBytes,
      sentObjects: this.#sentObjects,
    });
  }

  async #restUntilWoken(ms: number): Promise<void> {
    if (!this.#wake.signal.aborted) {
      await this.#clock.wait(ms, this.#wake.signal);
    }
    this.#wake = new AbortController();
  }
}
