import { assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "@std/path";
import { stateDir } from "../../src/local/layout.ts";
import { claim } from "../../src/local/owner.ts";
import { Turn } from "../../src/upload/notes/turn.ts";
import { keptScene } from "./kept_scene.ts";

Deno.test("em gc removes what a server is proven to have, and nothing else", async () => {
  await using scene = await keptScene();
  const { dir, whole, alone, artifact, em, json } = scene;
  const all = join(dir, ".em");
  const here = async () => ({
    whole: await exists(whole),
    alone: await exists(alone),
    artifact: await exists(artifact),
  });
  const everything = { whole: true, alone: true, artifact: true };

  // Shown, refused in a script, refused by a person: nothing goes.
  const dry = await em(`gc --dry-run ${all}`);
  assertEquals(dry.code, 0, dry.stderr);
  assertStringIncludes(dry.stdout, "it was never uploaded");
  assertStringIncludes(dry.stderr, "2 of 3 would go, ");
  assertEquals((await em(`gc ${all}`)).code, 2);
  const no = await em(`gc ${all}`, "n");
  assertEquals([no.code, no.stderr], [1, "em: nothing was done\n"]);
  const young = await em(`gc --yes --older-than 1d ${all}`);
  assertStringIncludes(young.stdout, "it is not old enough");
  const kept = await em(`gc --yes --keep 2 ${all}`);
  assertStringIncludes(kept.stdout, "one of the 2 that were made last");
  assertEquals(await here(), everything);

  // Somebody writes it; somebody uploads it; it says that it runs; it is not the same.
  const owner = { pid: Deno.pid, hostname: null, since: "2026-11-23" };
  const held = claim(whole, owner);
  const live = await em(`gc --yes ${whole}`);
  assertStringIncludes(live.stdout, "it goes on");
  held.release();
  const turn = new Turn(whole);
  turn.take();
  const [busy] = await json(`gc --yes ${whole}`);
  assertStringIncludes(busy.reason, "is at work on it");
  assertEquals(busy.isRemoved, false);
  turn.give();
  const metadata = join(whole, "metadata.yaml");
  const text = Deno.readTextFileSync(metadata);
  Deno.writeTextFileSync(
    metadata,
    text.replace("status: Complete", "status: Running"),
  );
  assertStringIncludes((await em(`gc --yes ${whole}`)).stdout, "it goes on");
  Deno.writeTextFileSync(metadata, text);
  const model = join(whole, "model.bin");
  const bytes = Deno.readFileSync(model);
  Deno.writeFileSync(model, bytes.toReversed().fill(8));
  assertStringIncludes(
    (await em(`gc --yes ${whole}`)).stdout,
    "objects are not proven to be on",
  );
  Deno.writeFileSync(model, bytes);
  assertEquals(await here(), everything);

  const done = await json(`gc --yes ${all}`);
  assertEquals(
    done.map(({ path, isRemoved }: { path: string; isRemoved: boolean }) => [
      path,
      isRemoved,
    ]),
    [[alone, false], [whole, true], [artifact, true]],
  );
  assertEquals(await here(), { whole: false, alone: true, artifact: false });
  assertEquals(await exists(stateDir(whole)), false);
  assertEquals(
    (await em(`download default/whole ${join(all, "runs")}`)).code,
    0,
  );
  assertEquals(await exists(model), true);
});

Deno.test("em gc removes nothing that was written to while it asked", async () => {
  await using scene = await keptScene();
  const { whole, em } = scene;
  const late = await em(`gc ${whole}`, () => {
    Deno.writeTextFileSync(join(whole, "late.txt"), "late");
    return "y";
  });
  assertEquals(late.code, 0);
  assertStringIncludes(late.stderr, "it has changed meanwhile, here or there");
  assertStringIncludes(late.stderr, "0 of 1 removed");
  assertEquals(await exists(whole), true);
});

Deno.test("em gc keeps the artifacts of runs that stay, and everything while no server answers", async () => {
  await using scene = await keptScene();
  const { server, dir, whole, alone, artifact, em } = scene;
  const metadata = join(alone, "metadata.yaml");
  const name = artifact.slice(artifact.lastIndexOf("/") + 1);
  const text = Deno.readTextFileSync(metadata);
  Deno.writeTextFileSync(
    metadata,
    text.replace(
      "input: []",
      `input:\n  - kind: Artifact\n    name: ${name}\n    localDir: ${artifact}`,
    ),
  );
  const done = await em(`gc -n ${join(dir, ".em")}`);
  assertStringIncludes(done.stdout, "a run that stays used or produced it");
  await server.server.shutdown();
  const away = await em(`gc --yes ${whole}`);
  assertStringIncludes(away.stdout, "No answer from AIStore server");
  assertEquals(await exists(whole), true);
});
