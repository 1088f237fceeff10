import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  searchLines,
  searchObject,
} from "../../../../../src/web/pages/run/log/search_lines.ts";
import type { ReadBytes } from "../../../../../src/web/files/byte_window.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const reader = (bytes: Uint8Array): ReadBytes => ({ from, to }, signal) => {
  signal.throwIfAborted();
  return Promise.resolve({
    bytes: bytes.slice(from, to),
    from,
    size: bytes.length,
  });
};

Deno.test("searchObject() finds in ranges what is found in the whole, in whatever ranges it is read", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.stringMatching(/^[abAB\r]{0,12}$/)),
    fc.integer({ min: 1, max: 40 }),
    async (lines, stepBytes) => {
      const bytes = encode(lines.join("\n"));
      const wanted = searchLines(bytes, 0, "aB", 1000);
      let hits: unknown;
      let isOver = false;
      const found = searchObject({
        read: reader(bytes),
        size: bytes.length,
        wanted: "aB",
        signal: new AbortController().signal,
        stepBytes,
      });
      for await (const each of found) ({ hits, isOver } = each);
      assertEquals(hits, wanted);
      assert(isOver);
    },
  ));
});

Deno.test("searchLines() names where lines begin, and shows a part of a long one around what was found", () => {
  const long = `${"x".repeat(5000)}needle${"y".repeat(5000)}`;
  const hits = searchLines(encode(`first\n${long}\nNEEDLE`), 100, "needle", 9);
  assertEquals(hits.map(({ offset }) => offset), [106, 106 + long.length + 1]);
  assert(hits[0]?.text.includes("needle"));
  assert((hits[0]?.text.length ?? 0) <= 200);
  assertEquals(searchLines(encode("a\na\na"), 0, "a", 2).length, 2);
  assertEquals(searchLines(encode("a"), 0, "", 2), []);
});

Deno.test("searchObject() stops when it is told, and when it has found enough", async () => {
  const bytes = encode("needle\n".repeat(1000));
  const controller = new AbortController();
  let reads = 0;
  const search = searchObject({
    read: (range, signal) => {
      reads++;
      return reader(bytes)(range, signal);
    },
    size: bytes.length,
    wanted: "needle",
    signal: controller.signal,
    stepBytes: 70,
    max: 25,
  });
  let last = 0;
  for await (const { hits } of search) last = hits.length;
  assertEquals([last, reads], [25, 3]);
  const other = searchObject({
    read: reader(bytes),
    size: bytes.length,
    wanted: "nothing",
    signal: controller.signal,
    stepBytes: 70,
  });
  await other.next();
  controller.abort();
  await assertRejects(() => other.next(), DOMException);
});
