import { parseYaml, YamlError } from "./yaml_reader.ts";

/**
 * Takes a metric's name from its line, `    name: value`.
 *
 * @param line The line, without its line break.
 * @returns The name; none if it is not a string, is not ASCII in the file, or cannot be told from this line alone.
 */
export function readName(line: string): string | undefined {
  const end = line.lastIndexOf(": ");
  if (
    !/^[\x20-\x7e]*$/.test(line) || !line.startsWith("    ") ||
    line[4] === " " || end < 0
  ) return undefined;
  const key = line.slice(4, end);
  const [name, other] = [readPair(key, 0), readPair(key, 1)];
  return name === other ? name : undefined;
}

/** The key in front of a value; none if the value is not read, because the key holds another, or begins a comment. */
function readPair(key: string, value: number): string | undefined {
  try {
    const map = parseYaml(`${key}: ${value}`, { maps: "map" });
    if (!(map instanceof Map) || map.size !== 1) return undefined;
    const [entry] = [...map];
    if (entry === undefined || entry[1] !== value) return undefined;
    return typeof entry[0] === "string" ? entry[0] : undefined;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
