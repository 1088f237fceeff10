/**
 * The attempts at a run, as its list of them says.
 *
 * @module
 */

/** One process's part of a run. */
export interface Attempt {
  readonly attempt: number;
  /** When it began and ended; undefined where that is not said. */
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  /** Such as `Killed`. */
  readonly status: string;
  readonly hostname: string | undefined;
}

/**
 * Reads the attempts at a run.
 *
 * @param list The list, as JSON has it.
 * @returns The attempts, the last one first.
 */
export function attemptsOf(list: unknown): readonly Attempt[] {
  if (!Array.isArray(list)) return [];
  return list.filter((item) => typeof item === "object" && item !== null)
    .map((item: Readonly<Record<string, unknown>>, at) => ({
      attempt: at + 1,
      startMs: timeOf(item["startTimestamp"]),
      endMs: timeOf(item["endTimestamp"]),
      status: String(item["status"] ?? ""),
      hostname: typeof item["hostname"] === "string"
        ? item["hostname"]
        : undefined,
    })).reverse();
}

/** A time as text in milliseconds since 1970; undefined for what is none. */
export function timeOf(text: unknown): number | undefined {
  const at = typeof text === "string" ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}
