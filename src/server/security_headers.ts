/**
 * What browsers are told about answers.
 *
 * @module
 */

import { WEB_PREFIX } from "../aistore/protocol.ts";

/** Everything comes from this server, scripts and styles in files of their own; no other page may frame a page. */
const WEB_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** For what is an answer to programs: a browser that shows it all the same runs nothing. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

/**
 * Adds to an answer what keeps a browser from doing harm with it. A policy that a route has set stays.
 *
 * @param path The request's path.
 * @param response The answer.
 * @returns The answer.
 */
export function secureResponse(path: string, response: Response): Response {
  const { headers } = response;
  const isWeb = path.includes(WEB_PREFIX);
  const all: Record<string, string> = {
    "content-security-policy": isWeb ? WEB_POLICY : API_POLICY,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    ...(isWeb ? { "cross-origin-opener-policy": "same-origin" } : {}),
  };
  for (const [name, value] of Object.entries(all)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  return response;
}
