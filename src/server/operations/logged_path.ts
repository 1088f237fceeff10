/**
 * Addresses as they may be shown.
 *
 * @module
 */

import { API_KEY_PATTERN } from "../../aistore/protocol.ts";

const SECRET = /key|token|secret|pass|auth|session|cred|sign/i;
/** A secret at another place than that of a parameter, such as behind a second question mark. */
const MISPLACED =
  /((?:key|token|secret|pass\w*|session)(?:=|%3d))(?:(?!&|%26)[^…])+/gi;
const MAX_LENGTH = 2048;

/**
 * The path and query of an address without anything secret: what stands in a parameter that may carry a secret, however
 * its name is written or misspelt, is left out.
 *
 * @param url The address.
 * @returns Such as `/a/b?apikey=…&path=%2Fdemo`.
 */
export function loggedPath(url: string): string {
  const { pathname, searchParams } = new URL(url);
  let shown = pathname;
  let joint = "?";
  for (const [name, value] of searchParams) {
    const text = SECRET.test(name) ? "…" : encodeURIComponent(value);
    const shownName = API_KEY_PATTERN.test(name) ? "…" : name;
    shown += `${joint}${encodeURIComponent(shownName)}=${text}`;
    joint = "&";
  }
  shown = shown.replace(MISPLACED, "$1…");
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown;
}
