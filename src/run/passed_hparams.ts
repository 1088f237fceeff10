import { join } from "@std/path";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { stringifyYaml } from "../format/yaml_writer.ts";
import { Document } from "../local/document.ts";
import { RUN_FILES, stateDir } from "../local/layout.ts";
import { isNoSuchFile } from "../local/os_error.ts";
import type { OwnMap } from "./hparam_values.ts";

/** The hyperparameters as a script passed them in: what the run makes of them later does not make it another script. */
const FILE = "passed-hyperparameters.yaml";

/**
 * Notes next to a run which hyperparameters were passed in.
 *
 * @param dir The run directory.
 * @param hparams The hyperparameters.
 */
export function notePassed(dir: string, hparams: OwnMap): void {
  const state = stateDir(dir);
  new Document(join(state, FILE), state).write(stringifyYaml(hparams));
}

/**
 * Finds out which hyperparameters were passed in when a run was begun.
 *
 * @param dir The run directory.
 * @returns The hyperparameters; those that the run has, if none were noted; undefined if they cannot be read.
 */
export function readPassed(dir: string): YamlMap | undefined {
  for (
    const path of [
      join(stateDir(dir), FILE),
      join(dir, RUN_FILES.hyperparameters),
    ]
  ) {
    try {
      const value = parseYaml(Deno.readTextFileSync(path));
      return isYamlMap(value) ? value : undefined;
    } catch (error) {
      if (!isNoSuchFile(error)) return undefined;
    }
  }
  return undefined;
}

/** A hyperparameter that is passed in with another value than before. */
export interface ChangedHparam {
  /** Its name. */
  readonly name: string;
  /** Its value before, as it stands in a file; undefined if there was none. */
  readonly before: string | undefined;
  /** Its value now. */
  readonly now: string | undefined;
}

/**
 * Compares hyperparameters.
 *
 * @param before Those of before.
 * @param now Those that are passed in now.
 * @returns In what they differ.
 */
export function changedHparams(
  before: YamlMap,
  now: OwnMap,
): ChangedHparam[] {
  const text = (map: YamlMap, name: string) =>
    Object.hasOwn(map, name) && map[name] !== undefined
      // As an item of a list: a document of one scalar has an end of its own.
      ? stringifyYaml([map[name]]).slice("- ".length).trimEnd()
      : undefined;
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].map((name) => ({
    name,
    before: text(before, name),
    now: text(now as YamlMap, name),
  })).filter((change) => change.before !== change.now);
}
