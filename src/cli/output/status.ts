import type { NodeEntry } from "../../reading/node_entry.ts";
import type { CliIo } from "../io.ts";
import { colorsOf } from "./print.ts";

/** What tells how a node is. */
export type Shown = Pick<NodeEntry, "status" | "state"> & {
  readonly problem?: string | null;
};

/**
 * How a node is, for people.
 *
 * @param entry The node.
 * @returns Such as `Running`, or `Error (killed)`; empty for what has no status.
 */
export function statusText({ status, state, problem }: Shown): string {
  if (problem) return "unreadable";
  if (state === "killed" || state === "quiet") return `${status} (${state})`;
  return status ?? "";
}

/**
 * Colours how a node is.
 *
 * @param text The text, with what pads it.
 * @param entry The node.
 * @param io Where it is shown.
 * @returns The text in its colour.
 */
export function paintStatus(
  text: string,
  entry: Shown | undefined,
  io: CliIo,
): string {
  const { green, red, yellow, cyan } = colorsOf(io);
  if (entry?.problem) return red(text);
  if (entry?.state === "quiet") return yellow(text);
  switch (entry?.status) {
    case "Running":
      return cyan(text);
    case "Complete":
      return green(text);
    case "Error":
      return red(text);
    default:
      return text;
  }
}
