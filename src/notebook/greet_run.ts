import { basename, dirname, join } from "@std/path";
import type { DrawnRun, NamedRun } from "../display/notebook.ts";
import { EmError } from "../errors.ts";
import { STATE_DIR } from "../local/layout.ts";
import { isNoSuchFile, isOsError } from "../local/os_error.ts";
import { readOwner } from "../local/owner.ts";
import { shownPath } from "../local/shown_path.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import { hostname } from "../run/platform_facts.ts";
import { isNode } from "../sync/find_directories.ts";
import { settleStatus } from "../sync/settle_status.ts";

/** How many runs are named. */
const MOST_NAMED = 3;

/**
 * Says which runs of the kernel still go on beside a new one: a cell that creates a run is often run again. They are not
 * ended: several runs at once are a thing that people want.
 *
 * @param others The runs.
 * @param reporter Takes the sentence. Default: stderr.
 */
export function sayOthers(
  others: readonly NamedRun[],
  reporter: Reporter = stderrReporter,
): void {
  if (others.length === 0) return;
  const named = others.slice(-MOST_NAMED).map(({ name, local }) =>
    `"${name}" in "${shownPath(local)}"`
  );
  const more = others.length - named.length;
  reporter.info(
    `${others.length === 1 ? "Another run" : `${others.length} other runs`} ` +
      `of this kernel still ${others.length === 1 ? "goes" : "go"} on: ` +
      `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}; ` +
      `liveRuns() has them, to finish() those that are over`,
  );
}

/**
 * Gives the status that is true to the runs that kernels have left behind: no hook runs when a kernel is restarted or
 * shut down, so they say `Running` until somebody looks.
 *
 * @param run A run; those beside it are looked at.
 * @param reporter Takes what is worth knowing. Default: stderr.
 * @returns The directories of those that were marked.
 */
export async function settleLeft(
  run: DrawnRun,
  reporter: Reporter = stderrReporter,
): Promise<string[]> {
  const parent = dirname(run.local);
  const settled: string[] = [];
  for (const dir of rememberedIn(parent)) {
    try {
      if (readOwner(dir)?.alive !== false || !isNode(dir)) continue;
      const life = await settleStatus(dir, { hostname: hostname() });
      if (life === "killed") settled.push(dir);
    } catch (error) {
      // What is damaged or may not be written is no trouble of the new run.
      if (!(error instanceof EmError) && !isOsError(error)) throw error;
    }
  }
  if (settled.length > 0) {
    const names = settled.slice(0, MOST_NAMED).map((dir) =>
      `"${basename(dir)}"`
    );
    const more = settled.length - names.length;
    reporter.info(
      `Marked as Error, because the process that recorded ${
        settled.length === 1 ? "it is" : "them is"
      } gone: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    );
  }
  return settled;
}

/** The directories of which something is remembered. */
function rememberedIn(parent: string): string[] {
  try {
    return [...Deno.readDirSync(join(parent, STATE_DIR))]
      .filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => join(parent, name));
  } catch (error) {
    if (isNoSuchFile(error)) return [];
    throw error;
  }
}
