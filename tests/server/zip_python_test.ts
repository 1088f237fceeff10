import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { requirePython } from "../support/require_python.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  ENTRIES,
  outputOf,
  placeZip,
  ZIP64_FROM,
} from "./support/zip_files.ts";

requirePython();

/** What Python's zipfile finds, which checks every checksum. */
const READ = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    print(json.dumps([[i.filename, archive.read(i).decode(), oct(i.external_attr >> 16), list(i.date_time)]
                      for i in archive.infolist()]))
`;

Deno.test("an archive is read by Python, with and without ZIP64", async () => {
  using dir = tempDir();
  const file = join(dir.path, "a.zip");
  for (const zip64From of ZIP64_FROM) {
    await placeZip(file, ENTRIES, zip64From);
    assertEquals(
      JSON.parse(await outputOf("python3", ["-c", READ, file])),
      [
        ["run/short", "ab", "0o100644", [2026, 11, 23, 8, 30, 10]],
        ["run/数据 é.txt", "x".repeat(500), "0o100644", [1980, 1, 1, 0, 0, 0]],
        ["run/empty", "", "0o100644", [1980, 1, 1, 0, 0, 0]],
        ["run/later", "y".repeat(49), "0o100644", [1980, 1, 1, 0, 0, 0]],
        ["run/folder/", "", "0o40755", [1980, 1, 1, 0, 0, 0]],
      ],
      `${zip64From}`,
    );
  }
});

Deno.test("Python reads an archive of more entries than its old fields can count", async () => {
  using dir = tempDir();
  const file = join(dir.path, "a.zip");
  const names = Array.from({ length: 70_000 }, (_, i) => ({ name: `f${i}` }));
  await placeZip(file, names);
  const last = await outputOf("python3", [
    "-c",
    "import sys, zipfile; names = zipfile.ZipFile(sys.argv[1]).namelist(); print(len(names), names[-1])",
    file,
  ]);
  assertEquals(last.trim(), "70000 f69999");
});
