/**
 * Who is signed in, as the whole page knows it.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { Session } from "../api/types.ts";

/** Who is signed in; undefined until that is known. */
export const session = signal<Session | undefined>(undefined);

/** The server does not know who asks: the page asks to sign in. */
export function onUnauthorized(): void {
  if (session.value?.user) session.value = { user: null };
}

/** The address of the user's own folder. */
export function rootPath(): string {
  return `/${session.value?.user ?? ""}`;
}
