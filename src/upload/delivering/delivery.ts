import { requireNetPermission } from "../../aistore/host.ts";
import type { EmError } from "../../errors.ts";
import { stderrReporter } from "../../reporter.ts";
import {
  type Backend,
  type BackendHooks,
  MainBackend,
  WorkerBackend,
} from "./backend.ts";
import { noteIntent, rememberedNode } from "../notes/intent.ts";
import type {
  Delivery,
  DeliveryOptions,
  FollowerJob,
  Placement,
  UploadReport,
  WaitOptions,
} from "../types.ts";
import { warnNotNoted } from "../placing/tell_placed.ts";
import { prepareWorker, type WorkerHost } from "./worker_host.ts";

/**
 * Begins to deliver a directory in the background. Nothing is waited for: whether the server can be reached, and what
 * it says, comes through the {@linkcode Delivery}.
 *
 * @param options What to deliver, and where.
 * @returns The delivery.
 * @throws {PermissionError} If this process may not reach the server.
 */
export async function startDelivery(
  options: DeliveryOptions,
): Promise<Delivery> {
  const {
    dir,
    node,
    target,
    intent,
    mode = "worker",
    reporter = stderrReporter,
  } = options;
  requireNetPermission(target.host);
  const known = rememberedNode(dir, {
    host: target.host,
    folder: intent.folder,
  });
  const { recreates } = options;
  const job: FollowerJob = { dir, node, target, intent, known, recreates };
  noteIntent(job, { reporter });
  const getHost = mode === "worker" ? await prepareWorker(reporter) : undefined;
  return new BackgroundDelivery(job, { ...options, reporter, getHost });
}

interface StartOptions extends DeliveryOptions {
  readonly reporter: NonNullable<DeliveryOptions["reporter"]>;
  readonly getHost: (() => WorkerHost) | undefined;
}

class BackgroundDelivery implements Delivery {
  readonly placement: Promise<Placement>;
  readonly #hooks: BackendHooks;
  #job: FollowerJob;
  #backend: Backend;
  #closed = false;
  #finished: Promise<UploadReport> | undefined;

  constructor(job: FollowerJob, options: StartOptions) {
    const { promise, resolve, reject } = Promise.withResolvers<Placement>();
    promise.catch(() => {});
    this.placement = promise;
    this.#job = job;
    this.#hooks = {
      reporter: options.reporter,
      onPlaced: (node) => {
        this.#job = { ...this.#job, known: node };
        resolve({ state: "placed", node });
        // It is no part of the delivery, and must not end the process.
        try {
          options.onPlaced?.(node);
        } catch (error) {
          warnNotNoted(options, { node, error });
        }
      },
      onSkipped: (path) => resolve({ state: "skipped", path }),
      onRefused: (error: EmError) => reject(error),
      onLost: () => this.#moveHere(),
    };
    this.#backend = options.getHost === undefined
      ? new MainBackend(job, this.#hooks)
      : new WorkerBackend(options.getHost(), job, this.#hooks);
  }

  flush(options: WaitOptions): Promise<UploadReport> {
    return this.#finished ?? this.#wait(options, false);
  }

  finish(options: WaitOptions): Promise<UploadReport> {
    return this.#finished ??= this.#wait(options, true);
  }

  finishBlocking(timeoutMs: number): boolean {
    return this.#backend.finishBlocking(timeoutMs);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#backend.close();
  }

  async #wait(options: WaitOptions, final: boolean): Promise<UploadReport> {
    const endMs = Date.now() + options.timeoutMs;
    while (!this.#closed) {
      const timeoutMs = Math.max(0, endMs - Date.now());
      const backend = this.#backend;
      const report = await backend.wait({ ...options, timeoutMs }, final);
      if (report !== undefined) return report;
      if (backend === this.#backend) break;
    }
    return this.#endedReport();
  }

  /** What is known when the delivery was ended from outside. */
  #endedReport(): UploadReport {
    const pending = [{
      path: this.#job.dir,
      reason: "the upload was ended before it was complete",
    }];
    return {
      state: "pending",
      requests: 0,
      sentBytes: 0,
      sentObjects: 0,
      pending,
      refused: [],
    };
  }

  /** Goes on after the worker's death, on this thread. */
  #moveHere(): void {
    if (this.#closed) return;
    this.#hooks.reporter.warn(
      "worker lost",
      `The thread that uploads has died; uploading goes on and shares the thread of this script`,
    );
    this.#backend = new MainBackend(this.#job, this.#hooks);
  }
}
