import { type Clock, systemClock } from "../aistore/backoff.ts";
import { AIStoreClient } from "../aistore/client.ts";
import { classify, classifyLater } from "../aistore/outcome.ts";
import type { EmError } from "../errors.ts";
import type { Reporter } from "../reporter.ts";
import { DirectoryView } from "./directory_view.ts";
import { gateOf, type HostGate } from "./host_gate.ts";
import { noteIntent } from "./intent.ts";
import { unreachableTopic } from "./messages.ts";
import { placeNode } from "./place_node.ts";
import { asEmError, asRefusal, concernsAll } from "./refusal.ts";
import type { SendOutcome, StoredObject } from "./send_file.ts";
import { SendPool } from "./send_pool.ts";
import type { Demand, TrackedFile } from "./tracked_file.ts";
import type {
  FileTrouble,
  FollowerJob,
  PlacedNode,
  UploadReport,
  WaitOptions,
} from "./types.ts";
import { Waiter } from "./waiter.ts";

/** Whom a follower tells what. */
export interface FollowerHooks {
  /** Takes what the user is to know. */
  readonly reporter: Reporter;
  /** Is told of the node; awaited before any object is sent. */
  readonly onPlaced: (node: PlacedNode) => void | Promise<void>;
  /** Is told that there will be no node, because the name is taken. */
  readonly onSkipped: (path: string) => void;
  /** Is told that the server refuses the node. */
  readonly onRefused: (error: EmError) => void;
}

/**
 * Makes a node on a server equal to a directory, and keeps it equal until it is told that the end has come. It knows
 * the directory only by looking at it, so it works beside a thread that never yields, and for files that other
 * processes write. Objects whose files are gone stay on the server.
 */
export class Follower {
  readonly #job: FollowerJob;
  readonly #hooks: FollowerHooks;
  readonly #clock: Clock = systemClock;
  readonly #client: AIStoreClient;
  readonly #gate: HostGate;
  readonly #view: DirectoryView;
  readonly #pool: SendPool;
  readonly #end = new AbortController();
  readonly #stored = new Map<string, StoredObject>();
  readonly #waiters = new Set<Waiter>();
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #phase: "placing" | "following" | "skipped" | "refused" = "placing";
  #node: PlacedNode | undefined;
  #error: EmError | undefined;
  #sentBytes = 0;
  #sentObjects = 0;

