import { createHash } from "node:crypto";

/**
 * Makes an id that is the same for the same text.
 *
 * @param text What the id is of, such as the path of a directory.
 * @returns A UUID of version 8, made of the text's SHA-256.
 */
export function stableId(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = "89ab".charAt(parseInt(hex.charAt(16), 16) & 3);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
