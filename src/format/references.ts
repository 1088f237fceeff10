import { DamagedFileError } from "../errors.ts";
import { rethrowAsDamaged } from "./damaged.ts";
import { parseYaml } from "./yaml_reader.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/**
 * Writes an artifact's `references.yaml`.
 *
 * @param references The URIs by object path, in the order in which they were added.
 * @returns The document.
 */
export function encodeReferences(
  references: ReadonlyMap<string, string>,
): string {
  return stringifyYaml(references);
}

/**
 * Reads an artifact's `references.yaml`.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns The URIs by object path, in order.
 * @throws {DamagedFileError} If it is no map of strings; the message names the key.
 */
export function decodeReferences(
  text: string,
  path = "references.yaml",
): Map<string, string> {
  const value = rethrowAsDamaged(path, () => parseYaml(text, { maps: "map" }));
  if (value === null) return new Map();
  if (!(value instanceof Map)) {
    throw new DamagedFileError(path, "the document must be a map");
  }
  const references = new Map<string, string>();
  for (const [key, uri] of value) {
    if (typeof uri !== "string") {
      throw new DamagedFileError(path, `"${key}" must be a string`);
    }
    references.set(String(key), uri);
  }
  return references;
}
