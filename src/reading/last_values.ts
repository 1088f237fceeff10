/**
 * The last values of metrics, without reading the whole of a long file.
 *
 * @module
 */

import { firstItemStart, MetricStream } from "./metric_stream.ts";
import type { MetricFile, NodeSource } from "./node_source.ts";

/** How much of the end of a file is looked at first, and how often more where it says too little. */
const TAIL_BYTES = [16 * 1024, 1024 * 1024];

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
    if (tail >= file.sizeBytes) break;
    const found = await readFrom(source, file, file.sizeBytes - tail);
    if (names.every((name) => found.has(name))) return found;
  }
  return await readFrom(source, file, 0);
}

async function readFrom(
  source: NodeSource,
  { key }: MetricFile,
  start: number,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const stream = new MetricStream(({ names, values }) => {
    for (let at = 0; at < names.length; at++) {
      found.set(names[at] as string, values[at] as number);
    }
  });
  let isInItem = start === 0;
  for await (const piece of await source.open(key, start)) {
    const from = isInItem ? 0 : firstItemStart(piece);
    isInItem ||= from < piece.length;
    stream.add(piece.subarray(from));
  }
  stream.finish();
  return found;
}
