import { partBytes } from "./multipart.ts";

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
 * Writes a checksum as it is compared: servers quote it, or write it large.
 *
 * @param checksum What a server names.
 * @returns Without quotes, in small letters.
 */
export function plainChecksum(checksum: string): string {
  return checksum.replaceAll('"', "").toLowerCase();
}

/** An object that came in parts. */
export interface ObjectInParts {
  /** Its size, in bytes. */
  readonly sizeBytes: number;
  /** Its checksum: see {@linkcode partCount}. */
  readonly checksum: string;
}

/**
 * Tells whether a content is that of an object that came in parts. It is read once for each size that the parts may have,
 * most often once in all.
 *
 * @param object The object; of any other checksum nothing is read.
 * @param pieces Begins to read the content, which is as long as the object. Each piece is used up before the next one is
 *   asked for.
 * @returns Whether it is; false also if the parts are of an unusual size.
 */
export async function isMadeOfParts(
  { sizeBytes, checksum }: ObjectInParts,
  pieces: () => AsyncIterable<Uint8Array>,
): Promise<boolean> {
  for (const size of partSizes(sizeBytes, partCount(checksum) ?? 0)) {
    if (await partsChecksum(pieces(), size) === checksum) return true;
  }
  return false;
}

async function partsChecksum(
  pieces: AsyncIterable<Uint8Array>,
  size: number,
): Promise<string> {
  const { createHash } = await import("node:crypto");
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
  for await (const piece of pieces) {
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
