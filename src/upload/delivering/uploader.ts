import { Follower, type FollowerHooks } from "../following/follower.ts";
import { Lineage, type LineageReport } from "../lineage/lineage.ts";
import type {
  DeliveryProgress,
  FollowerJob,
  UploadReport,
  WaitOptions,
} from "../types.ts";

/**
 * Delivers a directory with all that belongs to it: its files, and, if it is a run's, what the run used and produced.
 */
export class Uploader {
  readonly #follower: Follower;
  readonly #lineage: Lineage | undefined;

  /**
   * @param job What to do.
   * @param hooks Whom to tell what.
   */
  constructor(job: FollowerJob, hooks: FollowerHooks) {
    const lineage = job.node.type === "Run"
      ? new Lineage(job, hooks.reporter)
      : undefined;
    this.#lineage = lineage;
    this.#follower = new Follower(job, {
      ...hooks,
      async onPlaced(node) {
        await hooks.onPlaced(node);
        lineage?.begin(node);
      },
    });
  }

  /** How much is on its way. */
  get progress(): DeliveryProgress {
    const { progress } = this.#follower;
    const more = this.#lineage?.progress;
    if (more === undefined) return progress;
    return {
      sentBytes: progress.sentBytes + more.sentBytes,
      pendingBytes: progress.pendingBytes + more.pendingBytes,
      pendingFiles: progress.pendingFiles + more.pendingFiles,
    };
  }

  /** Delivers until {@linkcode finish} is over or {@linkcode close} is called. Never rejects. */
  run(): void {
    this.#follower.run();
  }

  /**
   * Waits until what is there now is on the server.
   *
   * @param options How long.
   * @returns How far it came.
   */
  flush(options: WaitOptions): Promise<UploadReport> {
    return this.#wait(options, this.#follower.flush(options));
  }

  /**
   * Waits until everything is on the server, then ends the delivery.
   *
   * @param options How long.
   * @returns How far it came.
   */
  async finish(options: WaitOptions): Promise<UploadReport> {
    const report = await this.#wait(options, this.#follower.finish(options));
    await this.#lineage?.close();
    return report;
  }

  /**
   * Stops at once.
   *
   * @returns Resolves when nothing is under way any more.
   */
  async close(): Promise<void> {
    await Promise.all([this.#follower.close(), this.#lineage?.close()]);
  }

  async #wait(
    options: WaitOptions,
    files: Promise<UploadReport>,
  ): Promise<UploadReport> {
    const lineage = this.#lineage;
    if (lineage === undefined) return await files;
    const links = lineage.wait(options);
    const report = await files;
    const isOver = report.state === "refused" && report.error !== undefined;
    // Without a node there is nothing to connect.
    if (report.node === undefined || isOver) lineage.giveUp();
    return merge(report, await links);
  }
}

function merge(files: UploadReport, links: LineageReport): UploadReport {
  const pending = [...files.pending, ...links.pending];
  const refused = [...files.refused, ...links.refused];
  const error = files.error ?? links.error;
  const all: UploadReport = {
    ...files,
    requests: files.requests + links.requests,
    sentBytes: files.sentBytes + links.sentBytes,
    sentObjects: files.sentObjects + links.sentObjects,
    pending,
    refused,
    ...(error === undefined ? {} : { error }),
  };
  if (files.state === "skipped" || files.state === "refused") return all;
  if (pending.length > 0 || files.state === "pending") {
    return { ...all, state: "pending" };
  }
  const isWhole = refused.length === 0 && links.error === undefined;
  return { ...all, state: isWhole ? "complete" : "refused" };
}
