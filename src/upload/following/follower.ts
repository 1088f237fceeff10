import { type Clock, systemClock } from "../../aistore/backoff.ts";
import { AIStoreClient } from "../../aistore/client.ts";
import { isNodeMissing } from "../../aistore/answers.ts";
import { classify, type Failure } from "../../aistore/outcome.ts";
import {
  AuthenticationError,
  ConnectionError,
  type EmError,
} from "../../errors.ts";
import { DeliveryGate } from "../gate/delivery_gate.ts";
import { DeliveryNews } from "../gate/delivery_news.ts";
import { DirectoryView } from "./directory_view.ts";
import type { FollowerHooks, FollowerParts } from "./follower_hooks.ts";
import { noteIntent } from "../notes/intent.ts";
import { KnownChecksums } from "../../local/known_checksums.ts";
import { doubtKey, hopeForKey } from "../gate/persist.ts";
import { placeNode } from "../placing/place_node.ts";
import { asRefusal, concernsAll } from "../gate/refusal.ts";
import type { SendOutcome } from "../sending/send_file.ts";
import { SendPool } from "./send_pool.ts";
import { StoredObjects } from "../sending/stored_objects.ts";
import type { TrackedFile } from "./tracked_file.ts";
import { Turn } from "../notes/turn.ts";
import type {
  DeliveryProgress,
  FollowerJob,
  PlacedNode,
  UploadReport,
  WaitOptions,
} from "../types.ts";
import { type DeliveryPhase, makeReport } from "./upload_report.ts";
import { Waiter } from "./waiter.ts";
import { Waiters } from "./waiters.ts";

export type { FollowerHooks, FollowerParts } from "./follower_hooks.ts";

/** While somebody else has the turn, ask this often for it, in milliseconds. */
const TURN_POLL_MS = 100;

/**
 * Makes a node on a server equal to a directory, and keeps it equal until it is told that the end has come. It knows
 * the directory only by looking at it, so it works beside a thread that never yields, and for files that other
 * processes write. Objects whose files are gone stay on the server.
 */
