import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { join } from "@std/path";
import { Listing } from "../../src/viewer/listing.ts";
import { tempDir } from "../support/temp_dir.ts";

const [A, B, C] = ["a", "b", "c"].map((name) =>
  `${name}_261123_082118_6fauz3`
) as [
  string,
  string,
  string,
];

Deno.test("a listing finds runs in the directory and one below, in no hidden one and through no link", () => {
  using dir = tempDir();
  const make = (path: string) =>
    Deno.mkdirSync(join(dir.path, path), { recursive: true });
  for (
    const path of [
      A,
      `runs/${B}`,
      `artifacts/${C}`,
      `runs/.state/${C}`,
      `.hidden/${C}`,
      `deep/er/${C}`,
      `logs`,
    ]
  ) make(path);
  Deno.symlinkSync(join(dir.path, A), join(dir.path, "runs", C));
  Deno.writeTextFileSync(join(dir.path, "d_261123_082118_6fauz3"), "");
  const listing = new Listing(dir.path);
  const found = listing.look();
  assertEquals(
    found,
    [A, `artifacts/${C}`, `runs/${B}`].map((path) => join(dir.path, path)),
  );
});

Deno.test("a listing reads again only what was changed, and misses no change within a tick of the clock", () => {
  using dir = tempDir();
  const runs = join(dir.path, "runs");
  Deno.mkdirSync(join(runs, A), { recursive: true });
  const listing = new Listing(dir.path);
  const old = new Date("2026-11-23T08:21:18Z");
  const age = () =>
    [dir.path, runs].forEach((path) => Deno.utimeSync(path, old, old));
  assertEquals(listing.look().length, 1);
  // Its time stays, as if within one tick.
  Deno.mkdirSync(join(runs, B));
  assertEquals(listing.look().length, 2);
  age();
  const first = listing.look();
  assertStrictEquals(listing.look(), first);
  Deno.mkdirSync(join(runs, C));
  age();
  assertStrictEquals(listing.look(), first);
  Deno.utimeSync(runs, old, new Date());
  assertEquals(listing.look().length, 3);
  Deno.removeSync(runs, { recursive: true });
  assertEquals(listing.look(), []);
});

Deno.test("a listing of a single run is that run, whatever its name", () => {
  using dir = tempDir();
  const plain = join(dir.path, "renamed");
  Deno.mkdirSync(plain);
  assertEquals(new Listing(plain).look(), []);
  Deno.writeTextFileSync(join(plain, "metadata.yaml"), "kind: Run\n");
  const listing = new Listing(plain);
  assertEquals(listing.look(), [plain]);
  assert(listing.look() === listing.look());
});
