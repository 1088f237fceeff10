import { ConfigError, PermissionError } from "../errors.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import { parseConfigText, readConfigText } from "./config_text.ts";
import { checkRunConfig, type RunConfigFile } from "./run_config_keys.ts";
import { type DoubleReading, readPlainScalars } from "./yaml_readings.ts";

export type { RunConfigFile };

/** Options of {@linkcode loadRunConfigFile}. */
export interface LoadRunConfigFileOptions {
  /** Takes the warning about values that the Python SDK reads otherwise. Default: stderr. */
  readonly reporter?: Reporter;
}

/**
 * Reads a run config file: a YAML map with any of the keys `name`, `hparams`, `labels`, `description`, `auto_upload`,
 * `folder`, `make_folder` and `conflict_strategy`.
 *
 * `@std/yaml` says what a value is. Where the Python SDK reads an unquoted value otherwise (`1e-3` is a text there,
 * `yes` is true), one warning lists both readings. An unquoted date is the text that stands there. Nothing (`null`)
 * stands for no hyperparameters, no labels, an empty description, and is an error elsewhere.
 *
 * @param path The file.
 * @param options Where the warning goes.
 * @returns What stands in the file.
 * @throws {ConfigError} If the file is missing, unreadable, not YAML or empty, a key is unknown or stands there twice,
 * or a value has the wrong type.
 * @throws {PermissionError} If the file may not be read; nobody is asked.
 */
export async function loadRunConfigFile(
  path: string,
  options: LoadRunConfigFileOptions = {},
): Promise<RunConfigFile> {
  const { reporter = stderrReporter } = options;
  const query = { name: "read", path } as const;
  if (Deno.permissions.querySync(query).state !== "granted") {
    throw new PermissionError(
      `read config file "${path}"`,
      `--allow-read=${path}`,
    );
  }
  const source = await readConfigText(path);
  if (source === undefined) {
    throw new ConfigError(path, "there is no such file");
  }
  const { text, doubles } = await readPlainScalars(path, source);
  const config = checkRunConfig(path, await parseConfigText(path, text));
  if (doubles.length > 0) {
    reporter.warn(`readings of ${path}`, warning(path, doubles));
  }
  return config;
}

function warning(path: string, doubles: readonly DoubleReading[]): string {
  const list = doubles.map(({ key, text, here, python }) =>
    `${key}: ${text} is ${here} here and ${python} there`
  );
  return `Config file "${path}" holds values that the Python SDK reads otherwise: ${
    list.join("; ")
  } ` +
    `(put a text in quotes; write a number like 1.0e-3, a flag as true or false)`;
}
