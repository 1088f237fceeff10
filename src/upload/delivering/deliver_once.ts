import { requireNetPermission } from "../../aistore/host.ts";
import { stderrReporter } from "../../reporter.ts";
import { reportProgress } from "./report_progress.ts";
import { tellPlaced } from "../placing/tell_placed.ts";
import { Uploader } from "./uploader.ts";
import { noteIntent, rememberedNode } from "../notes/intent.ts";
import type {
  DeliverOnceOptions,
  FollowerJob,
  UploadReport,
} from "../types.ts";

/**
 * Uploads a directory once, on this thread: gives it its node, asks what the server has, and sends what differs.
 *
 * @param options What to upload, and where.
 * @returns How far it came; a refusal of the node is `refused` with its `error`.
 * @throws {PermissionError} If this process may not reach the server.
 */
export async function deliverOnce(
  options: DeliverOnceOptions,
): Promise<UploadReport> {
  const {
    dir,
    node,
    target,
    intent,
    timeoutMs,
    signal,
    reporter = stderrReporter,
  } = options;
  requireNetPermission(target.host);
  const known = options.knownNode ??
    rememberedNode(dir, { host: target.host, folder: intent.folder });
  const { recreates } = options;
  const job: FollowerJob = { dir, node, target, intent, known, recreates };
  noteIntent(job, { reporter });
  const uploader = new Uploader(job, {
    reporter,
    onPlaced: (placed) => tellPlaced({ ...options, reporter }, placed),
    onSkipped: () => {},
    onRefused: () => {},
  });
  uploader.run();
  using _progress = reportProgress(uploader, options.onProgress);
  if (!options.isLive) return await uploader.finish({ timeoutMs, signal });
  const report = await uploader.flush({ timeoutMs, signal });
  await uploader.close();
  return report;
}
