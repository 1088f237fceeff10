import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { crc32 } from "node:zlib";
import { joinedCrc } from "../../../src/server/store/joined_crc.ts";

Deno.test("joinedCrc() is the CRC-32 of the files' bytes one after the other", () => {
  fc.assert(fc.property(
    fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }),
    (pieces) => {
      const segments = pieces.map((bytes, at) => ({
        file: `${at}`,
        size: bytes.length,
        crc32: crc32(bytes),
      }));
      const whole = Uint8Array.from(pieces.flatMap((bytes) => [...bytes]));
      assertEquals(joinedCrc(segments), crc32(whole));
    },
  ));
});

Deno.test("joinedCrc() holds for lengths beyond 32 bits", () => {
  const zeros = new Uint8Array(1024 * 1024);
  let crc = 0;
  for (let at = 0; at < 4097; at++) crc = crc32(zeros, crc);
  const size = 4097 * zeros.length;
  const head = { file: "a", size: 1, crc32: crc32(new Uint8Array([7])) };
  let both = head.crc32;
  for (let at = 0; at < 4097; at++) both = crc32(zeros, both);
  assertEquals(joinedCrc([head, { file: "b", size, crc32: crc }]), both);
});

Deno.test("joinedCrc() is unknown when that of one file is", () => {
  assertEquals(joinedCrc([]), undefined);
  const known = { file: "a", size: 3, crc32: 0x12345678 };
  assertEquals(joinedCrc([known]), 0x12345678);
  for (const crc32 of [null, undefined]) {
    assertEquals(joinedCrc([known, { file: "b", size: 1, crc32 }]), undefined);
  }
});
