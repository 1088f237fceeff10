/**
 * What names, paths and keys from clients may look like.
 *
 * @module
 */

import { MAX_KEY_BYTES, MAX_NAME_LENGTH } from "./limits.ts";
import { invalid } from "./refusal.ts";

/** The form of a user name: it is the first segment of every path of the user's. */
export const USER_NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The form of an API key's name. */
export const KEY_NAME_PATTERN = USER_NAME_PATTERN;

/** Slashes, control characters, line ends, and what turns the direction of writing around. */
const FORBIDDEN_IN_NAME = /[/\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const encoder = new TextEncoder();

/**
 * Checks the name of a new node.
 *
 * @param name The name.
 * @throws {Refusal} If no node may be called so.
 */
export function checkNodeName(name: string): void {
  const problem = name === ""
    ? "it is empty"
    : name.length > MAX_NAME_LENGTH
    ? `it has ${name.length} characters, ${MAX_NAME_LENGTH} are allowed`
    : name === "." || name === ".."
    ? `"${name}" has a meaning of its own in paths`
    : FORBIDDEN_IN_NAME.test(name) || !name.isWellFormed()
    ? `it holds "/" or a character that cannot be printed`
    : undefined;
  if (problem !== undefined) throw invalid(`invalid node name: ${problem}`);
}

/**
 * Checks the key of an object: no empty segment, no `.` or `..`, also where `\` separates segments.
 *
 * @param key The key.
 * @throws {Refusal} If no object may be called so.
 */
export function checkObjectKey(key: string): void {
  const segments = key.split(/[/\\]/);
  const problem = key.includes("\0")
    ? "it holds a NUL"
    : segments.some((segment) => ["", ".", ".."].includes(segment))
    ? `it has a segment that is empty, "." or ".."`
    : encoder.encode(key).length > MAX_KEY_BYTES
    ? `it is longer than ${MAX_KEY_BYTES} bytes`
    : undefined;
  if (problem !== undefined) throw invalid(`invalid object key: ${problem}`);
}

/**
 * Splits an absolute path. Slashes at its end do not count.
 *
 * @param path Such as `/demo/default/run`.
 * @returns Its segments, at least one.
 * @throws {Refusal} If it is not an absolute path of plain segments.
 */
export function splitPath(path: string): string[] {
  const segments = path.replace(/\/+$/, "").split("/").slice(1);
  const plain = segments.every((segment) =>
    !["", ".", ".."].includes(segment) && !segment.includes("\0")
  );
  if (!path.startsWith("/") || segments.length === 0 || !plain) {
    throw invalid(`invalid path: it must look like "/user/folder/name"`);
  }
  return segments;
}
