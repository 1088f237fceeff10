import { rethrowAsDamaged } from "./damaged.ts";
import { MapReader } from "./map_reader.ts";
import type { NamedKind } from "./names.ts";
import { parseYaml } from "./yaml_reader.ts";

/**
 * Tells from a `metadata.yaml` whether a directory is that of a run or of an artifact.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns Which it is.
 * @throws {DamagedFileError} If it is neither.
 */
export function decodeKind(text: string, path = "metadata.yaml"): NamedKind {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  const reader = new MapReader(path, "the document", value);
  return reader.oneOf("kind", ["Run", "Artifact"]) as NamedKind;
}
