import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { keptScene } from "./kept_scene.ts";

Deno.test("em verify proves what is whole, and names every object that differs", async () => {
  await using scene = await keptScene();
  const { server, dir, whole, alone, artifact, em, json } = scene;
  for (const path of [whole, artifact, "default/whole"]) {
    const { code, stdout, stderr } = await em(`verify ${path}`);
    if (path === "default/whole") {
      assertEquals(code, 1);
      assertStringIncludes(
        stderr,
        '"/demo/default/whole" is not on this machine',
      );
      continue;
    }
    assertEquals([code, stderr], [0, ""], path);
    assertStringIncludes(stdout, `${path}: whole on ${server.url} /demo/`);
  }
  const never = await em(`verify ${alone}`);
  assertEquals([never.code, never.stdout], [1, ""]);
  assertStringIncludes(never.stderr, "it was never uploaded to any server");

  // One of each kind.
  const model = join(whole, "model.bin");
  const bytes = Deno.readFileSync(model);
  bytes[100_000] = 0;
  Deno.writeFileSync(model, bytes);
  Deno.removeSync(join(whole, "platform.yaml"));
  Deno.writeTextFileSync(join(whole, "evil\x1b[2J.txt"), "new");
  const differs = await em(`verify ${join(dir, ".em/runs")}`);
  assertEquals(differs.code, 1);
  assertStringIncludes(
    differs.stdout,
    "evil\\x1b[2J.txt: missing on the server\n",
  );
  assertStringIncludes(differs.stdout, "  model.bin: different\n");
  assertStringIncludes(differs.stdout, "  platform.yaml: missing here\n");
  assertStringIncludes(differs.stderr, "em: 2 of 2 not proven to be whole\n");
  const [found] = await json(`verify ${whole}`);
  assertEquals(found.isWhole, false);
  assertEquals(found.node, "/demo/default/whole");
  const { size: bytesThere } = { size: 200_000 };
  assertEquals(
    found.differences.find(({ key }: { key: string }) => key === "model.bin"),
    {
      key: "model.bin",
      problem: "different",
      bytesHere: bytesThere,
      bytesThere,
    },
  );

  const node = await server.client.node("/demo/default/whole");
  await server.client.deleteNode(node?.id ?? "");
  const gone = await em(`verify ${whole}`);
  assertEquals(gone.code, 1);
  assertStringIncludes(gone.stderr, `is gone from ${server.url}`);
  assertEquals((await em(`verify ${dir}/nowhere`)).code, 1);
});
