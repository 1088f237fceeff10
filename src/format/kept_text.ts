import { parseYaml, YamlError } from "./yaml_reader.ts";
import type { YamlMap, YamlValue } from "./yaml_value.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/** An entry of a document as it stands there. */
interface KeptEntry {
  readonly text: string;
  readonly value: YamlValue;
}

/**
 * Makes a writer for a document that was written elsewhere: an entry of its map whose value is what it was keeps its
 * text, so that a Python float `1.0` does not become the int `1` because another key was changed.
 *
 * @param text The document that was read, a map.
 * @returns Writes a map.
 */
export function keepText(text: string): (map: YamlMap) => string {
  const kept = readEntries(text);
  return (map) => {
    const entries = Object.entries(map);
    if (entries.length === 0) return stringifyYaml({});
    return entries.map(([key, value]) => {
      const entry = kept.get(key);
      return entry !== undefined && isSame(entry.value, value)
        ? entry.text
        : stringifyYaml(new Map([[key, value]]));
    }).join("");
  };
}

/** The entries that can stand alone; not those with an alias, or written in another style. */
function readEntries(text: string): Map<string, KeptEntry> {
  const kept = new Map<string, KeptEntry>();
  for (const chunk of splitEntries(text)) {
    const map = readAlone(chunk);
    if (!(map instanceof Map) || map.size !== 1) continue;
    const [key] = [...map.keys()];
    const value = (readAlone(chunk, "object") as YamlMap)[String(key)];
    if (value !== undefined) kept.set(String(key), { text: chunk, value });
  }
  return kept;
}

/** A key's lines: the first begins with neither a space nor the dash of a list that is not indented. */
function splitEntries(text: string): string[] {
  return text.split(/^(?=[^\s\-:#]|-(?! |$))/m).filter((chunk) =>
    /^\S/.test(chunk) && chunk.endsWith("\n")
  );
}

function readAlone(
  text: string,
  maps: "map" | "object" = "map",
): YamlValue | undefined {
  try {
    return parseYaml(text, { maps });
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function isSame(a: YamlValue, b: YamlValue): boolean {
  if (typeof a !== "object" || typeof b !== "object") return Object.is(a, b);
  if (a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length &&
    left.every(([key, value], index) =>
      right[index]?.[0] === key && isSame(value, right[index][1])
    );
}
