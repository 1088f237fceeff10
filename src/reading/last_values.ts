/**
 * The last values of metrics, without reading the whole of a long file.
 *
 * @module
 */

import { firstItemStart, MetricStream } from "./metric_stream.ts";
import type { MetricFile, NodeSource } from "./node_source.ts";

/** How much of the end of a file is looked at first, and how much where that says too little. */
const TAIL_BYTES = [16 * 1024, 1024 * 1024] as const;

/**
 * Reads the last values of some metrics of one type.
 *
 * @param source The run.
 * @param file The type's file.
 * @param names The names.
 * @returns The values by name; without those that the run does not have.
 */
export async function readLastValues(
  source: NodeSource,
  file: MetricFile,
  names: readonly string[],
): Promise<Map<string, number>> {
  for (const tail of TAIL_BYTES) {
    const found = await lastOf(source, file, tail);
    const isAll = file.sizeBytes <= tail;
    if (isAll || names.every((name) => found.has(name))) return found;
  }
  const last = new LastValues();
  for await (const piece of await source.open(file.key, 0)) last.add(piece);
  return last.finish();
}

/**
 * Tells which metrics of one type were recorded lately, from a little of the file.
 *
 * @param source The run.
 * @param file The type's file.
 * @returns Their names.
 */
export async function recentNames(
  source: NodeSource,
  file: MetricFile,
): Promise<ReadonlySet<string>> {
  return new Set((await lastOf(source, file, TAIL_BYTES[0])).keys());
}

/** The last values in the end of a file. */
async function lastOf(
  source: NodeSource,
  { key, sizeBytes: end }: MetricFile,
  tail: number,
): Promise<Map<string, number>> {
  const start = Math.max(0, end - tail);
  const part = await source.readPart(key, { start, end });
  const last = new LastValues();
  last.add(start === 0 ? part : part.subarray(firstItemStart(part)));
  return last.finish();
}

class LastValues {
  readonly #found = new Map<string, number>();
  readonly #stream = new MetricStream(({ names, values }) => {
    for (let at = 0; at < names.length; at++) {
      this.#found.set(names[at] as string, values[at] as number);
    }
  });

  add(piece: Uint8Array): void {
    this.#stream.add(piece);
  }

  finish(): Map<string, number> {
    this.#stream.finish();
    return this.#found;
  }
}
