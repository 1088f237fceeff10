import { requireNetPermission } from "../aistore/host.ts";
import { stderrReporter } from "../reporter.ts";
import { Follower } from "./follower.ts";
import { noteIntent, rememberedNode } from "./intent.ts";
import type { DeliverOnceOptions, FollowerJob, UploadReport } from "./types.ts";

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
  const job: FollowerJob = { dir, node, target, intent, known };
  noteIntent(job, { reporter });
  const follower = new Follower(job, {
    reporter,
    onPlaced: (placed) => options.onPlaced?.(placed),
    onSkipped: () => {},
    onRefused: () => {},
  });
  follower.run();
  return await follower.finish({ timeoutMs, signal });
}
