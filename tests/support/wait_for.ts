import { delay } from "@std/async";

const POLL_MS = 20;
const LIMIT_MS = 30_000;

/**
 * Waits until something is there.
 *
 * @param what What is waited for, for the message.
 * @param look Answers with it, or with undefined while it is not there.
 * @returns What was found.
 * @throws {Error} If it is not there after 30 s.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const end = Date.now() + LIMIT_MS;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await delay(POLL_MS);
  }
  throw new Error(`Waited ${LIMIT_MS} ms in vain for ${what}`);
}
