/**
 * A value that is a tree, as the rows of a table.
 *
 * @module
 */

/** What kind of value it is. */
export type ValueType =
  | "number"
  | "string"
  | "boolean"
  | "null"
  | "list"
  | "map";

/** A row: a key and its value. */
export interface ValueRow {
  /** The keys on the way, as JSON: it tells every row from every other. */
  readonly id: string;
  /** The keys on the way with dots between. */
  readonly path: string;
  readonly key: string;
  readonly depth: number;
  readonly type: ValueType;
  /** A single value as it is shown. */
  readonly text: string;
  /** How many values are in it. */
  readonly count: number;
  readonly isOpen: boolean;
}

/** Which rows. */
export interface RowsOptions {
  /** The types of values as the document has them, by path, for those that JSON cannot carry. */
  readonly types?: ReadonlyMap<string, string>;
  /** Rows that are not as they are by themselves: opened or closed, by id. */
  readonly toggled?: ReadonlySet<string>;
  /** Whether what is not toggled is open. Default: yes. */
  readonly isOpen?: boolean;
  /** Only rows with this text in key or value, and those above them. */
  readonly search?: string;
  /** At most so many rows. */
  readonly max: number;
}

/**
 * Makes rows of a value.
 *
 * @param value A map or a list, as JSON has it.
 * @param options Which rows.
 * @returns The rows in order, and whether there are more.
 */
export function valueRows(
  value: unknown,
  options: RowsOptions,
): { readonly rows: readonly ValueRow[]; readonly isCut: boolean } {
  const { types = new Map<string, string>(), max } = options;
  const search = (options.search ?? "").toLowerCase();
  const rows: ValueRow[] = [];
  let isCut = false;
  const visit = (value: unknown, keys: readonly string[]): boolean => {
    const key = keys.at(-1) ?? "";
    const path = keys.join(".");
    const id = JSON.stringify(keys);
    const known = types.get(path);
    const type = typeOf(value, known);
    const isSingle = type !== "list" && type !== "map";
    const entries = isSingle ? [] : entriesOf(value);
    const text = isSingle ? String(value) : "";
    const fits = search === "" || key.toLowerCase().includes(search) ||
      isSingle && text.toLowerCase().includes(search);
    const isToggled = options.toggled?.has(id) ?? false;
    const isOpen = (options.isOpen ?? true) !== isToggled;
    if (rows.length >= max) {
      isCut = true;
      return fits;
    }
    const at = rows.length;
    rows.push({
      id,
      path,
      key,
      depth: keys.length - 1,
      type,
      text,
      count: entries.length,
      isOpen: search === "" ? isOpen : true,
    });
    let fitsBelow = false;
    if (isOpen || search !== "") {
      for (const [name, item] of entries) {
        if (isCut) break;
        fitsBelow = visit(item, [...keys, name]) || fitsBelow;
      }
    }
    if (!fits && !fitsBelow) rows.splice(at, 1);
    return fits || fitsBelow;
  };
  for (const [key, item] of entriesOf(value)) {
    if (isCut) break;
    visit(item, [key]);
  }
  return { rows, isCut };
}

/** The values in a map or a list, with their keys. */
export function entriesOf(
  value: unknown,
): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) {
    return value.map((item, index) => [String(index), item] as const);
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value)
    : [];
}

/** Finds the value of a row. */
export function valueAt(value: unknown, id: string): unknown {
  const keys: readonly string[] = JSON.parse(id);
  return keys.reduce<unknown>(
    (at, key) => (at as Readonly<Record<string, unknown>>)[key],
    value,
  );
}

function typeOf(value: unknown, known: string | undefined): ValueType {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "object":
      return "map";
    case "number":
    case "boolean":
      return typeof value as "number" | "boolean";
    default:
      // What is no finite number, and what is too long for one, comes as a text.
      return known === "number" ? "number" : "string";
  }
}
