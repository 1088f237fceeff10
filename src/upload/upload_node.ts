import { fingerprint } from "../local/fingerprint.ts";
import type { Reporter } from "../reporter.ts";
import {
  forgetIntent,
  isRemembered,
  noteTrouble,
  noteWhole,
} from "./notes/intent.ts";
import {
  type DestinationOptions,
  resolveDestination,
} from "./placing/resolve_destination.ts";
import { sayOutcome } from "./say_outcome.ts";
import { showDelivery } from "./show_delivery.ts";
import type { NodeSpec, PlacedNode, UploadReport } from "./types.ts";

/** A directory of a run or an artifact that is to be uploaded, and who may write its documents. */
export interface UploadSource {
  /** The directory. */
  readonly dir: string;
  /** What it is to become on the server. */
  readonly node: NodeSpec;
  /** Writes the upload record into the metadata, before any object is sent. */
  readonly recordUpload: (node: PlacedNode) => void;
  /** Whether it is still being written: then what comes later is not waited for. Default: false. */
  readonly isLive?: boolean;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/** Options of {@linkcode uploadNode}. */
export interface UploadNodeOptions extends DestinationOptions {
  /** How long the upload may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether a node that is gone from the server is made again; otherwise that is a refusal. Default: true. */
  readonly recreates?: boolean | undefined;
  /** Ends the upload when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Uploads the directory of a run or an artifact once, as it is now, says what became of it, and notes next to it if the
 * server has all of it.
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
  const { dir, node, reporter, isLive = false } = source;
  const { timeoutMs, signal, recreates, ...asked } = options;
  const { target, intent } = await resolveDestination(dir, asked);
  const place = { host: target.host, folder: intent.folder };
  const wasKnown = isRemembered(dir, place);
  // Most programs never come here: they need not load what delivers.
  const { deliverOnce } = await import("./delivering/deliver_once.ts");
  let before = await fingerprint(dir);
  using shown = showDelivery({ title: `Uploading "${node.name}"` });
  const report = await deliverOnce({
    dir,
    node,
    target,
    intent,
    reporter,
    timeoutMs,
    isLive,
    recreates,
    async onPlaced(placed) {
      source.recordUpload(placed);
      before = await fingerprint(dir);
    },
    onProgress: shown.onProgress,
    ...(signal === undefined ? {} : { signal }),
  });
  if (
    report.state === "refused" && report.node === undefined &&
    report.error !== undefined
  ) {
    if (wasKnown) {
      const reason = report.error.message;
      noteTrouble(dir, { ...place, state: "refused", reason, reporter });
    } else forgetIntent(dir, place);
    throw report.error;
  }
  shown[Symbol.dispose]();
  // What has changed meanwhile may have come too late.
  const after = report.state === "complete"
    ? await fingerprint(dir)
    : undefined;
  if (after !== undefined && after === before) {
    noteWhole(dir, { ...place, fingerprint: after, reporter });
  }
  const { type: kind, name } = node;
  const { host } = target;
  await sayOutcome(report, { kind, name, dir, host, intent, reporter });
  return report;
}
