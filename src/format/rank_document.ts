import { rethrowAsDamaged } from "./damaged.ts";
import { MapReader } from "./map_reader.ts";
import type { RunStatus } from "./metadata.ts";
import { parseYaml } from "./yaml_reader.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/** The document of a rank, in its directory. */
export const RANK_FILE = "rank.yaml";

/** What a rank's document says. */
export interface RankDocument {
  /** The rank. */
  readonly rank: number;
  /** When its process joined the run: local time with offset, ISO 8601. */
  readonly startTimestamp: string;
  /** When it ended; null while it goes on. */
  readonly endTimestamp: string | null;
  /** How it is. */
  readonly status: RunStatus;
  /** The process id; null where it is not known. */
  readonly pid: number | null;
  /** The host's name; null where it is not known. */
  readonly hostname: string | null;
}

/**
 * Writes a rank's document.
 *
 * @param rank What it says.
 * @returns The document.
 */
export function encodeRank(rank: RankDocument): string {
  return stringifyYaml({ ...rank });
}

/**
 * Reads a rank's document.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What it says.
 * @throws {DamagedFileError} If it is none; the message names the key.
 */
export function decodeRank(text: string, path = RANK_FILE): RankDocument {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  const map = new MapReader(path, "the document", value);
  const { rank, pid, hostname } = map.rest;
  return {
    rank: Number(rank),
    startTimestamp: map.string("startTimestamp"),
    endTimestamp: map.get("endTimestamp") === null
      ? null
      : map.string("endTimestamp"),
    status: map.oneOf("status", ["Running", "Complete", "Error"]) as RunStatus,
    pid: typeof pid === "number" ? pid : null,
    hostname: typeof hostname === "string" ? hostname : null,
  };
}
