import { assertEquals } from "@std/assert";
import { hexDump } from "../../../src/web/files/hex_dump.ts";

Deno.test("hexDump() writes place, numbers and characters", () => {
  const bytes = new TextEncoder().encode("0123456789abcdef\x00\x7fé<b>");
  assertEquals(
    hexDump(bytes),
    "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n" +
      "00000010  00 7f c3 a9 3c 62 3e                              ....<b>",
  );
  assertEquals(hexDump(new Uint8Array(0)), "");
});
