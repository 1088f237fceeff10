/**
 * How a person wants the numbers of a column laid out: in the address as `logs` and `lins`.
 *
 * @module
 */

import { route, setParams } from "../../state/route.ts";
import type { ScaleKind } from "./scale.ts";

/** What a person has chosen for a column; undefined leaves it to the numbers. */
export function scaleChoice(column: string): ScaleKind | undefined {
  const { params } = route.value;
  if (params.getAll("logs").includes(column)) return "log";
  return params.getAll("lins").includes(column) ? "linear" : undefined;
}

/** Chooses for a column. */
export function chooseScale(column: string, kind: ScaleKind): void {
  const { params } = route.peek();
  const without = (name: string) =>
    params.getAll(name).filter((other) => other !== column);
  setParams({
    logs: [...without("logs"), ...kind === "log" ? [column] : []],
    lins: [...without("lins"), ...kind === "linear" ? [column] : []],
  });
}
