import { assert, assertEquals, assertThrows } from "@std/assert";
import { createReporter } from "../../src/reporter.ts";
import { Housekeeping } from "../../src/server/housekeeping.ts";
import { type Fixture, openFixture } from "./support/fixture.ts";

function keepHouse(server: Fixture, lines: string[] = []): Housekeeping {
  const reporter = createReporter((line) => lines.push(line));
  return new Housekeeping({ store: server.store, reporter });
}

Deno.test("housekeeping removes the tree and the bytes of a user who is marked, and of nobody else", async () => {
  using server = openFixture();
  using house = keepHouse(server);
  for (const user of ["demo", "eve"] as const) {
    const root = server.store.nodes.walk([user])?.node;
    assert(root !== undefined);
    for (let i = 0; i < 120; i++) {
      const folder = { type: "Folder", labels: [], description: "", extra: "" };
      server.store.nodes.create(root, { name: `n${i}`, ...folder }, user);
    }
  }
  await server.make("/demo/n0/run", "Run");
  await server.put("/demo/n0/run/x", "x");
  const { users } = server.store;
  users.markRemoved("demo");
  assertEquals([users.names(), users.isRemoved("demo")], [["eve"], true]);
  assertThrows(() => users.add("demo"), RangeError, "still being removed");
  assertEquals((await server.text("GET /oauth2/userinfo")).slice(0, 3), "400");
  await house.run();
  assertEquals([users.isRemoved("demo"), server.files()], [false, []]);
  assertEquals(users.get("eve")?.nodes, 120);
  users.add("demo");
  assertEquals(users.get("demo")?.nodes, 0);
});

Deno.test("housekeeping clears away sessions that are over, and writes at its end when keys were used", async () => {
  using server = openFixture();
  const { sessions, keys } = server.store;
  const [key] = keys.list("demo");
  assert(key !== undefined);
  const { secret } = sessions.begin(key);
  {
    using house = keepHouse(server);
    await house.run();
    assertEquals(sessions.find(secret)?.user, "demo");
    const later = new Date(server.time.getTime() + 8 * 24 * 3600 * 1000);
    server.time = later;
    await house.run();
    server.time = new Date(0);
    assertEquals(sessions.find(secret), undefined);
    keys.noteUse(key.hash);
  }
  assertEquals(keys.list("demo")[0]?.last_used, "1970-01-01T00:00:00.000Z");
});

Deno.test("housekeeping says what fails, once, and goes on", async () => {
  using server = openFixture();
  const lines: string[] = [];
  using house = keepHouse(server, lines);
  const { users, trash } = server.store;
  await server.make("/demo/x", "Folder");
  users.markRemoved("demo");
  const { discard } = trash;
  trash.discard = () => Promise.reject(new Error("the disk is away"));
  await house.run();
  await house.run();
  assertEquals(lines.length, 1);
  assertEquals(users.isRemoved("demo"), true);
  trash.discard = discard;
  await house.run();
  assertEquals(users.isRemoved("demo"), false);
});
