import { resolve } from "@std/path";
import { resolveTarget } from "../aistore/session.ts";
import type { BroughtNode } from "../download/bring_node.ts";
import { NotFoundError } from "../errors.ts";
import { isDirectory } from "../local/is_directory.ts";
import { stateDir } from "../local/layout.ts";
import { requireAccess } from "../local/permissions.ts";
import { stderrReporter } from "../reporter.ts";
import { readIntent, rememberIntent } from "../upload/notes/intent.ts";
import type { Target, UploadIntent } from "../upload/types.ts";
import { resolveUploadOptions } from "../upload/placing/upload_options.ts";
import { checkSystemMetrics } from "../system/system_metrics_options.ts";
import { sayStart } from "./assemble_run.ts";
import type { DownloadRunOptions } from "./download_run.ts";
import { gitFacts } from "./git_facts.ts";
import type { AnyHparams } from "./hparam_values.ts";
import { checkLoadOptions, type LoadRunOptions } from "./load_run_options.ts";
import { platformFacts } from "./platform_facts.ts";
import type { Run } from "./run.ts";
import { discardRun } from "./run_lives.ts";
import { prepareSystemMetrics } from "./start_system_metrics.ts";
import { startUpload } from "./start_upload.ts";

/**
 * Loads a run and continues it: in its directory, wherever that lies, or, if the path is no local directory, from the
 * server, from where it is downloaded into the directory of runs first.
 *
 * Its status becomes `Running` again, without an end; when it began, and what `platform.yaml` and `git.yaml` say of that,
 * stays. A further attempt begins: `attempts.yaml` in the directory lists them. Records are added to those that are
 * there, whatever their steps; who goes on from a checkpoint takes `createRun({ resume })`. If the end of a metrics file is
 * cut off, as a crash leaves it, the rest of that record is removed and one line says so; other damage is an error, and
 * then nothing is changed.
 *
 * @param path A run directory, or the run's path on the server, where a relative one is below the user's root.
 * @param options Background upload, and more.
 * @returns The run, with status `Running`.
 * @throws {TypeError} If an argument has the wrong type.
 * @throws {RangeError} If an option has a value that is not allowed.
 * @throws {NotFoundError} If the path is neither a local directory nor a run on the server.
 * @throws {DamagedFileError} If a file of the run is missing or damaged; the message names it, and the line.
 * @throws {InUseError} If the run is being written, by this process or another.
 * @throws {DownloadError} If the run cannot be downloaded as it is on the server.
 * @throws {PermissionError} If the directory may not be read and written, or the server not be reached.
 * @throws {EmError} If the server refuses; with `autoUpload` as `createRun` does.
 *
 * @example
 * ```ts
 * import { createRun, loadRun } from "@t9k/em";
 *
 * const first = await createRun({ name: "cnn", hparams: { lr: 0.1 } });
 * first.log("train", { loss: 0.5 }, { step: 1 });
 * await first.finish();
 *
 * const run = await loadRun<{ lr: number }>(first.local);
 * run.hparams.lr /= 10;
 * run.log("train", { loss: 0.4 }, { step: 2 });
 * await run.finish();
 * ```
 */
export function loadRun<T extends object = AnyHparams>(
  path: string,
  options: LoadRunOptions = {},
): Promise<Run<T>> {
  return loadRunAs(path, options, { resumes: false });
}

/**
 * Loads a run and continues it.
 *
 * @param path As for {@linkcode loadRun}.
 * @param options As for {@linkcode loadRun}.
 * @param attempt Whether it goes on from a checkpoint.
 * @returns The run.
 */
export async function loadRunAs<T extends object>(
  path: string,
  options: LoadRunOptions,
  { resumes }: { readonly resumes: boolean },
): Promise<Run<T>> {
  checkLoadOptions(path, options);
  const reporter = stderrReporter;
  const leftOut: string[] = [];
  const {
    autoUpload = false,
    captureConsole = true,
    durability = "process",
    fetchArtifacts = false,
    signal,
  } = options;
  const target = autoUpload ? await resolveTarget() : undefined;
  const { dir, record } = isDirectory(path)
    ? { dir: resolve(path) }
    : await download(path, { fetchArtifacts, reporter, leftOut, signal });
  requireDirectory(dir);
  const everyMs = checkSystemMetrics(options.systemMetrics);
  const startSystemMetrics = prepareSystemMetrics({ everyMs, leftOut });
  // Few programs continue a run: the others need not load what it takes.
  const { continueRun } = await import("./continue_run.ts");
  const { run, undo } = continueRun<T>(dir, {
    ...(record === undefined ? {} : { record }),
    platform: platformFacts(leftOut),
    git: await gitFacts(leftOut),
    resumes,
    captureConsole,
    durability,
    reporter,
  });
  try {
    const verb = `is continued, attempt ${run.attempt},`;
    sayStart(run, { verb, leftOut, reporter });
    await startSystemMetrics(run, { durability, reporter });
    if (target !== undefined) {
      const intent = continuedIntent(run, { target, options });
      await startUpload(run, { target, intent, reporter });
    }
    return run;
  } catch (error) {
    undo();
    discardRun(run);
    throw error;
  }
}

async function download(
  path: string,
  options: DownloadRunOptions,
): Promise<BroughtNode> {
  // Few programs download: the others need not load what it takes.
  const { downloadRun } = await import("./download_run.ts");
  try {
    return await downloadRun(path, options);
  } catch (error) {
    if (error instanceof NotFoundError) requireAccess(path, READ);
    throw error;
  }
}

const READ = { names: ["read"], what: "the run directory" } as const;

function requireDirectory(dir: string): void {
  const names = ["read", "write"] as const;
  requireAccess(dir, { names, what: "the run directory" });
  requireAccess(stateDir(dir), { names, what: "what is noted of the run in" });
}

/** Unless a folder is given, a run goes on where it is on that server. */
function continuedIntent(
  run: Run<object>,
  { target, options }: {
    readonly target: Target;
    readonly options: LoadRunOptions;
  },
): UploadIntent {
  const known = options.folder === undefined
    ? knownPlace(run, target.host)
    : undefined;
  const { folder, makeFolder, conflictStrategy } = { ...known, ...options };
  return resolveUploadOptions({
    ...(folder === undefined ? {} : { folder }),
    ...(makeFolder === undefined ? {} : { makeFolder }),
    ...(conflictStrategy === undefined ? {} : { conflictStrategy }),
  });
}

/** Where a run is on a server, by what was noted next to it, or by what it says itself if it comes from elsewhere. */
function knownPlace(
  run: Run<object>,
  host: string,
): UploadIntent | undefined {
  const noted = readIntent(run.local);
  if (noted?.host === host) return noted;
  const last = run.remote.findLast((record) => record.host === host);
  if (last === undefined) return undefined;
  const { id, path } = last;
  const intent: UploadIntent = {
    folder: path.slice(0, path.lastIndexOf("/")),
    makeFolder: false,
    conflictStrategy: "new",
  };
  rememberIntent(run.local, { host, ...intent, node: { id, path } });
  return intent;
}