  /**
   * @param job What to do.
   * @param hooks Whom to tell what.
   */
  constructor(job: FollowerJob, hooks: FollowerHooks) {
    const { host, apiKey, timeoutMs } = job.target;
    const signal = this.#end.signal;
    this.#job = job;
    this.#hooks = hooks;
    this.#gate = gateOf(host);
    this.#view = new DirectoryView(job.dir, this.#clock);
    this.#client = new AIStoreClient({
      host,
      apiKey,
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    this.#pool = new SendPool({
      dir: job.dir,
      view: this.#view,
      client: this.#client,
      gate: this.#gate,
      clock: this.#clock,
      signal,
      demandOn: (file) => this.#demandOn(file),
      onOutcome: (file, outcome) => this.#record(file, outcome),
      onError: (error) => this.#refuse(error),
      onFree: () => this.#wake.abort(),
    });
  }

  /** Follows the directory until {@linkcode finish} is over or {@linkcode close} is called. Never rejects. */
  run(): Promise<void> {
    this.#running = this.#follow().catch((error) => this.#refuse(error)).then(
      async () => {
        this.#endWaits();
        await this.#pool.rest();
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

  get #isOver(): boolean {
    return this.#end.signal.aborted || this.#phase === "skipped" ||
      this.#phase === "refused";
  }

  async #follow(): Promise<void> {
    if (!await this.#persist(() => this.#place()) || this.#isOver) return;
    if (this.#node?.reused && !await this.#persist(() => this.#listStored())) {
      return;
    }
    while (!this.#isOver) {
      if (this.#view.dueInMs === 0 || this.#isLookWanted()) await this.#look();
      const waitMs = this.#pool.sendDue(this.#node?.path ?? "");
      for (const waiter of this.#waiters) {
        if (waiter.isDone(this.#pool.isSettled)) waiter.end();
      }
      await this.#sleep(Math.min(waitMs, this.#view.dueInMs));
    }
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
    this.#gate.hurry();
    this.#wake.abort();
    return waiter.report;
  }

  #endWaits(): void {
    for (const waiter of this.#waiters) waiter.end();
  }

  /** Repeats an operation until it succeeds; false when it is of no use or the end has come. */
  async #persist(operation: () => Promise<void>): Promise<boolean> {
    while (!this.#end.signal.aborted) {
      const waitMs = this.#gate.tryEnter(this.#clock.now());
      if (waitMs > 0) {
        this.#tellTrouble();
        await this.#sleep(waitMs);
        continue;
      }
      try {
        await operation();
        this.#reached();
        return true;
      } catch (error) {
        if (this.#end.signal.aborted) break;
        const failure = this.#node === undefined
          ? classify(error)
          : classifyLater(error);
        if (failure.state === "rejected") {
          this.#reached();
          this.#refuse(error);
          return false;
        }
        this.#pause(failure.error, failure.afterMs);
      }
    }
    this.#gate.left();
    return false;
  }

  async #place(): Promise<void> {
    const { node, intent, known } = this.#job;
    const placement = await placeNode(this.#client, { node, intent, known });
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

  async #listStored(): Promise<void> {
    for await (
      const object of this.#client.listObjects(this.#node?.path ?? "")
    ) {
      const { size_bytes: sizeBytes, checksum } = object;
      this.#stored.set(object.path.replace(/^\/+/, ""), {
        sizeBytes,
        checksum,
      });
    }
  }

  async #look(): Promise<void> {
    await this.#view.look(this.#stored);
    for (const waiter of this.#waiters) waiter.look();
  }

  /** Whether somebody waits for a look at the directory that is later than the last one. */
  #isLookWanted(): boolean {
    for (const { sinceLook, final } of this.#waiters) {
      if (this.#view.looks < sinceLook) return true;
      if (
        final && this.#pool.isIdle && !this.#pool.isSettled &&
        !this.#view.hasOutstanding
      ) return true;
    }
    return false;
  }

  #demandOn(file: TrackedFile): Demand | undefined {
    let sinceLook: number | undefined;
    for (const waiter of this.#waiters) {
      if (waiter.wants(file)) {
        sinceLook = Math.max(sinceLook ?? 0, waiter.sinceLook);
      }
    }
    return sinceLook === undefined ? undefined : { sinceLook };
  }

  #record(file: TrackedFile, outcome: SendOutcome): void {
    if (outcome.state !== "unreadable") this.#sentBytes += outcome.sentBytes;
    switch (outcome.state) {
      case "delivered":
        if (!outcome.sent) return this.#gate.left();
        this.#sentObjects++;
        return this.#reached();
      case "retryable":
        return this.#pause(outcome.error, outcome.afterMs);
      case "rejected":
        this.#reached();
        if (concernsAll(outcome.error)) return this.#refuse(outcome.error);
        return this.#hooks.reporter.warn(
          `refused ${this.#job.dir} ${file.key}`,
          `"${file.key}" of "${this.#job.dir}" is not uploaded: ${file.refusal}`,
        );
      case "changed":
      case "unreadable":
        return this.#gate.left();
    }
  }

  #pause(error: unknown, afterMs: number | undefined): void {
    this.#gate.failed(this.#clock.now(), afterMs);
    this.#gate.trouble = asEmError(error);
    this.#tellTrouble();
  }

  #tellTrouble(): void {
    const { trouble } = this.#gate;
    if (trouble === undefined) return;
    const { dir, target } = this.#job;
    this.#hooks.reporter.warn(
      unreachableTopic(target.host),
      `${trouble.message}; nothing is lost: it is delivered from "${dir}" when the server answers`,
    );
  }

  /** Takes note that the server works, and says so if it did not before. */
  #reached(): void {
    if (!this.#gate.succeeded()) return;
    this.#hooks.reporter.info(
      `AIStore server "${this.#job.target.host}" answers again, delivery goes on`,
    );
  }

  /** Ends the delivery because of something that trying again does not change. */
  #refuse(error: unknown): void {
    if (this.#isOver) return;
    const wasPlacing = this.#phase === "placing";
    this.#phase = "refused";
    this.#error = asRefusal(error, this.#node);
    if (wasPlacing) return this.#hooks.onRefused(this.#error);
    this.#hooks.reporter.warn(
      `refused ${this.#job.dir}`,
      `"${this.#job.dir}" is no longer uploaded: ${this.#error.message}`,
    );
  }

  async #report(waiter: Waiter): Promise<UploadReport> {
    if (this.#view.looks === 0 && this.#phase === "placing") await this.#look();
    const pending: FileTrouble[] = [];
    const refused: FileTrouble[] = [];
    for (const file of this.#view.files.values()) {
      if (file.isRefused) {
        refused.push({ path: file.key, reason: file.refusal ?? "" });
      } else if (!waiter.hasGot(file)) {
        pending.push({
          path: file.key,
          reason: file.trouble ?? "it was not sent yet",
        });
      }
    }
    for (const [path, reason] of this.#view.unreadable) {
      pending.push({ path, reason });
    }
    const error = this.#error ?? this.#gate.trouble;
    return {
      state: this.#state(pending, refused),
      ...(this.#node === undefined
        ? {}
        : { node: this.#node, webUrl: this.#node.webUrl }),
      requests: this.#client.requests,
      sentBytes: this.#sentBytes,
      sentObjects: this.#sentObjects,
      pending,
      refused,
      ...(error === undefined ? {} : { error }),
    };
  }

  #state(
    pending: readonly FileTrouble[],
    refused: readonly FileTrouble[],
  ): UploadReport["state"] {
    if (this.#phase === "skipped" || this.#phase === "refused") {
      return this.#phase;
    }
    if (pending.length > 0 || this.#phase === "placing") return "pending";
    return refused.length > 0 ? "refused" : "complete";
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#wake.signal.aborted) {
      await this.#clock.wait(ms, this.#wake.signal);
    }
    this.#wake = new AbortController();
  }
}
