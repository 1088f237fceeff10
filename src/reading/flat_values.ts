import type { YamlValue } from "../format/yaml_value.ts";
import { isYamlMap } from "../format/yaml_reader.ts";

/**
 * The single values of a document.
 *
 * @param value The document.
 * @returns The values under the keys on the way with dots between; a list, or an empty map, is a value.
 */
export function flatValues(value: YamlValue): Map<string, YamlValue> {
  const found = new Map<string, YamlValue>();
  const visit = (value: YamlValue, path: string): void => {
    const isMap = isYamlMap(value);
    const entries = isMap ? Object.entries(value) : [];
    if (entries.length === 0) {
      if (path !== "" || !isMap) found.set(path, value);
      return;
    }
    for (const [key, item] of entries) {
      visit(item, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(value, "");
  return found;
}

/**
 * A value of a document as people read it.
 *
 * @param value The value.
 * @returns The text; a list or a map as JSON.
 */
export function valueText(value: YamlValue | undefined): string {
  if (value === undefined) return "";
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(
    value,
    (_, item) =>
      typeof item === "bigint" ||
        (typeof item === "number" && !Number.isFinite(item))
        ? String(item)
        : item,
  );
}
