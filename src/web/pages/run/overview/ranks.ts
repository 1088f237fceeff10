/**
 * The ranks of a run, as people ask for them.
 *
 * @module
 */

import type { RankFacts } from "../../../api/types.ts";

/** How a process of a run is. */
export type ProcessState = "running" | "complete" | "error" | "killed";

/** A rank and how it is. */
export interface RankLine extends RankFacts {
  /** Undefined where its document does not say. */
  readonly state: ProcessState | undefined;
}

const STATES: Readonly<Record<string, ProcessState>> = {
  Running: "running",
  Complete: "complete",
  Error: "error",
  Killed: "killed",
};

/** What a status means: one that nobody knows means nothing. */
export function processState(status: string | null): ProcessState | undefined {
  return status !== null && Object.hasOwn(STATES, status)
    ? STATES[status]
    : undefined;
}

const ORDER = ["killed", "error", "running", undefined, "complete"];

/**
 * Tells how ranks are: one that was killed still says that it is running when its run has ended.
 *
 * @param list The ranks.
 * @param isOver Whether the run has ended.
 * @returns The ranks, those first that somebody may have to look after.
 */
export function rankLines(
  list: readonly RankFacts[],
  isOver: boolean,
): readonly RankLine[] {
  return list.map((rank): RankLine => {
    const state = processState(rank.status);
    return { ...rank, state: state === "running" && isOver ? "killed" : state };
  }).sort((a, b) =>
    ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.rank - b.rank
  );
}

/** How many ranks are in each state, in the order of the ranks. */
export function countStates(
  lines: readonly RankLine[],
): readonly (readonly [state: ProcessState | undefined, count: number])[] {
  return [...Map.groupBy(lines, ({ state }) => state)]
    .map(([state, { length }]) => [state, length]);
}
