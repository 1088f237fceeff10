/**
 * A filter's text, cut into words.
 *
 * @module
 */

import { FilterError } from "./filter_error.ts";

/** What a word is. */
export type TokenKind =
  | "number"
  | "string"
  | "name"
  | "keyword"
  | "sign"
  | "end";

/** A word of a filter. */
export interface Token {
  /** What it is. */
  readonly kind: TokenKind;
  /** What it says: of a string its content, of a keyword its lower case. */
  readonly text: string;
  /** Where it begins, from 0. */
  readonly at: number;
}

const KEYWORDS = new Set([
  "and",
  "or",
  "not",
  "in",
  "is",
  "null",
  "true",
  "false",
  "contains",
]);

const SPACE = /\s*/y;
const SIGN = /<=|>=|==|!=|<>|&&|\|\||[<>=~!(),]/y;
const NUMBER =
  /[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_/:@-])/uy;
const NAME = /[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_./@:-]*[\p{L}\p{M}\p{N}_])?/uy;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy;
const BACKQUOTED = /`((?:[^`]|``)+)`/sy;

/**
 * Cuts a filter into words.
 *
 * @param text The filter.
 * @returns The words; the last is the end.
 * @throws {FilterError} If something is no word.
 */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text) ?? undefined;
  };
  while (true) {
    at += match(SPACE)?.[0].length ?? 0;
    if (at === text.length) return [...tokens, { kind: "end", text: "", at }];
    const [length, kind, content] = readToken(match);
    if (length === 0) {
      const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
      throw new FilterError(
        `"\`'`.includes(sign)
          ? `The quotation that begins with ${sign} does not end`
          : `"${sign}" means nothing`,
        at,
      );
    }
    tokens.push({ kind, text: content, at });
    at += length;
  }
}

function readToken(
  match: (pattern: RegExp) => RegExpExecArray | undefined,
): readonly [length: number, kind: TokenKind, text: string] {
  const quoted = match(QUOTED);
  if (quoted !== undefined) {
    const [whole, double, single = ""] = quoted;
    return [whole.length, "string", unescaped(double ?? single)];
  }
  const backquoted = match(BACKQUOTED);
  if (backquoted !== undefined) {
    const [whole, name = ""] = backquoted;
    return [whole.length, "name", name.replaceAll("``", "`")];
  }
  const number = match(NUMBER)?.[0];
  if (number !== undefined) return [number.length, "number", number];
  const name = match(NAME)?.[0];
  if (name !== undefined) {
    const lower = name.toLowerCase();
    return KEYWORDS.has(lower)
      ? [name.length, "keyword", lower]
      : [name.length, "name", name];
  }
  const sign = match(SIGN)?.[0];
  return [sign?.length ?? 0, "sign", sign ?? ""];
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, sign: string) => {
    return sign === "n" ? "\n" : sign === "t" ? "\t" : sign;
  });
}
