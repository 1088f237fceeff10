import { assertEquals } from "@std/assert";
import type { RankFacts } from "../../../../../src/web/api/types.ts";
import {
  countStates,
  rankLines,
} from "../../../../../src/web/pages/run/overview/ranks.ts";

function rank(number: number, status: string | null): RankFacts {
  return {
    rank: number,
    status,
    startTimestamp: null,
    endTimestamp: null,
    hostname: null,
  };
}

const RANKS = [
  rank(1, "Complete"),
  rank(2, "Running"),
  rank(3, "Error"),
  rank(10, "Running"),
  rank(11, null),
  rank(12, "constructor"),
];

Deno.test("rankLines() puts ranks first that failed, and takes those that still run when their run has ended for killed", () => {
  const told = (isOver: boolean) =>
    rankLines(RANKS, isOver).map(({ rank, state }) => `${rank} ${state}`);
  assertEquals(told(false), [
    "3 error",
    "2 running",
    "10 running",
    "11 undefined",
    "12 undefined",
    "1 complete",
  ]);
  assertEquals(told(true), [
    "2 killed",
    "10 killed",
    "3 error",
    "11 undefined",
    "12 undefined",
    "1 complete",
  ]);
});

Deno.test("countStates() counts the ranks of each state", () => {
  assertEquals(countStates(rankLines(RANKS, true)), [
    ["killed", 2],
    ["error", 1],
    [undefined, 2],
    ["complete", 1],
  ]);
});
