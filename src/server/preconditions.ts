/**
 * Conditions that a client sets on a request (RFC 9110, 13).
 *
 * @module
 */

import { Refusal } from "./refusal.ts";

const TAG = /(?:W\/)?"[^"]*"/g;

/**
 * Checks `If-Match` and `If-None-Match`. Conditions on times do not count: objects may change twice in a second.
 *
 * @param request The request.
 * @param etag What the object is known by; undefined if there is none.
 * @returns Whether the client has the object already, so that it need not be sent.
 * @throws {Refusal} 412, if a condition is not met.
 */
export function checkPreconditions(
  { method, headers }: Request,
  etag: string | undefined,
): boolean {
  const match = headers.get("if-match");
  if (match !== null && !matches(match, etag)) throw failed();
  const noneMatch = headers.get("if-none-match");
  // Here, what is known to be as good as equal is enough.
  if (noneMatch === null || !matches(noneMatch.replaceAll("W/", ""), etag)) {
    return false;
  }
  if (method === "GET" || method === "HEAD") return true;
  throw failed();
}

/**
 * Whether a `Range` counts: if `If-Range` is there, only for the very object that it names.
 *
 * @param headers The request's headers.
 * @param etag What the object is known by.
 * @returns Whether it does.
 */
export function isRangeWanted(headers: Headers, etag: string): boolean {
  const condition = headers.get("if-range");
  return condition === null || condition.trim() === etag;
}

function matches(list: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  return list.trim() === "*" || (list.match(TAG)?.includes(etag) ?? false);
}

function failed(): Refusal {
  return new Refusal(412, "a precondition of the request is not met");
}
