/**
 * What a condition can go on with while it is typed.
 *
 * @module
 */

import type { Columns } from "../../api/types.ts";
import { FIELDS } from "./column_list.ts";

/** What may stand at the caret. */
export interface Completion {
  /** What is replaced, from and up to. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Proposal[];
}

/** Something that may stand there. */
export interface Proposal {
  /** What is put in. */
  readonly text: string;
  /** What is shown. */
  readonly label: string;
}

const NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_./@:-]*[\p{L}\p{M}\p{N}_])?$/u;
const NUMBER = /^\d[\d_.]*(e[-+]?\d+)?$/i;
const WORD = /[\p{L}\p{M}\p{N}_./@:-]/u;
const STATUS_VALUE = /(?:^|[^\p{L}\p{N}_.])status\s*(?:=|==|!=|<>)\s*$/iu;
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
const STATUSES = ["Running", "Complete", "Error"];
/** What a condition knows of nodes themselves; paths it does not. */
const NAMED = ["name", ...FIELDS.filter((field) => field !== "path")];
const MAX_ITEMS = 12;

/** A name as it stands in a condition: between backquotes where it has other characters than a word. */
export function quoteName(name: string): string {
  const isPlain = NAME.test(name) && !NUMBER.test(name) &&
    !KEYWORDS.has(name.toLowerCase());
  return isPlain ? name : `\`${name.replaceAll("`", "``")}\``;
}

/** A text as it stands in a condition. */
export function quoteText(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')
    .replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

/** The names that a condition on runs may have, as short as the server takes them. */
export function filterNames(columns: Columns | undefined): string[] {
  const fields = new Set<string>(NAMED);
  const facts = (list: Columns["hparams"] = []): string[] =>
    list.map(({ id }) => id);
  return [
    ...(columns?.hparams ?? []).map(({ id, path }) =>
      fields.has(path) || /^(hparams|platform|git|metrics)\./.test(path)
        ? id
        : path
    ),
    ...(columns?.metrics ?? []).map(({ type, name }) => `${type}/${name}`),
    ...NAMED,
    ...facts(columns?.platform),
    ...facts(columns?.git),
  ];
}

/**
 * What may stand at the caret.
 *
 * @param text The condition as it is.
 * @param caret Where the caret is.
 * @param names The names that are known.
 * @returns What may stand there; no items where nothing is known, or what stands there is already the only one.
 */
export function completionAt(
  text: string,
  caret: number,
  names: readonly string[],
): Completion {
  const none = { from: caret, to: caret, items: [] };
  const open = openQuote(text.slice(0, caret));
  if (open !== undefined && open.sign !== "`") return none;
  let from = caret;
  if (open !== undefined) from = open.at;
  else while (from > 0 && WORD.test(text[from - 1] ?? "")) from--;
  let to = caret;
  while (to < text.length && WORD.test(text[to] ?? "")) to++;
  if (open !== undefined && text[to] === "`") to++;
  const typed = text.slice(from, caret).replace(/^`/, "").toLowerCase();
  if (NUMBER.test(typed)) return none;

  const before = text.slice(0, from);
  if (STATUS_VALUE.test(before)) {
    return { from, to, items: found(STATUSES, typed, (value) => value) };
  }
  if (typed === "" || /[<>=~!]\s*$/.test(before)) return none;
  return { from, to, items: found(names, typed, quoteName) };
}

/** Puts something at its place. */
export function complete(
  text: string,
  { from, to }: Completion,
  proposal: Proposal,
): { readonly text: string; readonly caret: number } {
  const rest = text.slice(to);
  const put = /^\s/.test(rest) ? proposal.text : `${proposal.text} `;
  return {
    text: text.slice(0, from) + put + rest,
    caret: from + proposal.text.length + 1,
  };
}

/** Those that begin with it come first, then those that have it somewhere. */
function found(
  names: readonly string[],
  typed: string,
  toText: (name: string) => string,
): Proposal[] {
  const ranked = names.flatMap((name) => {
    const at = name.toLowerCase().indexOf(typed);
    return at < 0 ? [] : [{ name, rank: at === 0 ? 0 : 1 }];
  }).sort((a, b) => a.rank - b.rank).slice(0, MAX_ITEMS);
  const [only] = ranked;
  if (ranked.length === 1 && only?.name.toLowerCase() === typed) return [];
  return ranked.map(({ name }) => ({ text: toText(name), label: name }));
}

/** The quotation that is still open at the end of a text. */
function openQuote(
  text: string,
): { readonly sign: string; readonly at: number } | undefined {
  let open: { sign: string; at: number } | undefined;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (open === undefined) {
      if (`"'\``.includes(sign)) open = { sign, at };
    } else if (sign === "\\" && open.sign !== "`") at++;
    else if (sign === open.sign) open = undefined;
  }
  return open;
}
