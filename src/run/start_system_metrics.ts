import type { Reporter } from "../reporter.ts";
import { allowedSources } from "../system/sources.ts";
import type { Durability } from "./durability.ts";
import type { Run } from "./run.ts";
import { attachSystemMonitor } from "./run_lives.ts";

/** How system metrics are to be recorded. */
export interface SystemMetricsPlan {
  /** How often, in milliseconds; undefined for never. */
  readonly everyMs: number | undefined;
  /** Gets a line for each thing that a missing permission hides. */
  readonly leftOut: string[];
}

/** What {@linkcode prepareSystemMetrics} gives. */
export type StartSystemMetrics = (
  run: Run<object>,
  options: { readonly durability: Durability; readonly reporter: Reporter },
) => Promise<void>;

/**
 * Finds out what of the machine may be looked at.
 *
 * @param plan How often it is to be looked at.
 * @returns Begins to record the system metrics of a run; what cannot be recorded is told, and never an error.
 */
export function prepareSystemMetrics(
  { everyMs, leftOut }: SystemMetricsPlan,
): StartSystemMetrics {
  if (everyMs === undefined) return () => Promise.resolve();
  const sources = allowedSources(leftOut);
  return async (run, { durability, reporter }) => {
    // Who does not want it need not load it.
    const { startMonitor } = await import("../system/recording/monitor.ts");
    const monitor = await startMonitor({
      dir: run.local,
      startMs: Date.parse(run.startTimestamp),
      everyMs,
      sources,
      isDurable: durability === "power",
    }, reporter);
    if (monitor !== undefined) attachSystemMonitor(run, monitor);
  };
}
