import { join } from "@std/path";
import { resolveTarget } from "../aistore/session.ts";
import { kernel } from "../display/kernel.ts";
import { theNotebook } from "../display/notebook.ts";
import {
  encodeGit,
  encodePlatform,
  type GitFacts,
  type PlatformFacts,
} from "../format/environment.ts";
import { encodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import { encodeIndex } from "../format/run_index.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { stringifyYaml } from "../format/yaml_writer.ts";
import { Document } from "../local/document.ts";
import { METRICS_DIR, RUN_FILES, stateDir } from "../local/layout.ts";
import { claim } from "../local/owner.ts";
import {
  createNodeDirectory,
  type NewNodeDirectory,
  removeNodeDirectory,
} from "../local/node_directory.ts";
import { parentDir } from "../local/permissions.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import type { UploadOptions } from "../upload/placing/upload_options.ts";
import type { Target } from "../upload/types.ts";
import { assembleRun, sayStart } from "./assemble_run.ts";
import type {
  CreateRunOptions,
  ResolvedRunOptions,
} from "./create_run_options.ts";
import { gitFacts, type GitFactsOptions } from "./git_facts.ts";
import type { AnyHparams, OwnMap } from "./hparam_values.ts";
import { liveRuns } from "./live_runs.ts";
import { platformFacts } from "./platform_facts.ts";
import { resolveRunOptions } from "./resolve_options.ts";
import type { ResumeOptions } from "./resume_run.ts";
import type { Run } from "./run.ts";
import { discardRun } from "./run_lives.ts";
import { prepareSystemMetrics } from "./start_system_metrics.ts";
import { startUpload } from "./start_upload.ts";

/**
 * Creates a run: a directory under `EM_RUN_PARENT_DIR` (default `.em/runs`) that from now on holds all that the run is
 * told, and with `autoUpload` its copy on the server.
 *
 * A server that cannot be reached is no error: the run is recorded here, one warning is given, and delivery goes on in
 * the background. A server that definitely refuses is one, and then no run directory is left behind.
 *
 * @param options What the run is; a config file's values win.
 * @returns The run, with status `Running`.
 * @throws {TypeError} If an option has the wrong type, or a hyperparameter is something that YAML cannot carry.
 * @throws {RangeError} If an option has a value that is not allowed.
 * @throws {ConfigError} If the config file cannot be used.
 * @throws {PermissionError} If the directory of runs may not be read or written, or, with `autoUpload`, the server's host
 *   may not be reached.
 * @throws {NotLoggedInError} If `autoUpload` is set and no server is known.
 * @throws {AuthenticationError} If the server refuses the API key.
 * @throws {FolderNotFoundError} If the folder does not exist and `makeFolder` is not set.
 * @throws {NodeExistsError} If the name is taken and the conflict strategy is `error`.
 * @throws {NotFoundError} If a run must be resumed, and there is none; with `resume` also as `loadRun` does.
 *
 * @example
 * ```ts
 * import { createRun } from "@t9k/em";
 *
 * const run = await createRun({ name: "cnn", hparams: { batch_size: 32, lr: 0.001 }, labels: ["CNN"] });
 * const lr: number = run.hparams.lr; // typed
 * run.log("train", { loss: 0.31, accuracy: 0.91 }, { step: 500, epoch: 1 });
 * await run.finish();
 * ```
 */
export function createRun<T extends object = AnyHparams>(
  options: CreateRunOptions<T> = {},
): Promise<Run<T>> {
  return createRunOf(options, {});
}

/**
 * Creates a run of a program that is not this one's main module.
 *
 * @param options What the run is.
 * @param program Its script, whose repository is described. Default: this program's main module.
 * @returns The run.
 */
export async function createRunOf<T extends object>(
  options: CreateRunOptions<T>,
  program: Pick<GitFactsOptions, "mainModule" | "entrypoint">,
): Promise<Run<T>> {
  // Git takes longer than all the rest together, and answers meanwhile.
  const hidden: string[] = [];
  const git = gitFacts(hidden, program);
  try {
    return await createBeside(options, { git, hidden });
  } catch (error) {
    // Nothing goes on behind a refusal.
    await git.catch(() => {});
    throw error;
  }
}

/** What git is being asked, and the lines about what may not be asked. */
interface AskedGit {
  readonly git: Promise<GitFacts>;
  readonly hidden: readonly string[];
}

async function createBeside<T extends object>(
  options: CreateRunOptions<T>,
  { git, hidden }: AskedGit,
): Promise<Run<T>> {
  const reporter = stderrReporter;
  const resolved = await resolveRunOptions(options, reporter);
  const { resume } = resolved;
  const target: Target | undefined = resolved.autoUpload
    ? await resolveTarget()
    : undefined;

  const leftOut: string[] = [];
  const parent = parentDir("EM_RUN_PARENT_DIR", {
    fallback: ".em/runs",
    leftOut,
  });
  if (resume !== false) {
    const run = await resumed<T>({ resume, parent, resolved });
    if (run !== undefined) return run;
  }
  const platform = platformFacts(leftOut);
  const { systemEveryMs: everyMs } = resolved;
  const startSystemMetrics = prepareSystemMetrics({ everyMs, leftOut });
  const directory = createNodeDirectory(parent, resolved.name, { kind: "Run" });
  const dir = directory.path;
  leftOut.push(...hidden);
  let run: Run<T> | undefined;
  try {
    run = await startRun<T>(directory, { resolved, platform, git, reporter });
    if (resume !== false) {
      const { notePassed } = await import("./passed_hparams.ts");
      notePassed(dir, resolved.hparams);
    }
    sayStart(run, { verb: "is recorded", leftOut, reporter });
    await startSystemMetrics(run, { ...resolved, reporter });
    if (target !== undefined) {
      await startUpload(run, { target, intent: resolved, reporter });
    }
    if (kernel() !== undefined) {
      theNotebook().created(run, liveRuns().filter((other) => other !== run));
    }
    return run;
  } catch (error) {
    if (run !== undefined) discardRun(run);
    removeNodeDirectory(dir);
    throw error;
  }
}

/** The run that is to go on, if there is one. Few programs resume: the others need not load what it takes. */
async function resumed<T extends object>(
  found: Omit<ResumeOptions, "load" | "reporter">,
): Promise<Run<T> | undefined> {
  const { resumeRun } = await import("./resume_run.ts");
  const { resolved } = found;
  const { autoUpload, captureConsole, durability, systemEveryMs } = resolved;
  return await resumeRun<T>({
    ...found,
    load: {
      autoUpload,
      captureConsole,
      durability,
      ...(systemEveryMs !== undefined &&
        { systemMetrics: { everyMs: systemEveryMs } }),
      ...(resolved.isPlaced && placeOf(resolved)),
    },
    reporter: stderrReporter,
  });
}

function placeOf(
  { folder, makeFolder, conflictStrategy }: ResolvedRunOptions,
): UploadOptions {
  return { folder, makeFolder, conflictStrategy };
}

/** What {@linkcode startRun} records. */
interface StartFacts {
  readonly resolved: ResolvedRunOptions & { readonly hparams: OwnMap };
  readonly platform: PlatformFacts;
  readonly git: Promise<GitFacts>;
  readonly reporter: Reporter;
}

/**
 * Writes the documents of a new run, and takes hold of what a run needs while it lives. The metadata come last: they make
 * the directory a run, and nobody is to find one that is not whole, or that nobody seems to write.
 */
async function startRun<T extends object>(
  { path: dir, alternativeName }: NewNodeDirectory,
  { resolved, platform, git: gitAnswer, reporter }: StartFacts,
): Promise<Run<T>> {
  const { name, labels, description, hparams } = resolved;
  const metadata: RunMetadata = {
    kind: "Run",
    name,
    labels,
    description,
    startTimestamp: formatTimestamp(),
    endTimestamp: null,
    status: "Running",
    alternativeName,
    associations: { input: [], output: [] },
    remote: [],
  };
  const document = (file: string, text: string) => {
    const made = new Document(join(dir, file), stateDir(dir));
    made.write(text);
    return made;
  };
  Deno.mkdirSync(join(dir, METRICS_DIR));
  const index = document(RUN_FILES.index, encodeIndex([]));
  const hyperparameters = document(
    RUN_FILES.hyperparameters,
    stringifyYaml(hparams),
  );
  document(RUN_FILES.platform, encodePlatform(platform));
  const git = await gitAnswer;
  document(RUN_FILES.git, encodeGit(git));
  const ownership = claim(dir, {
    pid: Deno.pid,
    hostname: platform.hostname,
    since: metadata.startTimestamp,
  });
  const { captureConsole, durability } = resolved;
  let written: Document;
  try {
    written = document(RUN_FILES.metadata, encodeRunMetadata(metadata));
  } catch (error) {
    ownership.release();
    throw error;
  }
  return assembleRun<T>({
    dir,
    metadata,
    documents: { metadata: written, index, hyperparameters },
    hparams,
    encodeHparams: stringifyYaml,
    types: [],
    platform,
    git,
    ownership,
    captureConsole,
    durability,
    reporter,
  });
}
