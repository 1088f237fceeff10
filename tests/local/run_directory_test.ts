import { assertEquals, assertThrows } from "@std/assert";
import { basename, join } from "@std/path";
import {
  createRunDirectory,
  removeRunDirectory,
} from "../../src/local/run_directory.ts";
import { tempDir } from "../support/temp_dir.ts";

const now = () => new Date(2026, 10, 23, 8, 21, 18);

Deno.test("createRunDirectory() tries another name when one is taken, and never takes over a directory", () => {
  using dir = tempDir();
  let byte = 0;
  const random = (bytes: Uint8Array) => void bytes.fill(Math.floor(byte++ / 2));
  const first = createRunDirectory(dir.path, "a", { now, random });
  const second = createRunDirectory(dir.path, "a", { now, random });
  assertEquals(first.alternativeName === second.alternativeName, false);
  assertEquals(basename(second.path), second.alternativeName);
});

Deno.test("createRunDirectory() gives up with an error when every name is taken", () => {
  using dir = tempDir();
  const random = (bytes: Uint8Array) => void bytes.fill(1);
  createRunDirectory(dir.path, "a", { now, random });
  assertThrows(
    () => createRunDirectory(dir.path, "a", { now, random }),
    Deno.errors.AlreadyExists,
  );
});

Deno.test("removeRunDirectory() removes the run and what is remembered of it, and nothing else", () => {
  using dir = tempDir();
  const one = createRunDirectory(dir.path, "a");
  const other = createRunDirectory(dir.path, "b");
  removeRunDirectory(one.path);
  assertEquals(
    [...Deno.readDirSync(dir.path)].map((entry) => entry.name).sort(),
    [".state", other.alternativeName],
  );
  assertEquals(
    [...Deno.readDirSync(join(dir.path, ".state"))].map((entry) => entry.name),
    [other.alternativeName],
  );
});
