/**
 * ZIP archives as streams, with native checksums: the packages on npm compute them in JavaScript, which takes many times as long as
 * all the rest. By PKWARE's APPNOTE.TXT 6.3.10, stored (not compressed), with ZIP64 where something is too large without.
 *
 * @module
 */

import { crc32 } from "node:zlib";

/** A file or, where its name ends in `/`, a folder of an archive. */
export interface ZipEntry {
  /** Where it lies in the archive, with `/` between folders. At most 65,535 bytes of UTF-8. */
  readonly name: string;
  /** How many bytes `read` gives. Default: 0. */
  readonly size?: number;
  /** When it was changed, in Unix seconds. Default: 0. */
  readonly mtime?: number;
  /** Gives the bytes when their turn has come. Default: there are none. */
  readonly read?: () => AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** How to write an archive. */
export interface ZipOptions {
  /** From which size, offset and number of entries the fields of ZIP64 are used. Default: from where the others end. */
  readonly zip64From?: number;
}

const MAX_UINT32 = 0xffff_ffff;
const MAX_UINT16 = 0xffff;
const MAX_INT32 = 0x7fff_ffff;
const VERSION = 45;
const MADE_ON_UNIX = 3 << 8 | VERSION;
/** The checksum and the sizes follow the bytes (bit 3), and names are UTF-8 (bit 11). */
const FLAGS = 1 << 3 | 1 << 11;
const FILE_ATTRIBUTES = 0o100644 * 2 ** 16;
const FOLDER_ATTRIBUTES = 0o040755 * 2 ** 16 + 0x10;
/** The years that ZIP has. */
const FIRST_YEAR = 1980;
const LAST_YEAR = 2107;

/**
 * How long an archive will be.
 *
 * @param entries What it holds.
 * @param options How it is written.
 * @returns The length in bytes.
 */
export function zipLength(
  entries: Iterable<ZipEntry>,
  options: ZipOptions = {},
): number {
  const layout = new Layout(options);
  let length = 0;
  for (const entry of entries) {
    length += layout.header(entry).length + (entry.size ?? 0) +
      layout.descriptor(0).length;
  }
  return length + layout.end().length;
}

/**
 * Writes an archive, piece by piece.
 *
 * @param entries What it holds; each is asked for when its turn has come.
 * @param options How it is written.
 * @returns The bytes.
 * @throws {Error} If an entry has other than the bytes it said.
 */
export async function* writeZip(
  entries: Iterable<ZipEntry>,
  options: ZipOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const layout = new Layout(options);
  for (const entry of entries) {
    yield layout.header(entry);
    let checksum = 0;
    let left = entry.size ?? 0;
    for await (const piece of entry.read?.() ?? []) {
      left -= piece.length;
      checksum = crc32(piece, checksum);
      yield piece;
    }
    if (left !== 0) {
      throw new Error(`"${entry.name}" is not as long as it was said to be`);
    }
    yield layout.descriptor(checksum);
  }
  yield layout.end();
}

/** An entry whose header is written. */
interface Begun {
  readonly name: Uint8Array;
  readonly size: number;
  readonly stamp: readonly Field[];
  readonly extra: readonly Field[];
  readonly attributes: number;
  readonly offset: number;
}

/** What stands around the bytes of entries, which are told in order. */
class Layout {
  readonly #from: number;
  readonly #from16: number;
  readonly #directory: Uint8Array[] = [];
  #offset = 0;
  #begun: Begun | undefined;

  constructor({ zip64From = Infinity }: ZipOptions) {
    this.#from = Math.min(zip64From, MAX_UINT32);
    this.#from16 = Math.min(zip64From, MAX_UINT16);
  }

  /** What stands before the bytes of an entry. */
  header(
    { name: text, size = 0, mtime = 0 }: ZipEntry,
  ): Uint8Array<ArrayBuffer> {
    const name = new TextEncoder().encode(text);
    const stamp = dosTime(mtime);
    const extra = timeField(mtime);
    const isLong = size >= this.#from;
    const long = isLong ? [u16(1), u16(16), u64(0), u64(0)] : [];
    const bytes = pack([
      u32(0x04034b50),
      u16(VERSION),
      u16(FLAGS),
      u16(0),
      ...stamp,
      u32(0),
      u32(isLong ? MAX_UINT32 : 0),
      u32(isLong ? MAX_UINT32 : 0),
      u16(name.length),
      u16(lengthOf(long) + lengthOf(extra)),
      name,
      ...long,
      ...extra,
    ]);
    const attributes = text.endsWith("/") ? FOLDER_ATTRIBUTES : FILE_ATTRIBUTES;
    const offset = this.#offset;
    this.#begun = { name, size, stamp, extra, attributes, offset };
    this.#offset += bytes.length + size;
    return bytes;
  }

