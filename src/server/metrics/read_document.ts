/**
 * Documents that anybody may have written.
 *
 * @module
 */

import { isYamlTable, parseYaml, YamlError } from "../../format/yaml_reader.ts";
import type { YamlValue } from "../../format/yaml_value.ts";

/** How much longer a document may become than twice its text, once aliases stand for what they mean. */
const MAX_EXPANSION = 256 * 1024;

const MAX_DEPTH = 500;

/** How much a value is with everything in it, each alias counted as what it means. */
interface Weight {
  readonly size: number;
  readonly depth: number;
}

const TOO_MUCH: Weight = { size: Infinity, depth: Infinity };

/**
 * Reads a document whose aliases do no harm: a few lines of them could stand for more than fits into memory, or for
 * themselves.
 *
 * @param text The document.
 * @returns What it says, with maps as `Map`.
 * @throws {YamlError} If it is malformed, or its aliases are too much.
 */
export function readDocument(text: string): YamlValue {
  const document = parseYaml(text, { maps: "map" });
  const { size, depth } = weigh(document, new Map());
  if (size <= 2 * text.length + MAX_EXPANSION && depth <= MAX_DEPTH) {
    return document;
  }
  throw new YamlError("its aliases stand for far more than is written");
}

function weigh(value: YamlValue, known: Map<unknown, Weight>): Weight {
  if (typeof value === "string") return { size: 1 + value.length, depth: 1 };
  if (!Array.isArray(value) && !isYamlTable(value)) {
    return { size: 1, depth: 1 };
  }
  const before = known.get(value);
  if (before !== undefined) return before;
  // Whoever comes by again while this is being weighed is in it.
  known.set(value, TOO_MUCH);
  let size = 1;
  let depth = 0;
  const items: Iterable<YamlValue> = Array.isArray(value)
    ? value
    : value.values();
  for (const item of items) {
    const weight = weigh(item, known);
    size += weight.size;
    depth = Math.max(depth, weight.depth);
  }
  const weight = { size, depth: depth + 1 };
  known.set(value, weight);
  return weight;
}
