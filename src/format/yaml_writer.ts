import { formatKey, formatScalar } from "./yaml_scalars.ts";
import type { YamlScalar, YamlValue } from "./yaml_value.ts";

export type {
  YamlList,
  YamlMap,
  YamlScalar,
  YamlTable,
  YamlValue,
} from "./yaml_value.ts";

/** Where a value stands: alone, after `key:`, or after `-`, `?` or the `:` of a key with its own line. */
type Place = "root" | "key" | "indicator";

/** The text so far, and the way to the value being written. */
interface Writer {
  text: string;
  readonly path: (string | number)[];
  readonly open: Set<object>;
}

/**
 * Writes a value as PyYAML 6 does with `yaml.dump(value, sort_keys=False)`: the same bytes wherever PyYAML folds no line
 * at column 80, the same value everywhere.
 *
 * Lines are never folded. A list or map that occurs twice is written twice, where PyYAML writes an anchor and an alias.
 * Safe integers are written as ints, for `1` and `1.0` are one value in JavaScript; negative zero is `-0.0`.
 *
 * @param value The value.
 * @returns The document, with a final line break.
 * @throws {TypeError} If the value holds something that YAML cannot carry (`undefined`, a function, a symbol, an object
 * that is no plain object, a cycle); the message names the way to it.
 */
export function stringifyYaml(value: YamlValue): string {
  const writer: Writer = { text: "", path: [], open: new Set() };
  writeValue(writer, value, { indent: 0, place: "root" });
  return writer.text;
}

interface Position {
  /** The column of the collection around the value. */
  readonly indent: number;
  readonly place: Place;
}

function writeValue(writer: Writer, value: unknown, position: Position): void {
  if (isScalar(value)) {
    writeScalar(writer, value, position);
  } else if (Array.isArray(value)) {
    writeNested(writer, value, () => writeList(writer, value, position));
  } else if (value instanceof Map) {
    writeNested(writer, value, () => writeMap(writer, [...value], position));
  } else if (isPlainObject(value)) {
    writeNested(
      writer,
      value,
      () => writeMap(writer, Object.entries(value), position),
    );
  } else {
    throw new TypeError(
      `Cannot write ${describePath(writer.path)} as YAML: ${
        describe(value)
      } has no YAML form; use null, a boolean, a number, a string, a list or a plain object`,
    );
  }
}

function writeScalar(
  writer: Writer,
  value: YamlScalar,
  { indent, place }: Position,
): void {
  const scalar = formatScalar(value, indent + 2);
  if (place !== "root") {
    writer.text += ` ${scalar}\n`;
  } else {
    const isQuoted = scalar.startsWith("'") || scalar.startsWith('"');
    writer.text += isQuoted ? `${scalar}\n` : `${scalar}\n...\n`;
  }
}

function writeNested(writer: Writer, value: object, write: () => void): void {
  if (writer.open.has(value)) {
    throw new TypeError(
      `Cannot write ${
        describePath(writer.path)
      } as YAML: it contains itself; break the cycle`,
    );
  }
  writer.open.add(value);
  write();
  writer.open.delete(value);
}

function writeList(
  writer: Writer,
  list: readonly unknown[],
  { indent, place }: Position,
): void {
  if (list.length === 0) {
    writer.text += place === "root" ? "[]\n" : " []\n";
    return;
  }
  // PyYAML does not indent a list under its key.
  const column = place === "indicator" ? indent + 2 : indent;
  startCollection(writer, place);
  // A plain loop, so that holes are seen as undefined and refused.
  for (let index = 0; index < list.length; index++) {
    if (index > 0 || place !== "indicator") writer.text += " ".repeat(column);
    writer.text += "-";
    writer.path.push(index);
    writeValue(writer, list[index], { indent: column, place: "indicator" });
    writer.path.pop();
  }
}

function writeMap(
  writer: Writer,
  entries: readonly (readonly [unknown, unknown])[],
  { indent, place }: Position,
): void {
  if (entries.length === 0) {
    writer.text += place === "root" ? "{}\n" : " {}\n";
    return;
  }
  const column = place === "root" ? indent : indent + 2;
  startCollection(writer, place);
  let isFirst = true;
  for (const [key, value] of entries) {
    if (!isFirst || place !== "indicator") writer.text += " ".repeat(column);
    isFirst = false;
    writer.path.push(String(key));
    if (!isScalar(key)) {
      throw new TypeError(
        `Cannot write ${describePath(writer.path)} as YAML: ${
          describe(key)
        } cannot be a key; use a string`,
      );
    }
    const text = formatKey(key, column);
    writer.text += text;
    const hasOwnLine = text.startsWith("? ");
    writeValue(writer, value, {
      indent: column,
      place: hasOwnLine ? "indicator" : "key",
    });
    writer.path.pop();
  }
}

function startCollection(writer: Writer, place: Place): void {
  if (place === "key") writer.text += "\n";
  else if (place === "indicator") writer.text += " ";
}

function isScalar(value: unknown): value is YamlScalar {
  return value === null || typeof value === "string" ||
    typeof value === "number" || typeof value === "boolean" ||
    typeof value === "bigint";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    const name: unknown = value.constructor?.name;
    return typeof name === "string" && name !== "" && name !== "Object"
      ? `an object of class ${name}`
      : "an object";
  }
  return value === undefined ? "undefined" : `a ${typeof value}`;
}

function describePath(path: readonly (string | number)[]): string {
  if (path.length === 0) return "the value";
  const text = path.reduce<string>(
    (way, part) =>
      typeof part === "number"
        ? `${way}[${part}]`
        : way === ""
        ? part
        : `${way}.${part}`,
    "",
  );
  return `"${text}"`;
}
