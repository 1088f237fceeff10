import { createHash } from "node:crypto";
import { partBytes } from "../aistore/multipart.ts";
import { type Md5FileOptions, readPieces } from "../download/local_files.ts";

const MIB = 1024 * 1024;

/** What storages and their clients cut objects into where nobody says otherwise, in MiB. */
const USUAL_MIB = [8, 5, 16, 10, 64, 100, 128, 32, 15, 20, 25, 50, 256, 512];

/**
 * Reads a checksum as S3 gives it to an object that came in parts: the MD5 of the MD5s of all parts, `-`, and how many
 * there are.
 *
 * @param checksum The checksum.
 * @returns How many parts; undefined if it is no such checksum.
 */
export function partCount(checksum: string): number | undefined {
  const [, count] = /^[0-9a-f]{32}-([1-9]\d{0,5})$/.exec(checksum) ?? [];
  return count === undefined ? undefined : Number(count);
}

/**
 * The sizes that the parts of an object may have.
 *
 * @param sizeBytes The object's size.
 * @param count How many parts it came in.
 * @returns Sizes of every part but the last, the likeliest first: what the SDKs take, what others usually take, and equal
 *   parts. Each gives exactly so many parts.
 */
export function partSizes(sizeBytes: number, count: number): number[] {
  const equal = Math.ceil(sizeBytes / count);
  const sizes = [
    partBytes(sizeBytes),
    ...USUAL_MIB.map((mib) => mib * MIB),
    equal,
    Math.ceil(equal / MIB) * MIB,
  ];
  return [...new Set(sizes)].filter((size) =>
    size > 0 && Math.max(1, Math.ceil(sizeBytes / size)) === count
  );
}

/**
 * Computes the checksum that a file has as an object that came in parts.
 *
 * @param path The file.
 * @param size The size of every part but the last, in bytes.
 * @param options Abort, and who is told how far it has come.
 * @returns The checksum, as S3 writes it.
 */
export async function partsChecksum(
  path: string,
  size: number,
  options: Md5FileOptions = {},
): Promise<string> {
  const all = createHash("md5");
  let part = createHash("md5");
  let room = size;
  let count = 0;
  const close = () => {
    all.update(part.digest());
    count++;
    part = createHash("md5");
    room = size;
  };
  for await (const piece of readPieces(path, options)) {
    let rest = piece;
    while (rest.length > 0) {
      if (room === 0) close();
      const fitting = rest.subarray(0, room);
      part.update(fitting);
      room -= fitting.length;
      rest = rest.subarray(fitting.length);
    }
  }
  close();
  return `${all.digest("hex")}-${count}`;
}
