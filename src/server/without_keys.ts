/**
 * What is said of failures.
 *
 * @module
 */

const KEY = /(apikey(?:=|%3d)|bearer\s+|em_session=)[^&\s'";]+/gi;

/**
 * A text without the API keys and sessions that stand in addresses and headers within it.
 *
 * @param text Such as the stack of an error that quotes an address.
 * @returns The text with `…` for each of them.
 */
export function withoutKeys(text: string): string {
  return text.replaceAll(KEY, "$1…");
}
