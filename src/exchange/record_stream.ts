import { isItemStart } from "../format/metric_bounds.ts";
import type { MetricItem } from "../format/metric_reader.ts";
import { Rewind, scanRewound } from "../format/rewind.ts";
import { concat } from "./bytes.ts";

/** What {@linkcode streamRecords} tells besides the records. */
export interface RecordStreamOptions {
  /** Is shown each record, in order; the object it is given is used again for the next record. */
  readonly visit: (item: MetricItem) => void;
  /** Is told what is wrong with an item that cannot be read and is left out. */
  readonly onProblem: (message: string) => void;
  /** Which records are left out. Default: none. */
  readonly rewind?: Rewind;
  /** Runs after each stretch of the file, when there is time to wait. Default: nothing. */
  readonly onPause?: () => void | Promise<void>;
}

const LINE_BREAK = 0x0a;

/** How much is read at once: what a scanner learns of the names is worth keeping for a while. */
const STRETCH_BYTES = 256 * 1024;

/**
 * Reads a metrics file piece by piece: memory does not grow with its length, as long as it is a list in block style, as
 * both SDKs write it.
 *
 * @param pieces The file's bytes.
 * @param options Who is told.
 * @returns How many records there are.
 */
export async function streamRecords(
  pieces: AsyncIterable<Uint8Array>,
  { visit, onProblem, onPause, rewind = Rewind.NONE }: RecordStreamOptions,
): Promise<number> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let count = 0;
  let position = 0;
  const scan = (bytes: Uint8Array) => {
    const found = scanRewound({ bytes, position }, rewind, (item) => {
      count++;
      visit(item);
    });
    position += bytes.length;
    if (found.problem !== undefined) onProblem(found.problem.message);
  };
  for await (const piece of pieces) {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes < STRETCH_BYTES) continue;
    const bytes = concat(held);
    const end = lastItemStart(bytes);
    if (end > 0) scan(bytes.subarray(0, end));
    const rest = bytes.subarray(Math.max(0, end));
    held = [rest];
    heldBytes = end > 0 ? rest.length : 0;
    await onPause?.();
  }
  const last = concat(held);
  if (last.length > 0) scan(last);
  await onPause?.();
  return count;
}

/** Where the last item begins; 0 or less if no other is before it. */
function lastItemStart(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0) {
    const at = bytes.lastIndexOf(LINE_BREAK, end - 1);
    if (at < 0) return -1;
    // What follows a `-` at the very end of the bytes is not known yet.
    if (at + 2 < bytes.length && isItemStart(bytes, at + 1)) return at + 1;
    end = at;
  }
  return -1;
}
