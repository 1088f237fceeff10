import { loadRunConfigFile } from "../config/run_config_file.ts";
import { validateName } from "../format/names.ts";
import type { Reporter } from "../reporter.ts";
import type { ConflictStrategy } from "../upload/types.ts";
import type {
  CreateRunOptions,
  ResolvedRunOptions,
  UploadOptions,
} from "./create_run_options.ts";
import { copyHparams, type OwnMap } from "./hparam_values.ts";

/** Upload options, checked, with the defaults filled in. */
export type ResolvedUploadOptions = Required<UploadOptions>;

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
  checkKnown(options);
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
    ...resolveUploadOptions(all as UploadOptions),
  };
}

/**
 * Checks upload options and fills in the defaults.
 *
 * @param options What the user passed in.
 * @returns The options.
 * @throws {TypeError} If an option has the wrong type.
 * @throws {RangeError} If an option has a value that is not allowed.
 */
export function resolveUploadOptions(
  options: UploadOptions,
): ResolvedUploadOptions {
  requireObject(options, "upload");
  return {
    folder: checkFolder(options.folder ?? "default"),
    makeFolder: requireBoolean(options.makeFolder ?? false, "makeFolder"),
    conflictStrategy: checkStrategy(options.conflictStrategy ?? "new"),
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
]);

function checkKnown(options: object): void {
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot create Run: there is no option "${unknown}"; known are ${
        [...KNOWN].join(", ")
      }`,
    );
  }
}

function checkLabels(labels: unknown): readonly string[] {
  if (
    !Array.isArray(labels) || labels.some((label) => typeof label !== "string")
  ) {
    throw new TypeError(
      `Option labels must be an array of strings, such as ["CNN"], and is ${
        Deno.inspect(labels)
      }`,
    );
  }
  return [...labels];
}

function checkFolder(folder: unknown): string {
  const checked = requireString(folder, "folder");
  const segments = checked.split("/");
  if (segments.includes(".") || segments.includes("..")) {
    throw new RangeError(
      `Option folder must not lead elsewhere with "." or "..", and is "${checked}"`,
    );
  }
  return checked;
}

const CONFLICT_STRATEGIES: readonly ConflictStrategy[] = [
  "skip",
  "error",
  "new",
  "replace",
];

function checkStrategy(strategy: unknown): ConflictStrategy {
  const known = CONFLICT_STRATEGIES.find((one) => one === strategy);
  if (known === undefined) {
    const wanted = CONFLICT_STRATEGIES.map((one) => `"${one}"`).join(", ");
    throw new RangeError(
      `Option conflictStrategy must be one of ${wanted}, and is ${
        Deno.inspect(strategy)
      }`,
    );
  }
  return known;
}

function requireString(value: unknown, option: string): string {
  if (typeof value === "string") return value;
  throw new TypeError(
    `Option ${option} must be a string, and is ${Deno.inspect(value)}`,
  );
}

function requireBoolean(value: unknown, option: string): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(
    `Option ${option} must be a boolean, and is ${Deno.inspect(value)}`,
  );
}

function requireObject(options: unknown, caller: string): void {
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(
      `${caller}() takes an object of options, and was given ${
        Deno.inspect(options)
      }`,
    );
  }
}
