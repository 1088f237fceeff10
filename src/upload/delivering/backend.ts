import type { EmError } from "../../errors.ts";
import type { Reporter } from "../../reporter.ts";
import { toError, toReport } from "./error_data.ts";
import { reportProgress } from "./report_progress.ts";
import { Uploader } from "./uploader.ts";
import type { FromWorker } from "./messages.ts";
import type {
  DeliveryProgress,
  FollowerJob,
  PlacedNode,
  UploadReport,
  WaitOptions,
} from "../types.ts";
import type { WorkerHost } from "./worker_host.ts";

/** Whom a delivery tells what, wherever it lives. */
export interface BackendHooks {
  /** Takes what the user is to know. */
  readonly reporter: Reporter;
  /** Is told of the node. */
  readonly onPlaced: (node: PlacedNode) => void;
  /** Is told that there will be no node, because the name is taken. */
  readonly onSkipped: (path: string) => void;
  /** Is told that the server refuses the node. */
  readonly onRefused: (error: EmError) => void;
  /** Is told that the thread has died, and with it the delivery. */
  readonly onLost: () => void;
}

/** Where a delivery lives. */
export interface Backend {
  /**
   * Waits for everything to be delivered.
   *
   * @param options How long.
   * @param final Whether the delivery ends then.
   * @returns How far it came; undefined if the delivery has ended here, or its thread has died.
   */
  wait(options: WaitOptions, final: boolean): Promise<UploadReport | undefined>;
  /**
   * Delivers what is there while the process ends.
   *
   * @param timeoutMs The longest time to block, in milliseconds.
   * @returns Whether the server has everything.
   */
  finishBlocking(timeoutMs: number): boolean;
  /** Ends the delivery at once. */
  close(): void;
}

const GRACE_MS = 2000;

/** A delivery on this thread. */
export class MainBackend implements Backend {
  readonly #uploader: Uploader;

  /**
   * @param job What to do.
   * @param hooks Whom to tell what.
   */
  constructor(job: FollowerJob, hooks: BackendHooks) {
    this.#uploader = new Uploader(job, hooks);
    this.#uploader.run();
  }

  async wait(options: WaitOptions, final: boolean): Promise<UploadReport> {
    using _progress = reportProgress(this.#uploader, options.onProgress);
    return await (final
      ? this.#uploader.finish(options)
      : this.#uploader.flush(options));
  }

  finishBlocking(): boolean {
    return false;
  }

  close(): void {
    this.#uploader.close();
  }
}

/** A delivery on the worker. */
export class WorkerBackend implements Backend {
  readonly #host: WorkerHost;
  readonly #hooks: BackendHooks;
  readonly #id: number;
  readonly #requests = new Map<
    number,
    (report: UploadReport | undefined) => void
  >();
  readonly #watchers = new Map<number, (progress: DeliveryProgress) => void>();
  #nextRequest = 1;

  /**
   * @param host The worker.
   * @param job What to do.
   * @param hooks Whom to tell what.
   */
  constructor(host: WorkerHost, job: FollowerJob, hooks: BackendHooks) {
    this.#host = host;
    this.#hooks = hooks;
    this.#id = host.join({
      receive: (message) => this.#receive(message),
      lost: () => this.#lost(),
    });
    host.post({ kind: "start", id: this.#id, job });
  }

  async wait(
    { timeoutMs, signal, onProgress }: WaitOptions,
    final: boolean,
  ): Promise<UploadReport | undefined> {
    const id = this.#id;
    const request = this.#nextRequest++;
    const giveUp = () => this.#host.post({ kind: "give-up", id, request });
    if (!this.#host.isAlive) return undefined;
    // The worker keeps the time. This timer keeps the process alive, and a worker that is stuck from holding it up.
    const guard = setTimeout(
      () => this.#requests.get(request)?.(undefined),
      timeoutMs + GRACE_MS,
    );
    try {
      const answer = new Promise<UploadReport | undefined>((resolve) =>
        this.#requests.set(request, resolve)
      );
      if (onProgress !== undefined) this.#watchers.set(request, onProgress);
      const progress = onProgress !== undefined;
      this.#host.post({
        kind: "wait",
        id,
        request,
        final,
        timeoutMs,
        progress,
      });
      if (signal?.aborted) giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
      return await answer;
    } finally {
      clearTimeout(guard);
      signal?.removeEventListener("abort", giveUp);
      this.#requests.delete(request);
      this.#watchers.delete(request);
      if (final) {
        this.#host.post({ kind: "close", id });
        await this.#host.leave(id);
      }
    }
  }

  finishBlocking(timeoutMs: number): boolean {
    if (!this.#host.isAlive) return false;
    const flag = new SharedArrayBuffer(4);
    const view = new Int32Array(flag);
    this.#host.post({ kind: "last-call", id: this.#id, timeoutMs, flag });
    Atomics.wait(view, 0, 0, timeoutMs);
    return Atomics.load(view, 0) === 1;
  }

  close(): void {
    this.#host.post({ kind: "close", id: this.#id });
    this.#host.leave(this.#id);
    this.#endRequests();
  }

  #receive(message: FromWorker): void {
    const { reporter, onPlaced, onSkipped, onRefused } = this.#hooks;
    switch (message.kind) {
      case "placed":
        return onPlaced(message.node);
      case "skipped":
        return onSkipped(message.path);
      case "refused":
        return onRefused(toError(message.error));
      case "progress":
        return this.#watchers.get(message.request)?.(message.progress);
      case "report":
        return this.#requests.get(message.request)?.(toReport(message.report));
      case "info":
        return reporter.info(message.message, message.ends);
      case "warn":
        return reporter.warn(message.topic, message.message);
    }
  }

  #lost(): void {
    this.#hooks.onLost();
    this.#endRequests();
  }

  #endRequests(): void {
    for (const resolve of this.#requests.values()) resolve(undefined);
  }
}
