import type { RunMetadata } from "./metadata.ts";
import { formatTimestamp } from "./timestamp.ts";

/** What is known of a run whose process was killed. */
export interface KilledRun {
  /** Its unique name. */
  readonly alternativeName: string;
  /** When it wrote something last, in milliseconds since 1970. */
  readonly lastMs: number;
}

/**
 * The metadata of a run whose process was killed, as they are true: `Error`, with the time of the last write as the end.
 *
 * @param metadata The metadata, which say `Running`.
 * @param run What is known of the run.
 * @returns The metadata to be written or shown.
 */
export function asKilled(
  metadata: RunMetadata,
  { alternativeName, lastMs }: KilledRun,
): RunMetadata {
  const { startTimestamp } = metadata;
  return {
    ...metadata,
    alternativeName,
    status: "Error",
    endTimestamp: lastMs > Date.parse(startTimestamp)
      ? formatTimestamp(Math.round(lastMs * 1000))
      : startTimestamp,
  };
}
