import { DamagedFileError } from "../../errors.ts";
import { decodeAttempts, startsIn } from "../../format/attempts.ts";
import { findRewind, Rewind } from "../../format/rewind.ts";
import { ObjectBytes } from "./object_bytes.ts";
import type { ObjectTask } from "./tasks.ts";

/** The longest list of attempts that is read. */
const MAX_ATTEMPTS_BYTES = 8 * 1024 * 1024;

/**
 * Finds out which records of a metrics file are replaced by later attempts at its run. A list of attempts that cannot be
 * read replaces nothing.
 *
 * @param task The file, and the list.
 * @param bytes The file's bytes.
 * @returns Which records are.
 * @throws {Deno.errors.NotFound} If an object was replaced or deleted meanwhile.
 */
export function readRewind(
  { key, attempts }: Pick<ObjectTask, "key" | "attempts">,
  bytes: ObjectBytes,
): Rewind {
  if (attempts === undefined || attempts.size > MAX_ATTEMPTS_BYTES) {
    return Rewind.NONE;
  }
  using list = new ObjectBytes(attempts.segments);
  const content = new Uint8Array(attempts.size);
  const count = list.read(0, content);
  const text = new TextDecoder().decode(content.subarray(0, count));
  try {
    const starts = startsIn(decodeAttempts(text), key);
    return findRewind(starts, (start, length) => {
      const part = new Uint8Array(Math.min(length, MAX_PART_BYTES));
      return part.subarray(0, bytes.read(start, part));
    });
  } catch (error) {
    if (error instanceof DamagedFileError) return Rewind.NONE;
    throw error;
  }
}

const MAX_PART_BYTES = 64 * 1024 * 1024;
