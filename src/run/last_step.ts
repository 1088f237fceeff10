import { lastItemStart } from "../format/metric_bounds.ts";
import { scanMetrics } from "../format/metric_reader.ts";
import { isNoSuchFile } from "../local/os_error.ts";

/** How much of the end of a file is read first, and how much more each time that is too little. */
const TAIL_BYTES = 16 * 1024;
const GROWTH = 16;

/**
 * Finds the step of the last record of a metrics file, reading no more than its end.
 *
 * @param path The file.
 * @returns The step; undefined if there is no record.
 */
export function lastStepIn(path: string): number | undefined {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
  using open = file;
  const { size } = open.statSync();
  for (let length = TAIL_BYTES;; length *= GROWTH) {
    const tail = new Uint8Array(Math.min(length, size));
    open.seekSync(size - tail.length, Deno.SeekMode.Start);
    for (let at = 0; at < tail.length;) {
      const count = open.readSync(tail.subarray(at));
      if (count === null) break;
      at += count;
    }
    const start = lastItemStart(tail);
    if (start === 0 && tail.length < size) continue;
    let step: number | undefined;
    scanMetrics(tail.subarray(start), (item) => step = item.step);
    return step;
  }
}
