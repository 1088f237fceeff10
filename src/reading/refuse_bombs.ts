import { rethrowAsDamaged } from "../format/damaged.ts";
import { readDocument } from "../server/metrics/read_document.ts";

/**
 * Refuses a document that anybody may have written, if its aliases stand for far more than is written.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns The document.
 * @throws {DamagedFileError} If that is so, or it is malformed.
 */
export function refuseBombs(text: string, path: string): string {
  if (text.includes("*")) rethrowAsDamaged(path, () => readDocument(text));
  return text;
}
