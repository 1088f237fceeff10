import type { EmError } from "../../errors.ts";
import type { DirectoryView } from "./directory_view.ts";
import type { FileTrouble, PlacedNode, UploadReport } from "../types.ts";
import type { Waiter } from "./waiter.ts";

/** Where a delivery stands. */
export type DeliveryPhase = "placing" | "following" | "skipped" | "refused";

/** What a report is made of. */
export interface ReportSource {
  /** The directory. */
  readonly view: DirectoryView;
  /** Where the delivery stands. */
  readonly phase: DeliveryPhase;
  /** The node, once it is known. */
  readonly node: PlacedNode | undefined;
  /** What stands in the way of the whole delivery. */
  readonly error: EmError | undefined;
  /** Why nothing can be sent at the moment, if so. */
  readonly obstacle: string | undefined;
  /** How many requests were sent. */
  readonly requests: number;
  /** How many bytes of objects were sent. */
  readonly sentBytes: number;
  /** How many objects were sent. */
  readonly sentObjects: number;
}

/**
 * Says how far a delivery has come, as far as somebody waits for it.
 *
 * @param waiter Who waits.
 * @param source What is known.
 * @returns The report.
 */
export function makeReport(
  waiter: Waiter,
  source: ReportSource,
): UploadReport {
  const { view, phase, node, error, obstacle } = source;
  const { requests, sentBytes, sentObjects } = source;
  const pending: FileTrouble[] = [];
  const refused: FileTrouble[] = [];
  for (const file of view.files.values()) {
    const path = file.key;
    if (file.isRefused) {
      refused.push({ path, reason: file.refusal ?? "" });
    } else if (!waiter.hasGot(file)) {
      const reason = file.trouble ?? obstacle ?? "it was not sent yet";
      pending.push({ path, reason });
    }
  }
  for (const [path, reason] of view.unreadable) pending.push({ path, reason });
  return {
    state: stateOf(phase, pending, refused),
    ...(node === undefined ? {} : { node, webUrl: node.webUrl }),
    requests,
    sentBytes,
    sentObjects,
    pending,
    refused,
    ...(error === undefined ? {} : { error }),
  };
}

function stateOf(
  phase: DeliveryPhase,
  pending: readonly FileTrouble[],
  refused: readonly FileTrouble[],
): UploadReport["state"] {
  if (phase === "skipped" || phase === "refused") return phase;
  if (pending.length > 0 || phase === "placing") return "pending";
  return refused.length > 0 ? "refused" : "complete";
}
