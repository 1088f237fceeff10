import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Refusal } from "../../../src/server/refusal.ts";
import { FilesInPlace } from "../../../src/server/store/files_in_place.ts";
import type { ObjectFiles } from "../../../src/server/store/object_files.ts";
import { tempDir } from "../../support/temp_dir.ts";

Deno.test("files in place are read where they are, and never written, made longer or removed", async () => {
  using dir = tempDir();
  const place = join(dir.path, "elsewhere");
  Deno.mkdirSync(place);
  const path = join(place, "a.txt");
  Deno.writeTextFileSync(path, "0123456789");
  const files: ObjectFiles = new FilesInPlace(
    join(dir.path, "data"),
    (file) => join(place, file),
  );
  const stored = { file: "a.txt", size: 10 };
  const body = await files.read([stored], { range: { start: 2, end: 5 } });
  assertEquals(await new Response(body).text(), "234");
  await assertRejects(() => files.write(ReadableStream.from([])));
  await assertRejects(() => files.extend(stored, new Uint8Array(1)));
  await files.remove(["a.txt"]);
  files.sweep(() => false);
  // Neither does it go when a reading of it ends after it was to be removed.
  const { end } = files.open([stored], { start: 0, end: 10 });
  await files.remove(["a.txt"]);
  await end();
  assertEquals(Deno.readTextFileSync(path), "0123456789");
  assertEquals([...Deno.readDirSync(place)].length, 1);
  const gone = await assertRejects(
    () => files.read([{ file: "b", size: 1 }], { range: { start: 0, end: 1 } }),
    Refusal,
  );
  assertEquals(gone.status, 404);
});
