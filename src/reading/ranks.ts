/**
 * The ranks of a run.
 *
 * @module
 */

import { DamagedFileError } from "../errors.ts";
import { RANKS_DIR } from "../format/metric_key.ts";
import {
  decodeRank,
  RANK_FILE,
  type RankDocument,
} from "../format/rank_document.ts";
import type { NodeSource } from "./node_source.ts";
import { refuseBombs } from "./refuse_bombs.ts";

/** A rank as it is. */
export interface RankState extends RankDocument {
  /** Whether its process ended without a word. */
  readonly isKilled: boolean;
}

/** The ranks of a run, and what is wrong with their documents. */
export interface RunRanks {
  /** The ranks, rising. */
  readonly ranks: readonly RankState[];
  /** A sentence for each document that cannot be read. */
  readonly problems: readonly string[];
}

/**
 * Reads how the ranks of a run are.
 *
 * @param source The run.
 * @returns The ranks; of one that was killed the status is `Error`.
 */
export async function readRanks(source: NodeSource): Promise<RunRanks> {
  const ranks: RankState[] = [];
  const problems: string[] = [];
  for (const { rank, isAlive } of await source.ranks()) {
    const key = `${RANKS_DIR}/${rank}/${RANK_FILE}`;
    const text = await source.read(key);
    if (text === undefined) continue;
    try {
      const document = decodeRank(refuseBombs(text, key), key);
      const isKilled = document.status === "Running" && isAlive === false;
      const status = isKilled ? "Error" : document.status;
      ranks.push({ ...document, rank, status, isKilled });
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      problems.push(error.message);
    }
  }
  return { ranks, problems };
}
