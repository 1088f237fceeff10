/**
 * The language of the pages.
 *
 * @module
 */

import { stored } from "./stored.ts";

/** English or Chinese. */
export type Language = "en" | "zh";

/** The language that is spoken now. */
export const language = stored<Language>(
  "language",
  navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
  (value): value is Language => value === "en" || value === "zh",
);

/** English and Chinese; `{name}` stands for a value. */
type Both = readonly [en: string, zh: string];

/** A text in the language that is spoken now. */
export type Text = (values?: { readonly [name: string]: unknown }) => string;

/**
 * Makes texts. Whoever shows one is drawn anew when the language changes.
 *
 * @param table Each text in both languages. For a number `n` that is 1, English takes what stands before `|`.
 * @returns Each text as a function.
 */
export function texts<K extends string>(
  table: { readonly [key in K]: Both },
): { readonly [key in K]: Text } {
  const entries = Object.entries<Both>(table).map(([key, both]) => {
    const text: Text = (values = {}) => {
      const [one, many] = both[language.value === "zh" ? 1 : 0].split("|");
      const chosen = many === undefined || values["n"] === 1 ? one : many;
      return (chosen ?? "").replace(
        /\{(\w+)\}/g,
        (_, name: string) => String(values[name] ?? ""),
      );
    };
    return [key, text];
  });
  return Object.fromEntries(entries) as { readonly [key in K]: Text };
}
