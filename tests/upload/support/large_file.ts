import { partBytes } from "../../../src/aistore/multipart.ts";

export const MIB = 1024 * 1024;

/** 110 MiB: ten parts of 10 MiB, and a last one that is shorter by a byte. */
export const LARGE_BYTES = 110 * MIB - 1;
export const LARGE_PARTS = 11;

/** Makes a file with holes in which every part begins and ends in its own way. */
export function writeLargeFile(path: string, sizeBytes = LARGE_BYTES): void {
  using file = Deno.openSync(path, { write: true, create: true });
  file.truncateSync(sizeBytes);
  const size = partBytes(sizeBytes);
  for (let start = 0; start < sizeBytes; start += size) {
    for (const at of [start, Math.min(start + size, sizeBytes) - 16]) {
      file.seekSync(at, Deno.SeekMode.Start);
      file.writeSync(crypto.getRandomValues(new Uint8Array(16)));
    }
  }
}

/** Changes one byte of a file in place. */
export function changeByte(path: string, at: number): void {
  using file = Deno.openSync(path, { read: true, write: true });
  const byte = new Uint8Array(1);
  file.seekSync(at, Deno.SeekMode.Start);
  file.readSync(byte);
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(byte.map((value) => value ^ 0xff));
}
