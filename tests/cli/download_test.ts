import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { filesOf } from "../support/em_server.ts";
import { keptScene } from "./kept_scene.ts";

Deno.test("em download brings a run, an artifact, or a folder, once, and what it brings is proven to be whole", async () => {
  await using scene = await keptScene();
  const { dir, whole, artifact, em, json } = scene;
  const into = join(dir, "copies");
  const first = await em(`download default/whole ${into}`);
  const copy = join(into, basename(whole));
  assertEquals(first, {
    code: 0,
    stdout: `Run /demo/default/whole: downloaded to ${copy}\n`,
    stderr:
      `EM INFO: Downloading 8 objects of Run "/demo/default/whole" to "${copy}"\n`,
  });
  assertEquals(filesOf(copy), filesOf(whole));
  const all = await json(`download /demo ${into}`);
  assertEquals(all, [
    {
      node: "/demo/default/data",
      type: "Artifact",
      dir: join(into, basename(artifact)),
      isNew: true,
      error: null,
    },
    {
      node: "/demo/default/whole",
      type: "Run",
      dir: copy,
      isNew: false,
      error: null,
    },
  ]);
  // The record of the download is here alone, and is no difference.
  const proven = await em(`verify ${into}`);
  assertEquals([proven.code, proven.stderr], [0, ""]);
  assertEquals(proven.stdout.split("\n").length, 3);

  Deno.writeTextFileSync(join(copy, "model.bin"), "other");
  const late = await em(`download default/whole ${into}`);
  assertEquals(late.code, 0, "what was changed here is left as it is");
  const missing = await em("download default/nothing");
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, 'there is no "/demo/default/nothing"');
});
