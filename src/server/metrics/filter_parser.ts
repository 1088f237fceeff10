/**
 * Conditions on runs, such as `lr < 0.01 and (val.accuracy > 0.9 or status = Running)`.
 *
 * @module
 */

import { FilterError } from "./filter_error.ts";
import { readTokens, type Token } from "./filter_lexer.ts";

/** A constant. */
export type Constant = string | number | boolean | null;

/** How two values are compared. */
export type Comparison = "<" | "<=" | ">" | ">=" | "=" | "!=" | "~";

/** A side of a comparison: the name of a column, or a constant. */
export type Operand =
  | { readonly name: string; readonly at: number }
  | { readonly value: Constant; readonly at: number };

/** A condition. */
export type Filter =
  | { readonly op: "and" | "or"; readonly items: readonly Filter[] }
  | { readonly op: "not"; readonly item: Filter }
  | {
    readonly op: Comparison;
    readonly left: Operand;
    readonly right: Operand;
  }
  | {
    readonly op: "in";
    readonly left: Operand;
    readonly values: readonly Operand[];
  }
  | { readonly op: "known"; readonly left: Operand };

/** The longest filter, in characters. */
export const MAX_FILTER_LENGTH = 4096;
/** How deep parentheses may be. */
const MAX_DEPTH = 50;
/** How many conditions there may be. */
const MAX_CONDITIONS = 100;

const SIGNS: ReadonlyMap<string, Comparison> = new Map([
  ["<", "<"],
  ["<=", "<="],
  [">", ">"],
  [">=", ">="],
  ["=", "="],
  ["==", "="],
  ["!=", "!="],
  ["<>", "!="],
  ["~", "~"],
  ["contains", "~"],
]);

/**
 * Reads a filter.
 *
 * It is made of comparisons (`<`, `<=`, `>`, `>=`, `=`, `!=`, and `~` or `contains` for a part of a text), of `x in (a, b)`,
 * `x not in (…)`, `x is null` and `x is not null`, put together with `and`, `or`, `not` and parentheses. What has other
 * characters than letters, digits and `_ . / @ : -` in its name stands between backquotes, texts between quotation marks.
 *
 * @param text The filter.
 * @returns The condition.
 * @throws {FilterError} If it is none.
 */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_FILTER_LENGTH) {
    throw new FilterError(
      `A filter may have ${MAX_FILTER_LENGTH} characters, this one goes on`,
      MAX_FILTER_LENGTH,
    );
  }
  return new Parser(readTokens(text)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #conditions = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Filter {
    const filter = this.#any(0);
    if (this.#next.kind !== "end") throw this.#unexpected('"and" or "or"');
    return filter;
  }

  get #next(): Token {
    return this.#tokens[this.#position] as Token;
  }

  /** Takes the next word if it is one of these. */
  #take(...texts: readonly string[]): string | undefined {
    const { kind, text } = this.#next;
    if (kind !== "keyword" && kind !== "sign") return undefined;
    if (!texts.includes(text)) return undefined;
    this.#position++;
    return text;
  }

  #expect(text: string): void {
    if (this.#take(text) === undefined) throw this.#unexpected(`"${text}"`);
  }

  #unexpected(wanted: string): FilterError {
    const { kind, text, at } = this.#next;
    const found = kind === "end" ? "the end" : `"${text}"`;
    return new FilterError(`Expected ${wanted} instead of ${found}`, at);
  }

  #any(depth: number): Filter {
    const items = [this.#all(depth)];
    while (this.#take("or", "||")) items.push(this.#all(depth));
    return joined("or", items);
  }

  #all(depth: number): Filter {
    const items = [this.#not(depth)];
    while (this.#take("and", "&&")) items.push(this.#not(depth));
    return joined("and", items);
  }

  #not(depth: number): Filter {
    if (depth > MAX_DEPTH) {
      throw new FilterError("The filter is too deep", this.#next.at);
    }
    if (this.#take("not", "!")) {
      return { op: "not", item: this.#not(depth + 1) };
    }
    if (this.#take("(")) {
      const filter = this.#any(depth + 1);
      this.#expect(")");
      return filter;
    }
    return this.#condition();
  }

  #condition(): Filter {
    if (++this.#conditions > MAX_CONDITIONS) {
      throw new FilterError(
        "The filter has too many conditions",
        this.#next.at,
      );
    }
    const left = this.#operand("a name");
    if (this.#take("is")) {
      const negated = this.#take("not") !== undefined;
      this.#expect("null");
      const known: Filter = { op: "known", left };
      return negated ? known : { op: "not", item: known };
    }
    const negated = this.#take("not") !== undefined;
    if (negated || this.#next.text === "in") {
      this.#expect("in");
      const list: Filter = { op: "in", left, values: this.#list() };
      return negated ? { op: "not", item: list } : list;
    }
    const sign = this.#take(...SIGNS.keys());
    const op = sign === undefined ? undefined : SIGNS.get(sign);
    if (op === undefined) throw this.#unexpected("a comparison");
    return { op, left, right: this.#operand("a value") };
  }

  #list(): Operand[] {
    this.#expect("(");
    const values: Operand[] = [];
    do values.push(this.#operand("a value")); while (this.#take(","));
    this.#expect(")");
    return values;
  }

  #operand(wanted: string): Operand {
    const { kind, text, at } = this.#next;
    const operand = toOperand(kind, text, at);
    if (operand === undefined) throw this.#unexpected(wanted);
    this.#position++;
    return operand;
  }
}

function toOperand(
  kind: Token["kind"],
  text: string,
  at: number,
): Operand | undefined {
  if (kind === "name") return { name: text, at };
  if (kind === "string") return { value: text, at };
  if (kind === "number") return { value: Number(text.replaceAll("_", "")), at };
  if (kind !== "keyword") return undefined;
  switch (text) {
    case "true":
      return { value: true, at };
    case "false":
      return { value: false, at };
    case "null":
      return { value: null, at };
  }
  return undefined;
}

function joined(op: "and" | "or", items: readonly Filter[]): Filter {
  const [only] = items;
  return items.length === 1 && only ? only : { op, items };
}
