import { DamagedFileError } from "../errors.ts";
import { scanMetrics } from "../format/metric_reader.ts";
import type { Reporter } from "../reporter.ts";

/** A metrics file whose end is not whole. */
export interface TornMetrics {
  /** The file. */
  readonly path: string;
  /** Where the last whole record ends. */
  readonly goodBytes: number;
  /** What is wrong; absent if nothing is lost by the repair. */
  readonly message?: string;
}

/**
 * Finds out what is to be cut off a metrics file, so that it can go on.
 *
 * @param path The file.
 * @returns What; undefined if it can go on as it is.
 * @throws {DamagedFileError} If it is missing, or damaged elsewhere than at its end.
 */
export function findTorn(path: string): TornMetrics | undefined {
  const bytes = readBytes(path);
  const { problem, goodBytes, count } = scanMetrics(bytes, () => {});
  if (problem !== undefined && !problem.isTorn) {
    throw new DamagedFileError(path, problem.message, { line: problem.line });
  }
  // An empty list in brackets is whole, but no record can follow it.
  const isEmptyList = count === 0 && bytes.length > 0;
  if (problem === undefined && !isEmptyList) {
    if (bytes[0] === "[".charCodeAt(0)) {
      throw new DamagedFileError(
        path,
        "no record can follow a list in brackets",
        { line: 1 },
      );
    }
    return undefined;
  }
  return {
    path,
    goodBytes,
    ...(problem && { message: `line ${problem.line}: ${problem.message}` }),
  };
}

function readBytes(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw error instanceof Deno.errors.NotFound
      ? new DamagedFileError(path, "this file of the run is missing")
      : error;
  }
}

/**
 * Cuts off what is left of records, and says so.
 *
 * @param torn The files.
 * @param reporter Told of it.
 */
export function repairTorn(
  torn: readonly TornMetrics[],
  reporter: Reporter,
): void {
  for (const { path, goodBytes, message } of torn) {
    Deno.truncateSync(path, goodBytes);
    if (message === undefined) continue;
    reporter.info(
      `Repaired "${path}" by removing what was left of a record (${message}); all records before it are whole`,
    );
  }
}
