import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { join } from "@std/path";
import { writeZip, zipLength } from "../../src/server/zip.ts";
import { filesOf } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  ENTRIES,
  entryOf,
  outputOf,
  placeZip,
  ZIP64_FROM,
} from "./support/zip_files.ts";

Deno.test("an archive is read by unzip, with and without ZIP64", async () => {
  for (const zip64From of ZIP64_FROM) {
    using dir = tempDir();
    const file = join(dir.path, "a.zip");
    await placeZip(file, ENTRIES, zip64From);
    const out = join(dir.path, "out");
    await outputOf("unzip", ["-q", "-d", out, file]);
    const message = `${zip64From}`;
    assertEquals(
      filesOf(out),
      new Map([
        ["run/short", "ab"],
        ["run/数据 é.txt", "x".repeat(500)],
        ["run/empty", ""],
        ["run/later", "y".repeat(49)],
      ]),
      message,
    );
    assertEquals(Deno.statSync(join(out, "run", "folder")).isDirectory, true);
    assertEquals(
      Deno.statSync(join(out, "run", "short")).mtime,
      new Date("2026-11-23T08:30:10Z"),
      "the time is the same in every zone",
    );
  }
});

Deno.test("an archive may have more entries than its old fields can count", async () => {
  using dir = tempDir();
  const file = join(dir.path, "a.zip");
  await placeZip(
    file,
    Array.from({ length: 70_000 }, (_, i) => ({ name: `f${i}` })),
  );
  const names = await outputOf("unzip", ["-Z1", file]);
  assertEquals(names.trim().split("\n").length, 70_000);
  await outputOf("unzip", ["-tq", file, "f69999"]);
  // Both readers count for themselves; others go by what stands in the last 22 bytes, and in the 76 of ZIP64 before them.
  const end = new DataView(Deno.readFileSync(file).slice(-98).buffer);
  assertEquals(end.getBigUint64(32, true), 70_000n);
  assertEquals(end.getUint16(76 + 10, true), 0xffff);
});

Deno.test("zipLength() is the length of what writeZip() writes", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.tuple(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ maxLength: 300 }),
      fc.integer({ min: -1e10, max: 1e10 }),
    )),
    fc.option(fc.nat(2000), { nil: Infinity }),
    async (files, zip64From) => {
      const entries = files.map(([name, text, mtime]) =>
        entryOf(name, text, mtime)
      );
      let length = 0;
      for await (const piece of writeZip(entries, { zip64From })) {
        length += piece.length;
      }
      assertEquals(zipLength(entries, { zip64From }), length);
    },
  ));
});

Deno.test("writeZip() breaks off when an entry is longer or shorter than it was said to be", async () => {
  for (const size of [1, 3]) {
    const entry = { ...entryOf("a", "ab"), size };
    await assertRejects(
      () => Array.fromAsync(writeZip([entry])),
      Error,
      '"a" is not as long as it was said to be',
    );
  }
});
