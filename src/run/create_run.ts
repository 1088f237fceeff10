import { join, relative } from "@std/path";
import { resolveTarget } from "../aistore/session.ts";
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
import { AppendLog } from "../local/append_log.ts";
import { Document } from "../local/document.ts";
import { RUN_FILES, stateDir } from "../local/layout.ts";
import { claim } from "../local/owner.ts";
import {
  createRunDirectory,
  type NewRunDirectory,
  removeRunDirectory,
} from "../local/run_directory.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import type { Target } from "../upload/types.ts";
import { captureConsole } from "./console_capture.ts";
import type {
  CreateRunOptions,
  ResolvedRunOptions,
} from "./create_run_options.ts";
import { gitFacts } from "./git_facts.ts";
import type { AnyHparams, OwnMap } from "./hparam_values.ts";
import { createHparams } from "./hparams.ts";
import { MetricsLog } from "./metrics_log.ts";
import { runParentDir } from "./permissions.ts";
import { platformFacts } from "./platform_facts.ts";
import { resolveRunOptions } from "./resolve_options.ts";
import { discardRun, newRun, type Run } from "./run.ts";
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
export async function createRun<T extends object = AnyHparams>(
  options: CreateRunOptions<T> = {},
): Promise<Run<T>> {
  const reporter = stderrReporter;
  const resolved = await resolveRunOptions(options, reporter);
  const target: Target | undefined = resolved.autoUpload
    ? await resolveTarget()
    : undefined;

  const leftOut: string[] = [];
  const parent = runParentDir(leftOut);
  const platform = platformFacts(leftOut);
  const directory = createRunDirectory(parent, resolved.name);
  const dir = directory.path;
  // Git takes longer than all the rest together, and answers meanwhile.
  const git = gitFacts(leftOut);
  let run: Run<T> | undefined;
  try {
    run = await startRun<T>(directory, { resolved, platform, git, reporter });
    sayStart(reporter, resolved.name, dir, leftOut);
    if (target !== undefined) {
      await startUpload(run, { target, intent: resolved, reporter });
    }
    return run;
  } catch (error) {
    if (run !== undefined) discardRun(run);
    removeRunDirectory(dir);
    throw error;
  }
}

/** What {@linkcode startRun} records. */
interface StartFacts {
  readonly resolved: ResolvedRunOptions & { readonly hparams: OwnMap };
  readonly platform: PlatformFacts;
  readonly git: Promise<GitFacts>;
  readonly reporter: Reporter;
}

/** Writes the documents of a new run, in the Python SDK's order, and takes hold of what a run needs while it lives. */
async function startRun<T extends object>(
  { path: dir, alternativeName }: NewRunDirectory,
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
  const metadataDocument = document(
    RUN_FILES.metadata,
    encodeRunMetadata(metadata),
  );
  const index = document(RUN_FILES.index, encodeIndex([]));
  const hyperparameters = document(
    RUN_FILES.hyperparameters,
    stringifyYaml(hparams),
  );
  document(RUN_FILES.platform, encodePlatform(platform));
  const git = await gitAnswer;
  document(RUN_FILES.git, encodeGit(git));
  const log = new AppendLog(join(dir, RUN_FILES.log));
  log.append("");
  const ownership = claim(dir, {
    pid: Deno.pid,
    hostname: platform.hostname,
    since: metadata.startTimestamp,
  });
  const endCapture = resolved.captureConsole ? captureConsole(log) : () => {};
  return newRun<T>({
    dir,
    metadata,
    document: metadataDocument,
    hparams: createHparams<T>(
      hparams,
      (all) => hyperparameters.write(stringifyYaml(all)),
    ),
    metricsLog: new MetricsLog({ dir, index }),
    platform,
    git,
    ownership,
    endCapture: () => {
      endCapture();
      log.close();
    },
    reporter,
  });
}

function sayStart(
  reporter: Reporter,
  name: string,
  dir: string,
  leftOut: readonly string[],
): void {
  const shown = relative(Deno.cwd(), dir);
  reporter.info(
    `Run "${name}" is recorded in "${shown.startsWith("..") ? dir : shown}"`,
  );
  if (leftOut.length > 0) {
    reporter.warn(
      "left out",
      `Left out for want of a permission: ${leftOut.join(", ")}`,
    );
  }
}
