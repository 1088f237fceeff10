import { assertEquals } from "@std/assert";
import { stateDir } from "../../src/local/layout.ts";
import {
  KnownChecksums,
  noteDelivered,
} from "../../src/local/known_checksums.ts";
import { RunDir } from "../upload/support/support.ts";

const STAMP = { sizeBytes: 1_000_000, mtimeMs: 5, inode: 7 };

Deno.test("KnownChecksums knows one version of a file, in a later process too, until the file is gone", () => {
  using dir = new RunDir();
  let nowMs = 0;
  const clock = { now: () => nowMs, wait: () => Promise.resolve() };
  const first = new KnownChecksums(dir.path, clock);
  first.save();
  first.add("a", { stamp: STAMP, checksum: "c1" });
  first.add("b", { stamp: STAMP, checksum: "c2" });
  first.add("small", { stamp: { ...STAMP, sizeBytes: 10 }, checksum: "c3" });
  assertEquals(first.isDue, false);
  nowMs = 31_000;
  assertEquals(first.isDue, true);
  first.save();
  nowMs = 90_000;
  assertEquals(first.isDue, false);
  const later = new KnownChecksums(dir.path);
  assertEquals(later.find("a", STAMP), "c1");
  for (const change of [{ sizeBytes: 2e6 }, { mtimeMs: 6 }, { inode: 8 }]) {
    assertEquals(later.find("a", { ...STAMP, ...change }), undefined);
  }
  later.add("a", { stamp: STAMP, checksum: "c1" });
  noteDelivered(dir.path, new Map([["x", { stamp: STAMP, checksum: "c4" }]]));
  later.add("a", { stamp: { ...STAMP, inode: 9 }, checksum: "c5" });
  later.save((key) => key !== "b");
  const last = new KnownChecksums(dir.path);
  assertEquals(
    ["a", "b", "x"].map((key) =>
      last.find(key, key === "a" ? { ...STAMP, inode: 9 } : STAMP)
    ),
    ["c5", undefined, "c4"],
  );
});

Deno.test("KnownChecksums takes nothing from a note that it cannot use", () => {
  using dir = new RunDir();
  const path = `${stateDir(dir.path)}/delivered.json`;
  Deno.mkdirSync(stateDir(dir.path), { recursive: true });
  const entry = [STAMP.sizeBytes, STAMP.mtimeMs, STAMP.inode, "c"];
  const table: [string, string | undefined][] = [
    [JSON.stringify({ version: 1, files: { a: entry } }), "c"],
    [JSON.stringify({ version: 2, files: { a: entry } }), undefined],
    [JSON.stringify({ version: 1, files: { a: entry.slice(1) } }), undefined],
    [JSON.stringify({ version: 1, files: { a: ["x", 5, 7, 8] } }), undefined],
    [JSON.stringify({ version: 1, files: 7 }), undefined],
    ["null", undefined],
    ["{", undefined],
    ["", undefined],
  ];
  for (const [text, wanted] of table) {
    Deno.writeTextFileSync(path, text);
    assertEquals(new KnownChecksums(dir.path).find("a", STAMP), wanted, text);
  }
});

Deno.test("KnownChecksums goes without a note where none can be written", () => {
  using dir = new RunDir();
  Deno.writeTextFileSync(`${dir.parent}/.state`, "in the way");
  const known = new KnownChecksums(dir.path);
  known.add("a", { stamp: STAMP, checksum: "c" });
  known.save();
  assertEquals(known.find("a", STAMP), "c");
});
