import { library, schemaOf, type SchemaType } from "./js_yaml.ts";

/** How a type writes its values. */
export type StyleVariant =
  | "lowercase"
  | "uppercase"
  | "camelcase"
  | "decimal"
  | "binary"
  | "octal"
  | "hexadecimal";

/** Options of {@linkcode stringify}. */
export type StringifyOptions = {
  /** Spaces for each level; 2 if left out. */
  indent?: number;
  /** Indents a list under its key; true if left out. */
  arrayIndent?: boolean;
  /** Leaves out what YAML cannot carry instead of throwing. */
  skipInvalid?: boolean;
  /** From which level on the flow style is used; -1 is never. */
  flowLevel?: number;
  /** How values of a type are written, by tag. */
  styles?: Record<string, StyleVariant>;
  /** Which types are known; "default" if left out. */
  schema?: SchemaType;
  /** Sorts the keys of maps. */
  sortKeys?: boolean | ((a: string, b: string) => number);
  /** Where long strings are folded; 80 if left out, -1 is never. */
  lineWidth?: number;
  /** Writes a repeated object once and refers to it; true if left out. */
  useAnchors?: boolean;
  /** Quotes `yes`, `no`, `on`, `off`; true if left out. */
  compatMode?: boolean;
  /** Writes flow collections without spaces. */
  condenseFlow?: boolean;
};

/** The value as a YAML document. */
export function stringify(
  data: unknown,
  options: StringifyOptions = {},
): string {
  const { arrayIndent, useAnchors, compatMode, schema, ...same } = options;
  try {
    return library.safeDump(data, {
      ...same,
      schema: schemaOf(schema),
      noArrayIndent: arrayIndent === false,
      noRefs: useAnchors === false,
      noCompatMode: compatMode === false,
    });
  } catch (error) {
    if (!(error instanceof library.YAMLException)) throw error;
    throw new TypeError(error.message, { cause: error });
  }
}
