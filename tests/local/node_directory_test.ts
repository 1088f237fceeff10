import { assertEquals, assertThrows } from "@std/assert";
import { basename, join } from "@std/path";
import {
  createNodeDirectory,
  removeNodeDirectory,
} from "../../src/local/node_directory.ts";
import { tempDir } from "../support/temp_dir.ts";

const kind = "Run";
const now = () => new Date(2026, 10, 23, 8, 21, 18);

Deno.test("createNodeDirectory() tries another name when one is taken, and never takes over a directory", () => {
  using dir = tempDir();
  let byte = 0;
  const random = (bytes: Uint8Array) => void bytes.fill(Math.floor(byte++ / 2));
  const first = createNodeDirectory(dir.path, "a", { kind, now, random });
  const second = createNodeDirectory(dir.path, "a", { kind, now, random });
  assertEquals(first.alternativeName === second.alternativeName, false);
  assertEquals(basename(second.path), second.alternativeName);
});

Deno.test("createNodeDirectory() gives up with an error when every name is taken", () => {
  using dir = tempDir();
  const random = (bytes: Uint8Array) => void bytes.fill(1);
  createNodeDirectory(dir.path, "a", { kind, now, random });
  assertThrows(
    () => createNodeDirectory(dir.path, "a", { kind, now, random }),
    Deno.errors.AlreadyExists,
  );
});

Deno.test("removeNodeDirectory() removes the directory and what is remembered of it, and nothing else", () => {
  using dir = tempDir();
  const one = createNodeDirectory(dir.path, "a", { kind });
  const other = createNodeDirectory(dir.path, "b", { kind });
  removeNodeDirectory(one.path);
  assertEquals(
    [...Deno.readDirSync(dir.path)].map((entry) => entry.name).sort(),
    [".state", other.alternativeName],
  );
  assertEquals(
    [...Deno.readDirSync(join(dir.path, ".state"))].map((entry) => entry.name),
    [other.alternativeName],
  );
});
