import type { RunComparison } from "./comparison.ts";

/** A run that can be compared; every `Run` is one. */
export interface ComparableRun {
  /** The run directory. */
  readonly local: string;
}

/**
 * Puts runs beside one another: their hyperparameters, last, least and greatest values, and curves. In a notebook the
 * answer shows itself as charts and tables; elsewhere it is a text and plain data.
 *
 * @param runs Two runs or more: each a `Run`, a run directory, or a path on the server of the current login. A run that is
 *   damaged is compared as far as it can be read.
 * @returns The comparison, as the runs are now.
 * @throws {TypeError} If a run is none of these.
 * @throws {RangeError} If there are fewer than two.
 * @throws {NotFoundError} If there is no run of that name.
 * @throws {EmError} If a server cannot be reached, or refuses.
 *
 * @example
 * ```ts
 * import { compareRuns, createRun, type Run } from "@t9k/em";
 *
 * const runs: Run[] = [];
 * for (const lr of [0.1, 0.01]) {
 *   const run = await createRun({ name: "sweep", hparams: { lr } });
 *   for (let step = 1; step <= 10; step++) {
 *     run.log("train", { loss: Math.exp(-lr * step) }, { step });
 *   }
 *   await run.finish();
 *   runs.push(run);
 * }
 * const comparison = await compareRuns(runs);
 * console.log(comparison); // a table
 * console.log(comparison.toDict().metrics[0]?.values.map((value) => value?.last.value));
 * ```
 */
export async function compareRuns(
  runs: readonly (ComparableRun | string)[],
): Promise<RunComparison> {
  if (!Array.isArray(runs)) {
    throw new TypeError("Cannot compare: pass the runs as an array");
  }
  if (runs.length < 2) {
    throw new RangeError(
      `Cannot compare: two runs or more are needed, and there are ${runs.length}`,
    );
  }
  const references = runs.map(referenceOf);
  const { openNode } = await import("../reading/open_node.ts");
  const { RunViewer } = await import("./run_view.ts");
  const { RunComparison } = await import("./comparison.ts");
  const views = [];
  for (const reference of references) {
    const viewer = new RunViewer(await openNode(reference));
    views.push(await viewer.look());
  }
  return new RunComparison(views);
}

function referenceOf(run: ComparableRun | string, at: number): string {
  const reference: unknown = typeof run === "string" ? run : run?.local;
  if (typeof reference === "string") return reference;
  throw new TypeError(
    `Cannot compare: runs[${at}] must be a Run, or the path of one, and is ${
      Deno.inspect(run, { depth: 0 })
    }`,
  );
}
