import { readFull } from "./read_full.ts";
import { crc32 } from "./checksums.ts";
import { DamagedFileError } from "../errors.ts";
import { concat } from "./bytes.ts";

const BLOCK_BYTES = 32 * 1024;
/** A part's check, length and kind. */
const HEAD_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/** `:W&B`, a number, and the version of the format. */
const FILE_HEAD = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0];

/**
 * Whether bytes begin as a `.wandb` file does.
 *
 * @param bytes The file's first bytes.
 * @returns Whether they do.
 */
export function isWandbLog(bytes: Uint8Array): boolean {
  return FILE_HEAD.every((byte, at) => bytes[at] === byte);
}

/**
 * Reads a `.wandb` file: LevelDB's log, with a head of its own and a plain CRC-32. A run whose process was killed lacks
 * its end, within a record or before it.
 *
 * @param path The file.
 * @param onProblem Is told why the rest of the file cannot be read.
 * @returns The records.
 * @throws {DamagedFileError} If it is no such file.
 */
export function* readWandbLog(
  path: string,
  onProblem: (message: string) => void,
): Generator<Uint8Array> {
  using file = Deno.openSync(path);
  const block = new Uint8Array(BLOCK_BYTES);
  let parts: Uint8Array[] = [];
  for (let start = 0;; start += BLOCK_BYTES) {
    const length = readFull(file, block);
    let at = 0;
    if (start === 0) {
      if (!isWandbLog(block.subarray(0, length))) {
        throw new DamagedFileError(path, "it is no .wandb file of W&B");
      }
      at = FILE_HEAD.length;
    }
    while (at + HEAD_BYTES <= length) {
      const part = readPart(block.subarray(at, length));
      if (part === undefined) {
        onProblem(
          `the log is damaged or cut off at byte ${
            start + at
          }; the rest is left out`,
        );
        return;
      }
      // What is left of a block in which no part fits is zeros.
      if (part.kind === 0) break;
      at += HEAD_BYTES + part.data.length;
      if (part.kind === FULL) yield part.data.slice();
      else if (part.kind === FIRST) parts = [part.data.slice()];
      else parts.push(part.data.slice());
      if (part.kind === LAST) yield concat(parts);
    }
    if (length < BLOCK_BYTES) {
      if (at < length) {
        onProblem(`the last record is cut off at byte ${start + at}`);
      }
      return;
    }
  }
}

interface Part {
  readonly kind: number;
  readonly data: Uint8Array;
}

/** The part at the beginning; undefined if it is damaged or not whole. */
function readPart(bytes: Uint8Array): Part | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const check = view.getUint32(0, true);
  const length = view.getUint16(4, true);
  const kind = bytes[6] ?? 0;
  if (check === 0 && length === 0 && kind === 0) {
    return { kind, data: bytes.subarray(0, 0) };
  }
  const end = HEAD_BYTES + length;
  const isKnown = [FULL, FIRST, MIDDLE, LAST].includes(kind);
  if (!isKnown || end > bytes.length) return undefined;
  return crc32(bytes.subarray(6, end)) === check
    ? { kind, data: bytes.subarray(HEAD_BYTES, end) }
    : undefined;
}
