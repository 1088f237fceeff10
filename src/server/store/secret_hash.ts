/**
 * How secrets are stored.
 *
 * @module
 */

import { createHash } from "node:crypto";

/**
 * The form in which an API key or a session is stored, and by which it is looked up.
 *
 * One round without a salt is enough: these secrets are random, with 122 bits and more, so there is no dictionary to
 * try. It also makes the look-up safe to time: how long an index search takes tells at most something about the hash of
 * what was sent, and nobody can choose that hash without trying inputs.
 *
 * @param secret The secret.
 * @returns SHA-256 of it, lower-case hex.
 */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
