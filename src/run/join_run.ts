import type { AnyHparams } from "./hparam_values.ts";
import type { JoinRunOptions } from "./join_run_options.ts";
import type { JoinedRun } from "./joined_run.ts";

/**
 * Joins a run that another process has, as one of its ranks: of several processes that train together, one creates the run,
 * and the others join it. Each writes files of its own, in `ranks/<rank>` of the run directory, which are uploaded with the
 * run; its metrics are shown as `train@rank1` beside those of the process that has the run.
 *
 * @param dir The run directory. Default: the environment variable `EM_RUN_DIR`, which `run.exec` and `em exec` set.
 * @param options Which rank this is.
 * @returns What the rank records with.
 * @throws {TypeError} If an argument has the wrong type, or neither it nor the environment says which run, or which rank.
 * @throws {RangeError} If the rank is no whole number from 0 on.
 * @throws {NotFoundError} If there is no such run directory.
 * @throws {InUseError} If another process writes as this rank; the message names it.
 * @throws {DamagedFileError} If a file of the run or the rank is damaged; then nothing is changed.
 * @throws {PermissionError} If the directory may not be read and written.
 *
 * @example
 * ```ts
 * import { createRun, joinRun } from "@t9k/em";
 *
 * const run = await createRun({ name: "ddp" });
 * // In another process, which knows the directory:
 * const rank = await joinRun(run.local, { rank: 1 });
 * rank.log("train", { loss: 0.3 }, { step: 1 });
 * await rank.finish();
 * await run.finish();
 * ```
 */
export async function joinRun<T extends object = AnyHparams>(
  dir?: string,
  options: JoinRunOptions = {},
): Promise<JoinedRun<T>> {
  // Few programs join a run: the others need not load what it takes.
  const { joinDirectory } = await import("./join_directory.ts");
  return joinDirectory<T>(dir, options);
}
