/**
 * The attempts at a run, and which of its records are replaced by later ones.
 *
 * @module
 */

import { DamagedFileError } from "../errors.ts";
import {
  type Attempt,
  ATTEMPTS_FILE,
  decodeAttempts,
  startsIn,
} from "../format/attempts.ts";
import { awaitRewind, type Rewind } from "../format/rewind.ts";
import type { NodeSource } from "./node_source.ts";
import { refuseBombs } from "./refuse_bombs.ts";

/** The attempts at a run. */
export interface RunAttempts {
  /** The attempts; none where only one was made. */
  readonly attempts: readonly Attempt[];
  /** Why they cannot be read; all records count then. */
  readonly problem?: string;
}

/**
 * Reads the attempts at a run.
 *
 * @param source The run.
 * @returns The attempts.
 */
export async function readAttempts(source: NodeSource): Promise<RunAttempts> {
  const text = await source.read(ATTEMPTS_FILE);
  if (text === undefined) return { attempts: [] };
  try {
    return { attempts: decodeAttempts(refuseBombs(text, ATTEMPTS_FILE)) };
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    return { attempts: [], problem: error.message };
  }
}

/**
 * Finds out which records of a metrics file are replaced.
 *
 * @param source The run.
 * @param attempts Its attempts.
 * @param key The file.
 * @returns Which are.
 */
export async function rewindOf(
  source: NodeSource,
  attempts: readonly Attempt[],
  key: string,
): Promise<Rewind> {
  return await awaitRewind(
    startsIn(attempts, key),
    (start, length) => source.readPart(key, { start, end: start + length }),
  );
}
