import { assertEquals } from "@std/assert";
import {
  isMadeOfParts,
  partCount,
  partSizes,
} from "../../src/aistore/part_checksums.ts";
import { inParts } from "../support/naming_server.ts";

const MIB = 1024 * 1024;

Deno.test("partSizes() names only sizes that give so many parts, the SDK's own first", () => {
  const table: [number, number, number | undefined][] = [
    [104_857_601, 11, 10 * MIB],
    [157_286_407, 13, 12 * MIB],
    [1024 * MIB, 32, 32 * MIB],
    [1024 * MIB, 128, 8 * MIB],
    [1, 1, MIB],
    [0, 1, MIB],
    [3, 7, undefined],
  ];
  for (const [sizeBytes, count, first] of table) {
    const sizes = partSizes(sizeBytes, count);
    assertEquals(sizes[0], first, `${sizeBytes} in ${count}`);
    for (const size of sizes) {
      assertEquals(Math.max(1, Math.ceil(sizeBytes / size)), count);
    }
  }
  const md5 = "0".repeat(32);
  const checksums = ["", md5, `${md5}-0`, `${md5}-x`, `x${md5}-3`];
  assertEquals(checksums.map(partCount), checksums.map(() => undefined));
  assertEquals(partCount(`${md5}-12`), 12);
});

Deno.test("isMadeOfParts() reads once where the parts have a usual size, and not at all without a checksum of parts", async () => {
  const bytes = new Uint8Array(11 * MIB).map((_, at) => at % 251);
  const table: [string, boolean, number][] = [
    [inParts(bytes, 3 * MIB), true, 1],
    [inParts(bytes, 8 * MIB), true, 1],
    [inParts(bytes, 16 * MIB), true, 1],
    [inParts(bytes.slice().fill(7, 9 * MIB), 8 * MIB), false, 4],
    ["0".repeat(32), false, 0],
    ["", false, 0],
  ];
  for (const [checksum, isMade, count] of table) {
    let reads = 0;
    const pieces = async function* () {
      reads++;
      // Pieces that end where no part does.
      for (let at = 0; at < bytes.length; at += 700_001) {
        yield await Promise.resolve(bytes.subarray(at, at + 700_001));
      }
    };
    const object = { sizeBytes: bytes.length, checksum };
    assertEquals(await isMadeOfParts(object, pieces), isMade, checksum);
    assertEquals(reads, count, checksum);
  }
});
