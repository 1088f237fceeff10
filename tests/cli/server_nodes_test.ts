import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { basename } from "@std/path";
import { keptScene } from "./kept_scene.ts";

Deno.test("em mkdir, mv and rm change the server's tree as mkdir, mv and rm do", async () => {
  await using scene = await keptScene();
  const { server: { client, url }, em, json } = scene;
  const table: [line: string, code: number, said: string][] = [
    ["mkdir cv", 0, "/demo/cv: made\n"],
    [
      "mkdir cv",
      1,
      'em: cannot make "/demo/cv": it is there already, of type Folder\n',
    ],
    ["mkdir -p cv", 0, "/demo/cv: was there already\n"],
    ["mkdir a/b", 1, '"/demo/a/b": there is no folder "/demo/a"; -p makes it'],
    ["mkdir -p a/b/c", 0, "/demo/a/b/c: made\n"],
    ["mkdir -p default/whole", 1, "it is there already, of type Run"],
    ["mv default/whole cv", 0, "/demo/default/whole is now /demo/cv/whole\n"],
    ["mv cv/whole cv/best", 0, "/demo/cv/whole is now /demo/cv/best\n"],
    ["mv cv/best a/b/run", 0, "/demo/cv/best is now /demo/a/b/run\n"],
    ["mv a/b/run default/data", 1, "that is there already, of type Artifact"],
    ["mv a/b/run none/run", 1, 'there is no folder "/demo/none"; em mkdir'],
    ["mv none a", 1, 'em: there is no "/demo/none" on AIStore server'],
    ["mv a a/b", 1, ""],
    ["rm a", 2, "em: nothing was done: say --yes to delete Folder /demo/a on"],
    ["rm --yes a none", 1, 'there is no "/demo/none"'],
  ];
  for (const [line, code, said] of table) {
    const outcome = await em(line);
    assertEquals(outcome.code, code, `${line}: ${outcome.stderr}`);
    assertStringIncludes(outcome.stdout + outcome.stderr, said, line);
  }
  assertEquals((await client.node("/demo/a/b/run"))?.type, "Run");
  const no = await em("rm a/b/run", "no");
  assertEquals(no, { code: 1, stdout: "", stderr: "em: nothing was done\n" });
  const yes = await em("rm a/b/run", "y");
  assertMatch(
    yes.stdout,
    /^Run \/demo\/a\/b\/run: deleted; it can be restored from the server's trash until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n$/,
  );
  const [removed] = await json("rm --yes a");
  assertEquals([removed.path, removed.type], ["/demo/a", "Folder"]);
  assertMatch(removed.expires, /^\d{4}-/);
  assertEquals(await client.node("/demo/a"), undefined, url);
  assertMatch((await json("mkdir a")).id, /^[0-9a-f-]{36}$/);
  const { to } = await json("mv a b");
  assertEquals(to, "/demo/b");
});

Deno.test("em rm --local removes a directory here, and says what would be lost", async () => {
  await using scene = await keptScene();
  const { whole, alone, em, json, server } = scene;
  const asked = await em(`rm --local ${alone} ${whole}`);
  assertEquals(asked.code, 2);
  assertStringIncludes(
    asked.stderr,
    "for good; 1 of them not known to be whole on a server\n",
  );
  assertEquals((await em(`rm --local --yes ${alone}/metrics`)).code, 1);
  assertEquals(await exists(alone), true);
  const [removed] = await json(`rm --local --yes ${alone}`);
  assertEquals(removed.path, alone);
  assertEquals([await exists(alone), await exists(whole)], [false, true]);
  const node = await server.client.node("/demo/default/whole");
  assertEquals(node?.extra.includes(basename(whole)), true);
});
