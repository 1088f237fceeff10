import { concat } from "./bytes.ts";
import { maskedCrc32c } from "./checksums.ts";

/** What is before a record: its length in 64 bits, and the check of that; behind it is the check of the record. */
const HEAD_BYTES = 12;
const CHECK_BYTES = 4;
/** No event is so long: such a length is damage. */
const MAX_RECORD_BYTES = 2 ** 31;

/**
 * Puts a record into the frame of a TFRecord file.
 *
 * @param data The record.
 * @returns The bytes for the file.
 */
export function frameTfRecord(data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEAD_BYTES + data.length + CHECK_BYTES);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(data, HEAD_BYTES);
  view.setUint32(HEAD_BYTES + data.length, maskedCrc32c(data), true);
  return framed;
}

/**
 * Reads a TFRecord file.
 *
 * @param pieces The file's bytes.
 * @param onProblem Is told why the rest of the file cannot be read: a last record that is cut off, or damage.
 * @returns The records, whose checks are right; they hold only until the next.
 */
export async function* readTfRecords(
  pieces: AsyncIterable<Uint8Array>,
  onProblem: (message: string) => void,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let neededBytes = HEAD_BYTES;
  let passed = 0;
  for await (const piece of pieces) {
    held.push(piece);
    heldBytes += piece.length;
    // A long record comes in many pieces, which are put together once.
    if (heldBytes < neededBytes) continue;
    const bytes = concat(held);
    let at = 0;
    while (true) {
      const read = readRecord(bytes, at);
      if (read.state === "damaged") {
        onProblem(
          `${read.problem} at byte ${passed + at}; the rest is left out`,
        );
        return;
      }
      neededBytes = read.bytes;
      if (read.state === "partial") break;
      yield read.data;
      at += read.bytes;
    }
    held = [bytes.slice(at)];
    heldBytes -= at;
    passed += at;
  }
  if (heldBytes > 0) onProblem(`the last record is cut off at byte ${passed}`);
}

/** What stands at a place of a file. */
type ReadRecord =
  | {
    readonly state: "whole";
    readonly data: Uint8Array;
    /** How long it is with its frame. */
    readonly bytes: number;
  }
  | {
    readonly state: "partial";
    /** How many bytes it takes to read on. */
    readonly bytes: number;
  }
  | { readonly state: "damaged"; readonly problem: string };

function readRecord(bytes: Uint8Array, at: number): ReadRecord {
  const available = bytes.length - at;
  if (available < HEAD_BYTES) return { state: "partial", bytes: HEAD_BYTES };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(at, true));
  const head = bytes.subarray(at, at + 8);
  if (
    view.getUint32(at + 8, true) !== maskedCrc32c(head) ||
    length > MAX_RECORD_BYTES
  ) {
    return { state: "damaged", problem: "the check of a length is wrong" };
  }
  const whole = HEAD_BYTES + length + CHECK_BYTES;
  if (available < whole) return { state: "partial", bytes: whole };
  const start = at + HEAD_BYTES;
  const data = bytes.subarray(start, start + length);
  return view.getUint32(start + length, true) === maskedCrc32c(data)
    ? { state: "whole", data, bytes: whole }
    : { state: "damaged", problem: "the check of a record is wrong" };
}
