/**
 * The status of a run.
 *
 * @module
 */

import type { JSX } from "preact";
import type { RunFacts } from "../api/types.ts";
import { COMMON } from "../text/common.ts";

/** A run that says that it is running, and of which nothing came for so long, is silent. */
const SILENT_MS = 10 * 60_000;

/** What a run is doing, told from what it says and from when it said so. */
export type RunState =
  | "running"
  | "silent"
  | "complete"
  | "error"
  | "other"
  | "none";

/** Tells live and stale running runs apart. */
export function runState(run: RunFacts | null, now = Date.now()): RunState {
  switch (run?.status ?? null) {
    case null:
      return "none";
    case "Running":
      return now - (run?.arrived ?? 0) > SILENT_MS ? "silent" : "running";
    case "Complete":
      return "complete";
    case "Error":
      return "error";
    default:
      return "other";
  }
}

const LOOKS = {
  running: "live",
  silent: "warn",
  complete: "good",
  error: "bad",
  other: "none",
  none: "none",
} as const;

/** Shows the status of a run. */
export function Status(
  { run }: { readonly run: RunFacts | null },
): JSX.Element {
  const state = runState(run);
  if (state === "none") return <span class="muted">–</span>;
  const text = state === "other" ? run?.status ?? "" : COMMON[state]();
  return (
    <span
      class={`status ${LOOKS[state]}`}
      {...(state === "silent" ? { title: COMMON.silentHint() } : {})}
    >
      <span class="user-text">{text}</span>
    </span>
  );
}
