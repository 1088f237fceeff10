import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findDirectories } from "../../src/sync/find_directories.ts";
import { tempDir } from "../support/temp_dir.ts";

const NAMES = ["a_261123_082118_6fauz3", "b_261123_082118_6fauz3"] as const;

Deno.test("findDirectories() finds runs and artifacts up to two levels below, and nothing within them", () => {
  using dir = tempDir();
  const make = (...parts: string[]) => {
    const path = join(dir.path, ...parts);
    Deno.mkdirSync(path, { recursive: true });
    Deno.writeTextFileSync(join(path, "metadata.yaml"), "");
    return path;
  };
  const [first, second] = NAMES;
  const run = make(".em", "runs", first);
  const artifact = make(".em", "artifacts", second);
  make(".em", "runs", first, second);
  make(".em", "runs", ".state", second);
  make(".em", "runs", "no-run");
  make(".em", "runs", "too", "deep", second);
  Deno.mkdirSync(join(dir.path, ".em/runs", second));
  assertEquals(findDirectories(join(dir.path, ".em")), [artifact, run]);
  assertEquals(findDirectories(join(dir.path, ".em/runs/")), [run]);
  assertEquals(findDirectories(run), [run]);
  assertEquals(findDirectories(join(dir.path, "nowhere")), []);
});
