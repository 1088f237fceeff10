/**
 * Signing in and out.
 *
 * @module
 */

import { ask, send } from "./request.ts";
import type { Session } from "./types.ts";

const SESSION = new URL("session", document.baseURI).href;

/** Who is signed in. */
export function getSession(): Promise<Session> {
  return ask(SESSION);
}

/** Signs in with an API key. */
export function signIn(apiKey: string): Promise<Session> {
  return ask(SESSION, { method: "POST", body: { apiKey } });
}

/** Signs out. */
export async function signOut(): Promise<void> {
  await send(SESSION, { method: "DELETE" });
}
