import { DamagedFileError } from "../errors.ts";
import { parseYaml } from "./yaml_reader.ts";
import { rethrowAsDamaged } from "./damaged.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/**
 * Writes a run's `index.yaml`, from which the console learns which files to draw.
 *
 * @param types The metric types of which there are files, in the order of their first use.
 * @returns The document.
 */
export function encodeIndex(types: readonly string[]): string {
  return stringifyYaml({
    hyperparameters: "hyperparameters.yaml",
    // A Map keeps the order of types that look like numbers.
    metrics: new Map(types.map((type) => [type, `metrics/${type}.yaml`])),
    platform: "platform.yaml",
    git: "git.yaml",
    log: "stdout.log",
  });
}

/**
 * Reads a run's `index.yaml`.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns The metric types, in order.
 * @throws {DamagedFileError} If it is no index.
 */
export function decodeIndex(
  text: string,
  path = "index.yaml",
): readonly string[] {
  const index = rethrowAsDamaged(path, () => parseYaml(text, { maps: "map" }));
  if (!(index instanceof Map)) {
    throw new DamagedFileError(path, "it must hold a map");
  }
  const metrics: unknown = index.get("metrics");
  if (metrics === null) return [];
  if (!(metrics instanceof Map)) {
    throw new DamagedFileError(path, '"metrics" must be a map');
  }
  return [...metrics.keys()].map(String);
}