export class Follower {
  readonly #job: FollowerJob;
  readonly #hooks: FollowerHooks;
  readonly #clock: Clock;
  readonly #client: AIStoreClient;
  readonly #gate: DeliveryGate;
  readonly #news: DeliveryNews;
  readonly #doubtKey: ReturnType<typeof doubtKey>;
  readonly #stored: StoredObjects;
  readonly #known: KnownChecksums;
  readonly #turn: Turn;
  readonly #view: DirectoryView;
  readonly #pool: SendPool;
  readonly #end = new AbortController();
  readonly #waiters = new Waiters();
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #phase: DeliveryPhase = "placing";
  #node: PlacedNode | undefined;
  #error: EmError | undefined;
  #sentBytes = 0;
  #sentObjects = 0;
  /** Why the node is not where it was, if so. */
  #lost: unknown;
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
    this.#job = job;
    this.#hooks = hooks;
    this.#clock = parts.clock ?? systemClock;
    this.#gate = parts.gate ?? new DeliveryGate(job.target);
    this.#news = new DeliveryNews(job, hooks.reporter);
    this.#known = new KnownChecksums(job.dir, this.#clock);
    this.#turn = new Turn(job.dir);
    this.#view = new DirectoryView(job.dir, this.#clock);
    this.#client = new AIStoreClient({
      host,
      apiKey,
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    this.#doubtKey = doubtKey(this.#client);
    this.#stored = new StoredObjects(this.#client);
    this.#pool = new SendPool({
      dir: job.dir,
      view: this.#view,
      client: this.#client,
      stored: this.#stored,
      known: this.#known,
      turn: this.#turn,
      gate: this.#gate,
      clock: this.#clock,
      signal,
      demandOn: (file) => this.#waiters.demandOn(file),
      onOutcome: (file, outcome) => this.#record(file, outcome),
      onError: (error) => this.#refuse(error),
      onFree: () => this.#wake.abort(),
    });
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
    return this.#end.signal.aborted || this.#phase === "skipped" ||
      this.#phase === "refused";
  }

  async #follow(): Promise<void> {
    if (!await this.#persist(() => this.#place()) || this.#isOver) return;
    if (this.#node?.reused) {
      this.#stored.doubtAll();
      if (!await this.#persist(() => this.#stored.ask(this.#path))) return;
    }
    while (!this.#isOver) {
      this.#tellRecovery();
      if (this.#isLookDue) await this.#look();
      if (this.#lost !== undefined && this.#pool.isIdle) {
        if (!await this.#persist(() => this.#findNode())) return;
      }
      const waitMs = this.#lost === undefined
        ? this.#pool.sendDue(this.#path)
        : Infinity;
      for (const waiter of this.#waiters.done(this.#pool.isSettled)) {
        if (waiter.final && this.#isAuditDue) await this.#audit();
        else waiter.end();
      }
      if (this.#pool.isIdle) this.#turn.give();
      if (this.#pool.isSettled && this.#known.isDue) this.#note();
      await this.#sleep(Math.min(waitMs, this.#view.dueInMs));
    }
  }

  get #isLookDue(): boolean {
    return this.#view.dueInMs === 0 ||
      this.#waiters.wantLook(this.#view, this.#pool);
  }

  get #path(): string {
    return this.#node?.path ?? "";
  }

  /** Makes sure that nothing that was given up has been carried out late. */
  async #audit(): Promise<void> {
    this.#isAuditDue = false;
    await this.#persist(async () => {
      for (const key of await this.#stored.audit(this.#path)) {
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
    while (!this.#end.signal.aborted) {
      const turn = this.#turn.take();
      if (turn === "busy") {
        await this.#sleep(TURN_POLL_MS);
        continue;
      }
      if (turn === "taken after another") this.#stored.doubtAll();
      const waitMs = this.#gate.tryEnter(this.#clock.now());
      if (waitMs > 0) {
        if (this.#pool.isIdle) this.#turn.give();
        this.#tellTrouble();
        await this.#sleep(waitMs);
        continue;
      }
      try {
        await operation();
        this.#reached();
        return true;
      } catch (error) {
        const failure = await this.#classify(error);
        if (this.#end.signal.aborted) break;
        if (failure.state === "rejected") {
          this.#gate.refused(error);
          this.#refuse(error);
          return false;
        }
        this.#pause(failure);
      }
    }
    this.#gate.left();
    return false;
  }

  /** What it means that a request failed that concerns the whole delivery. A key that was good may be good again. */
  async #classify(error: unknown): Promise<Failure> {
    if (this.#node !== undefined) return hopeForKey(error);
    if (this.#job.isKeyProven) return await this.#doubtKey(error);
    const hopes = error instanceof AuthenticationError && this.#news.hadTrouble;
    return hopes ? { state: "retryable", error } : classify(error);
  }

  async #place(): Promise<void> {
    const { node, intent, known, recreates } = this.#job;
    const placement = await placeNode(this.#client, {
      node,
      intent,
      known,
      recreates,
    });
    if (placement.state === "skipped") {
      this.#phase = "skipped";
      return this.#hooks.onSkipped(placement.path);
    }
    this.#node = placement.node;
    noteIntent(this.#job, {
      node: placement.node,
      reporter: this.#hooks.reporter,
    });
    await this.#hooks.onPlaced(placement.node);
    this.#phase = "following";
  }

  /** Finds the node that is not where it was: somebody may have moved or renamed it. */
  async #findNode(): Promise<void> {
    const node = this.#node;
    const found = node && await this.#client.node(node.id);
    if (node === undefined || found?.path === undefined) throw this.#lost;
    if (found.path === node.path) {
      throw new ConnectionError(node.host, `it denies "${node.path}"`);
    }
    this.#lost = undefined;
    this.#node = { ...node, path: found.path };
    this.#stored.doubtAll();
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
        return this.#reached();
      case "retryable":
        this.#isAuditDue ||= outcome.error instanceof ConnectionError;
        if (!isNodeMissing(outcome.error)) {
          return this.#pause(outcome);
        }
        this.#lost = outcome.error;
        return this.#reached();
      case "rejected":
        this.#reached();
        if (concernsAll(outcome.error)) return this.#refuse(outcome.error);
        return this.#news.refusedFile(file.key, file.refusal ?? "");
      case "changed":
      case "rewritten":
      case "unreadable":
        return this.#gate.left();
    }
  }

  #pause({ error, afterMs }: Extract<Failure, { state: "retryable" }>): void {
    this.#gate.failed(error, this.#clock.now(), afterMs);
    this.#tellTrouble();
  }

  #tellTrouble(): void {
    const { trouble } = this.#gate;
    // Who waits for a place is told at once.
    const isTold = this.#gate.tellsTrouble(this.#clock.now()) ||
      this.#phase === "placing";
    if (trouble !== undefined && isTold) this.#news.trouble(trouble);
  }

  /** Takes note that the server works, and says so if it did not before. */
  #reached(): void {
    this.#gate.succeeded();
    this.#tellRecovery();
  }

  #tellRecovery(): void {
    const recovery = this.#gate.takeRecovery(this.#clock.now());
    if (recovery !== undefined) this.#news.recovered(recovery);
  }

  /** Ends the delivery because of something that trying again does not change. */
  #refuse(error: unknown): void {
    if (this.#isOver) return;
    const wasPlacing = this.#phase === "placing";
    this.#phase = "refused";
    this.#error = asRefusal(error, this.#node);
    if (wasPlacing) return this.#hooks.onRefused(this.#error);
    this.#news.refused(this.#error);
  }

  async #report(waiter: Waiter): Promise<UploadReport> {
    if (this.#view.looks === 0 && this.#phase === "placing") await this.#look();
    return makeReport(waiter, {
      view: this.#view,
      phase: this.#phase,
      node: this.#node,
      error: this.#error ?? this.#gate.trouble,
      obstacle: this.#turn.obstacle,
      requests: this.#client.requests,
      sentBytes: this.#sentBytes,
      sentObjects: this.#sentObjects,
    });
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#wake.signal.aborted) {
      await this.#clock.wait(ms, this.#wake.signal);
    }
    this.#wake = new AbortController();
  }
}
