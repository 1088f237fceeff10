import { assertEquals } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

Deno.test("what is restored is shared with whom it was shared", async () => {
  using server = openFixture({ trashMs: 86_400_000 });
  const run = await server.make("/demo/run", "Run");
  await server.json("PUT /apis/v1/nodes/shares", {
    json: { node: run, shares: [{ user: "eve", permission: "view" }] },
  });
  const look = () =>
    server.text("GET /apis/v1/nodes/info", {
      query: { node: run },
      user: "eve",
    });
  const before = await look();
  assertEquals(before.slice(0, 4), "200 ");
  await server.text("DELETE /apis/v1/nodes", { json: { node: run } });
  assertEquals(await look(), `404 node not found [${run}]`);
  await server.json("POST /apis/v1/trash/restore", { json: { id: run } });
  assertEquals(await look(), before);
});
