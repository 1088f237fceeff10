import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import { isYamlMap, parseYaml } from "../format/yaml_reader.ts";
import type { YamlMap } from "../format/yaml_value.ts";
import { refuseBombs } from "./refuse_bombs.ts";

/**
 * Reads hyperparameters.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns The hyperparameters.
 * @throws {DamagedFileError} If it holds no map, or cannot be read.
 */
export function decodeHparams(text: string, path: string): YamlMap {
  refuseBombs(text, path);
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  if (isYamlMap(value)) return value;
  throw new DamagedFileError(path, "it must hold a map");
}
