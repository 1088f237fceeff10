import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { claim } from "../../src/local/owner.ts";
import { keptScene } from "./kept_scene.ts";

Deno.test("em status says of each directory whether it is whole, why not, and what completes it", async () => {
  await using scene = await keptScene();
  const { dir, whole, alone, artifact, em, json } = scene;
  const all = join(dir, ".em");

  const states = async () => {
    const rows = await json(`status ${all}`);
    return Object.fromEntries(
      rows.map(({ path, state, reason }: Record<string, string>) => [
        path,
        reason === "" ? state : `${state}: ${reason}`,
      ]),
    );
  };
  assertEquals(await states(), {
    [whole]: "whole",
    [alone]: "not-asked: never to be uploaded",
    [artifact]: "whole",
  });

  // Something is written to what was whole.
  Deno.writeTextFileSync(join(whole, "late.txt"), "late");
  const { url } = scene.server;
  assertEquals(
    (await states())[whole],
    `pending: changed since ${url} had all of it`,
  );
  const table = await em(`status ${all}`);
  assertEquals(table.code, 0);
  assertMatch(
    table.stdout,
    /^PATH +STATE +SINCE +TO SEND +WHY +COMPLETE WITH\n/,
  );
  assertStringIncludes(table.stdout, `em sync ${whole}`);
  assertStringIncludes(table.stdout, `em upload ${alone}`);
  assertEquals(table.stdout.includes(artifact), false, table.stdout);
  assertEquals(
    table.stderr,
    "1 pending, 1 never to be uploaded, 1 known to be whole\n",
  );
  assertStringIncludes(
    (await em(`status --all ${all}`)).stdout,
    artifact,
  );

  // A process writes it.
  const owner = { pid: Deno.pid, hostname: null, since: "2026-11-23" };
  const held = claim(alone, owner);
  assertEquals(
    (await states())[alone],
    `running: process ${Deno.pid} writes it, never to be uploaded`,
  );
  held.release();

  // The server does not want it.
  const refused = await scene.process(`upload ${whole} -f nowhere`);
  assertEquals(refused.code, 1);
  assertEquals((await states())[whole]?.startsWith("pending: changed"), true);

  Deno.writeTextFileSync(join(alone, "metadata.yaml"), "kind: [");
  assertMatch((await states())[alone] ?? "", /^damaged: Cannot read /);
});

Deno.test("em status keeps the reason for which an upload failed until it succeeds", async () => {
  await using scene = await keptScene();
  const { server, whole, json } = scene;
  Deno.writeTextFileSync(join(whole, "late.txt"), "late");
  const { id } = await server.client.node("/demo/default/whole") ?? { id: "" };
  await server.client.deleteNode(id);
  // What nobody asks for does not bring back what somebody has deleted.
  const late = await scene.process(`sync ${whole}`);
  assertEquals(late.code, 1, late.stdout);
  const [row] = await json(`status ${whole}`);
  assertEquals(row.state, "refused");
  assertMatch(row.reason, /./);
  assertMatch(row.since, /^\d{4}-\d\d-\d\dT/);
  assertEquals(row.command, `em upload ${whole}`);
  assertEquals((await scene.process(`upload ${whole}`)).code, 0);
  const [now] = await json(`status ${whole}`);
  assertEquals([now.state, now.reason], ["whole", ""]);
});
