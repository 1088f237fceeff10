import { resolveTarget } from "../aistore/session.ts";
import type { Reporter } from "../reporter.ts";
import { sayOutcome } from "./say_outcome.ts";
import type { NodeSpec, PlacedNode, UploadReport } from "./types.ts";
import { resolveUploadOptions, type UploadOptions } from "./upload_options.ts";

/** A directory of a run or an artifact that is to be uploaded, and who may write its documents. */
export interface UploadSource {
  /** The directory. */
  readonly dir: string;
  /** What it is to become on the server. */
  readonly node: NodeSpec;
  /** Writes the upload record into the metadata, before any object is sent. */
  readonly recordUpload: (node: PlacedNode) => void;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/** Options of {@linkcode uploadNode}. */
export interface UploadNodeOptions extends UploadOptions {
  /** How long the upload may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the upload when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Uploads the directory of a run or an artifact once, as it is now, and says what became of it.
 *
 * @param source The directory.
 * @param options Where to.
 * @returns What arrived.
 * @throws {EmError} If no server is known, or it refuses the node as a whole.
 */
export async function uploadNode(
  source: UploadSource,
  options: UploadNodeOptions,
): Promise<UploadReport> {
  const { dir, node, reporter } = source;
  const intent = resolveUploadOptions(options);
  const target = await resolveTarget();
  // Most programs never come here: they need not load what delivers.
  const { deliverOnce } = await import("./deliver_once.ts");
  const report = await deliverOnce({
    dir,
    node,
    target,
    intent,
    reporter,
    timeoutMs: options.timeoutMs,
    onPlaced: source.recordUpload,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (
    report.state === "refused" && report.node === undefined &&
    report.error !== undefined
  ) throw report.error;
  const { type: kind, name } = node;
  sayOutcome(report, { kind, name, dir, intent, reporter });
  return report;
}
