/**
 * Who sends a request.
 *
 * @module
 */

import { ERROR_TEXTS } from "../aistore/protocol.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { Users } from "./store/users.ts";

/**
 * Finds the user of a request by its API key: the query parameter `apikey`, or `Authorization: Bearer`.
 *
 * @param request The request.
 * @param users The users.
 * @returns The user's name.
 * @throws {Refusal} If there is no key or nobody has it; the texts are those that clients know.
 */
export function authenticate(request: Request, users: Users): string {
  const apiKey = new URL(request.url).searchParams.get("apikey") ??
    bearer(request);
  if (apiKey === undefined) {
    throw new Refusal(
      401,
      'not logged in: send an API key as the query parameter "apikey"',
      { "www-authenticate": "Bearer" },
    );
  }
  if (apiKey === "") throw invalid(`${ERROR_TEXTS.keyEmpty}: apikey is empty`);
  const user = users.ofKey(apiKey);
  if (user !== undefined) return user;
  throw invalid(`${ERROR_TEXTS.keyUnknown} ${apiKey.slice(0, 8)}… not found\n`);
}

function bearer(request: Request): string | undefined {
  return request.headers.get("authorization")?.match(/^Bearer +(\S+)$/i)?.[1];
}
