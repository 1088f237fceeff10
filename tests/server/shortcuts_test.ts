import { assertEquals } from "@std/assert";
import { openFixture } from "./support/fixture.ts";

Deno.test("a shortcut leads to its target wherever that goes, gives no right, and outlives it", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  const run = await server.make("/demo/run", "Run");
  const extra = JSON.stringify({ target: run });
  const shortcut = await server.make("/demo/s", "Shortcut", { extra });
  const follow = (query = {}, call = {}) =>
    server.text("GET /apis/v1/nodes/info", {
      query: { node: shortcut, follow: "true", ...query },
      ...call,
    });
  const info = (node: string) =>
    server.json("GET /apis/v1/nodes/info", { query: { node } });
  const seen = await info(shortcut);
  assertEquals([seen.type, seen.storageType, seen.extra], [
    "Shortcut",
    0,
    extra,
  ]);
  assertEquals(
    await follow({ follow: "false" }),
    `200 ${JSON.stringify(seen)}`,
  );
  await server.json("PUT /apis/v1/nodes", {
    json: { node: run, parent: "/demo/f", name: "moved" },
  });
  assertEquals(await follow(), `200 ${JSON.stringify(await info(run))}`);
  assertEquals(
    await follow({ node: run }),
    `200 ${JSON.stringify(await info(run))}`,
  );
  await server.json("POST /apis/v1/nodes/shares", {
    json: { node: shortcut, user: "eve", permission: "edit" },
  });
  const eve = { user: "eve" };
  assertEquals(await follow({}, eve), `404 node not found [${run}]`);

  const reasons =
    '400 invalid shortcut: its "extra" must be JSON with the id of a node, such as {"target": "<id>"}';
  const table: [string, string][] = [
    ["", reasons],
    ["null", reasons],
    ["[]", reasons],
    ['{"target": 1}', reasons],
    ['{"target": "/demo/f"}', reasons],
    ['{"target": "gone"}', "404 node not found [gone]"],
    [
      JSON.stringify({ target: shortcut }),
      "400 invalid shortcut: it leads to another shortcut",
    ],
  ];
  for (const [extra, wanted] of table) {
    const made = { parent: "/demo", name: "t", type: "Shortcut", extra };
    assertEquals(
      await server.text("POST /apis/v1/nodes", { json: made }),
      wanted,
      extra,
    );
    assertEquals(
      await server.text("PUT /apis/v1/nodes", {
        json: { node: shortcut, extra },
      }),
      wanted,
      extra,
    );
  }
  await server.json("DELETE /apis/v1/nodes", { json: { node: run } });
  assertEquals((await info(shortcut)).extra, extra);
  assertEquals(await follow(), `404 node not found [${run}]`);
  await server.json("PUT /apis/v1/nodes", {
    json: { node: shortcut, name: "dangling" },
  });
  await server.json("DELETE /apis/v1/nodes", { json: { node: shortcut } });
});