  /** What stands behind the bytes of the entry whose header came last. */
  descriptor(checksum: number): Uint8Array<ArrayBuffer> {
    if (this.#begun === undefined) throw new Error("no entry has begun");
    const { name, size, stamp, extra, attributes, offset } = this.#begun;
    this.#begun = undefined;
    const isLong = size >= this.#from;
    const isFar = offset >= this.#from;
    const numbers = [
      ...(isLong ? [u64(size), u64(size)] : []),
      ...(isFar ? [u64(offset)] : []),
    ];
    const long = numbers.length === 0
      ? []
      : [u16(1), u16(lengthOf(numbers)), ...numbers];
    this.#directory.push(pack([
      u32(0x02014b50),
      u16(MADE_ON_UNIX),
      u16(VERSION),
      u16(FLAGS),
      u16(0),
      ...stamp,
      u32(checksum),
      u32(isLong ? MAX_UINT32 : size),
      u32(isLong ? MAX_UINT32 : size),
      u16(name.length),
      u16(lengthOf(long) + lengthOf(extra)),
      u16(0),
      u16(0),
      u16(0),
      u32(attributes),
      u32(isFar ? MAX_UINT32 : offset),
      name,
      ...long,
      ...extra,
    ]));
    const length = isLong ? u64 : u32;
    const bytes = pack([
      u32(0x08074b50),
      u32(checksum),
      length(size),
      length(size),
    ]);
    this.#offset += bytes.length;
    return bytes;
  }

  /** What stands behind all entries. */
  end(): Uint8Array<ArrayBuffer> {
    const count = this.#directory.length;
    const size = lengthOf(this.#directory);
    const offset = this.#offset;
    const isLong = count >= this.#from16 || size >= this.#from ||
      offset >= this.#from;
    const long = isLong
      ? [
        ...[u32(0x06064b50), u64(44), u16(MADE_ON_UNIX), u16(VERSION)],
        ...[u32(0), u32(0), u64(count), u64(count), u64(size), u64(offset)],
        ...[u32(0x07064b50), u32(0), u64(offset + size), u32(1)],
      ]
      : [];
    return pack([
      ...this.#directory,
      ...long,
      ...[u32(0x06054b50), u16(0), u16(0)],
      ...[u16(isLong ? MAX_UINT16 : count), u16(isLong ? MAX_UINT16 : count)],
      ...[u32(isLong ? MAX_UINT32 : size), u32(isLong ? MAX_UINT32 : offset)],
      u16(0),
    ]);
  }
}

/** A number with its length in bytes, or bytes. */
type Field = Uint8Array | {
  readonly length: 2 | 4 | 8;
  readonly value: number;
};

function u16(value: number): Field {
  return { length: 2, value };
}

function u32(value: number): Field {
  return { length: 4, value };
}

function u64(value: number): Field {
  return { length: 8, value };
}

function lengthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { length }) => sum + length, 0);
}

function pack(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(fields));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    if (field instanceof Uint8Array) bytes.set(field, at);
    else if (field.length === 2) view.setUint16(at, field.value, true);
    else if (field.length === 4) view.setUint32(at, field.value, true);
    else view.setBigUint64(at, BigInt(field.value), true);
    at += field.length;
  }
  return bytes;
}

/** A time as MS-DOS writes it; of no zone, so in UTC. */
function dosTime(mtime: number): Field[] {
  const date = new Date(mtime * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) {
    return [u16(0), u16(1 << 5 | 1)];
  }
  const [hours, minutes, seconds] = [
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return [
    u16(hours << 11 | minutes << 5 | seconds >> 1),
    u16(
      year - FIRST_YEAR << 9 | date.getUTCMonth() + 1 << 5 | date.getUTCDate(),
    ),
  ];
}

/** The time of the change as Unix counts it, which is the same in all zones: Info-ZIP's extended timestamp. */
function timeField(mtime: number): Field[] {
  if (!(mtime >= 0 && mtime <= MAX_INT32)) return [];
  const seconds = pack([u32(Math.floor(mtime))]);
  return [u16(0x5455), u16(5), Uint8Array.of(1, ...seconds)];
}
