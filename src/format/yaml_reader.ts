import {
  defineMappingTag,
  defineScalarTag,
  load,
  type MappingTagDefinition,
  mergeTag,
  NOT_RESOLVED,
  Schema,
  seqTag,
  strTag,
  YAMLException,
} from "js-yaml";
import { defineOwn } from "./define_own.ts";
import { resolvePlain } from "./yaml_scalars.ts";
import type { YamlScalar, YamlTable, YamlValue } from "./yaml_value.ts";

/** A text is not the YAML that PyYAML's `safe_load` would read. */
export class YamlError extends SyntaxError {
  /** The class's name. */
  override name = "YamlError";
  /** The line to blame, counted from 1, where it is known. */
  readonly line: number | undefined;
  /** What is wrong, without the line. */
  readonly problem: string;

  /**
   * Writes the sentence.
   *
   * @param problem What is wrong.
   * @param options The line, and the standard error options.
   */
  constructor(
    problem: string,
    options: ErrorOptions & { readonly line?: number } = {},
  ) {
    const place = options.line === undefined ? "" : ` in line ${options.line}`;
    super(`Cannot read YAML${place}: ${problem}`, options);
    this.problem = problem;
    this.line = options.line;
  }
}

/** How {@linkcode parseYaml} gives back what it reads. */
export interface ParseYamlOptions {
  /**
   * What a map becomes: a plain object, whose keys are strings and may be reordered where they look like array indices,
   * or a `Map`, whose keys keep their types and their order. Default: `"object"`.
   */
  readonly maps?: "object" | "map";
}

/**
 * Reads one YAML document as PyYAML's `safe_load` does: YAML 1.1, only plain scalars stand for anything but strings, the
 * last of several equal keys counts, merge keys are followed.
 *
 * It differs in this: a date stays the text that stands there, and so do `=`, a `<<` that is no key, and `0x_`, where
 * `safe_load` makes dates or fails; the tags `!!binary`, `!!timestamp`, `!!set`, `!!omap` and `!!pairs` are errors, and
 * so is a quoted string whose later lines are indented less than their key. Beyond that, the two part ways only on
 * malformed text such as a lone `:`.
 *
 * @param text The document.
 * @param options What maps become.
 * @returns The value; `null` for a text without a document. Lists and maps behind an anchor are shared.
 * @throws {YamlError} If the text is malformed, holds more than one document, or a tag of a Python object.
 */
export function parseYaml(
  text: string,
  options?: { readonly maps?: "object" },
): YamlValue;
/**
 * Reads one YAML document with maps as `Map`.
 *
 * @param text The document.
 * @param options What maps become.
 * @returns The value.
 */
export function parseYaml(text: string, options?: ParseYamlOptions): YamlValue;
export function parseYaml(
  text: string,
  options: ParseYamlOptions = {},
): YamlValue {
  const schema = options.maps === "map" ? TABLE_SCHEMA : OBJECT_SCHEMA;
  try {
    return load(text, { schema, json: true, maxDepth: MAX_DEPTH }) as YamlValue;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (error.mark === undefined && error.reason.includes("input is empty")) {
      return null;
    }
    throw toYamlError(error);
  }
}

/** How deep collections may nest; PyYAML ends at about 330 by Python's own limit. */
const MAX_DEPTH = 500;

function toYamlError(error: YAMLException): YamlError {
  const python = /!<tag:yaml\.org,2002:(python\/[^>]*)>/.exec(error.reason);
  const problem = python
    ? `the tag "!!${
      python[1]
    }" stands for a Python object, which only Python can load; ` +
      "write a plain number, string, list or map instead"
    : error.reason;
  return new YamlError(problem, {
    cause: error,
    ...(error.mark && { line: error.mark.line + 1 }),
  });
}

const plainTag = defineScalarTag<YamlScalar>("tag:yaml.org,2002:plain", {
  implicit: true,
  resolve: (source) => {
    const value = resolvePlain(source);
    return typeof value === "string" ? NOT_RESOLVED : value;
  },
  identify: () => false,
});

const explicitTags = Object.entries({
  null: ["null"],
  bool: ["boolean"],
  int: ["number", "bigint"],
  float: ["number", "bigint"],
}).map(([name, types]) =>
  defineScalarTag<YamlScalar>(`tag:yaml.org,2002:${name}`, {
    resolve: (source) => {
      const value = resolvePlain(source);
      if (!types.includes(value === null ? "null" : typeof value)) {
        return NOT_RESOLVED;
      }
      return name === "float" ? Number(value) : value;
    },
    identify: () => false,
  })
);

const UNHASHABLE = "a list or a map cannot be a key";

const objectTag = defineMappingTag<Record<string, unknown>>(
  "tag:yaml.org,2002:map",
  {
    create: () => ({}),
    addPair: (object, key, value) => {
      if (typeof key === "object" && key !== null) return UNHASHABLE;
      const name = String(key);
      if (name === "__proto__") defineOwn(object, name, value);
      else object[name] = value;
      return "";
    },
    has: (object, key) => Object.hasOwn(object, String(key)),
    keys: (object) => Object.keys(object),
    get: (object, key) => object[String(key)],
    identify: () => false,
  },
);

const tableTag = defineMappingTag<Map<unknown, unknown>>(
  "tag:yaml.org,2002:map",
  {
    create: () => new Map(),
    addPair: (map, key, value) => {
      if (typeof key === "object" && key !== null) return UNHASHABLE;
      map.set(key, value);
      return "";
    },
    has: (map, key) => map.has(key),
    keys: (map) => map.keys(),
    get: (map, key) => map.get(key),
    identify: () => false,
  },
);

const OBJECT_SCHEMA = createSchema(objectTag);
const TABLE_SCHEMA = createSchema(tableTag);

// deno-lint-ignore no-explicit-any -- the library's own type for any mapping tag
function createSchema(mapTag: MappingTagDefinition<any, any>): Schema {
  return new Schema([
    strTag,
    seqTag,
    mapTag,
    mergeTag,
    plainTag,
    ...explicitTags,
  ]);
}

/**
 * Whether a value that {@linkcode parseYaml} gave back is a map as a plain object.
 *
 * @param value The value.
 * @returns Whether it is neither a scalar, a list nor a `Map`.
 */
export function isYamlMap(
  value: YamlValue | undefined,
): value is { readonly [key: string]: YamlValue } {
  return typeof value === "object" && value !== null &&
    !Array.isArray(value) && !(value instanceof Map);
}

/**
 * Whether a value that {@linkcode parseYaml} gave back is a map as a `Map`.
 *
 * @param value The value.
 * @returns Whether it is a `Map`.
 */
export function isYamlTable(value: YamlValue | undefined): value is YamlTable {
  return value instanceof Map;
}
