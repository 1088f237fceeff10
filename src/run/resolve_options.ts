import { loadRunConfigFile } from "../config/run_config_file.ts";
import { validateName } from "../format/names.ts";
import {
  checkLabels,
  requireBoolean,
  requireKnown,
  requireObject,
  requireString,
} from "../format/option_checks.ts";
import type { Reporter } from "../reporter.ts";
import {
  resolveUploadOptions,
  type UploadOptions,
} from "../upload/placing/upload_options.ts";
import type {
  CreateRunOptions,
  ResolvedRunOptions,
} from "./create_run_options.ts";
import { checkSystemMetrics } from "../system/system_metrics_options.ts";
import { checkDurability } from "./durability.ts";
import { copyHparams, type OwnMap } from "./hparam_values.ts";
import { checkResume } from "./resume.ts";

/**
 * Checks the options of a new run, and fills in the config file's values and the defaults. Writes and sends nothing.
 *
 * @param options What the user passed in.
 * @param reporter Told of values in the config file that the Python SDK would read otherwise.
 * @returns The options, of which nothing is shared with what was passed in.
 * @throws {TypeError} If an option has the wrong type.
 * @throws {RangeError} If an option has a value that is not allowed.
 * @throws {ConfigError} If the config file cannot be used.
 */
export async function resolveRunOptions(
  options: CreateRunOptions<object>,
  reporter: Reporter,
): Promise<ResolvedRunOptions & { readonly hparams: OwnMap }> {
  requireObject(options, "createRun");
  requireKnown(options, KNOWN, "create Run");
  const { configPath } = options;
  if (configPath !== undefined) requireString(configPath, "configPath");
  const all = configPath === undefined
    ? options
    : { ...options, ...await loadRunConfigFile(configPath, { reporter }) };
  return {
    name: validateName("Run", all.name ?? "default"),
    hparams: all.hparams === undefined
      ? {}
      : copyHparams(all.hparams, "hparams"),
    labels: checkLabels(all.labels ?? []),
    description: requireString(all.description ?? "", "description"),
    autoUpload: requireBoolean(all.autoUpload ?? false, "autoUpload"),
    captureConsole: requireBoolean(
      options.captureConsole ?? true,
      "captureConsole",
    ),
    durability: checkDurability(options.durability),
    systemEveryMs: checkSystemMetrics(options.systemMetrics),
    resume: checkResume(options.resume),
    isPlaced: "folder" in all && all.folder !== undefined,
    ...resolveUploadOptions(all as UploadOptions),
  };
}

const KNOWN: ReadonlySet<string> = new Set<keyof CreateRunOptions>([
  "configPath",
  "name",
  "hparams",
  "labels",
  "description",
  "autoUpload",
  "folder",
  "makeFolder",
  "conflictStrategy",
  "captureConsole",
  "durability",
  "systemMetrics",
  "resume",
]);
