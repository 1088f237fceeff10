import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { type Copy, copyObjects } from "../../src/artifact/copy_objects.ts";
import { toStamp } from "../../src/local/file_stamp.ts";
import { filesOf } from "../support/em_server.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";

/** Files to copy, and the directories that {@linkcode copyObjects} takes. */
function prepare(dir: TempDir, names: readonly string[]) {
  const at = (path: string) => join(dir.path, path);
  for (const path of ["from", "to", "temporary"]) Deno.mkdirSync(at(path));
  const copies = names.map((name): Copy => {
    const path = at(`from/${name}`);
    Deno.writeTextFileSync(path, name);
    const stamp = toStamp(Deno.statSync(path));
    return { path, key: name, stamp, objectPath: `d/${name}` };
  });
  return { copies, dir: at("to"), temporaryDir: at("temporary") };
}

Deno.test("copyObjects() refuses a file that is no longer what was looked at, and leaves nothing of it", async () => {
  using dir = tempDir();
  const options = prepare(dir, ["a"]);
  Deno.writeTextFileSync(join(dir.path, "from/a"), "more than before");
  await assertRejects(
    () => copyObjects("from", options),
    Deno.errors.Busy,
    "was changed meanwhile",
  );
  assertEquals(filesOf(dir.path), new Map([["from/a", "more than before"]]));
});

Deno.test("copyObjects() ends as a whole when one file fails, and what has got its name is whole", async () => {
  using dir = tempDir();
  const names = Array.from({ length: 40 }, (_, at) => `${at}`);
  const options = prepare(dir, names);
  Deno.removeSync(join(dir.path, "from/20"));
  await assertRejects(
    () => copyObjects("from", options),
    Deno.errors.NotFound,
  );
  assertEquals(filesOf(options.temporaryDir).size, 0);
  const copied = filesOf(options.dir);
  for (const [path, text] of copied) assertEquals(path, `d/${text}`);
  assertEquals(copied.has("d/39"), false);
});

Deno.test("copyObjects() removes what an earlier copy has left, and nothing else", async () => {
  using dir = tempDir();
  const options = prepare(dir, ["a"]);
  const left = join(options.temporaryDir, "object-3.tmp");
  Deno.writeTextFileSync(left, "half");
  Deno.chmodSync(left, 0o444);
  Deno.writeTextFileSync(join(options.temporaryDir, "upload.json"), "{}");
  await copyObjects("from", options);
  assertEquals(filesOf(options.temporaryDir), new Map([["upload.json", "{}"]]));
  assertEquals(filesOf(options.dir), new Map([["d/a", "a"]]));
});
