import { assertEquals, assertFalse } from "@std/assert";
import { SERVER_PREFIX } from "../../src/aistore/protocol.ts";
import { Authenticator } from "../../src/server/auth.ts";
import { openFixture } from "./support/fixture.ts";

const WHAT = "GET /oauth2/userinfo";

Deno.test("a key names its user, in the query or as a bearer token", async () => {
  using server = openFixture();
  const { keys } = server;
  const ask = (user: "demo" | "eve" | null, authorization = "") =>
    server.text(WHAT, { user, headers: { authorization } });
  assertEquals(await ask("demo"), '200 {"preferred_username":"demo"}');
  assertEquals(await ask("eve"), '200 {"preferred_username":"eve"}');
  assertEquals(
    await ask(null, `Bearer ${keys.eve}`),
    '200 {"preferred_username":"eve"}',
  );
  assertEquals(
    await ask("demo", `Bearer ${keys.eve}`),
    '200 {"preferred_username":"demo"}',
  );
});

Deno.test("a key that is missing, empty or unknown is refused with the texts that clients know", async () => {
  using server = openFixture();
  const ask = (apikey: string) =>
    server.text(WHAT, { user: null, query: { apikey } });
  const unknown = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";
  assertEquals(await ask(unknown), "400 api key e4ccd2a3… not found\n");
  assertEquals(await ask("short"), "400 api key … not found\n");
  assertEquals(await ask(""), "400 query is needed: apikey is empty");
  assertEquals(
    await server.text(WHAT, { user: null }),
    '401 not logged in: send an API key as the query parameter "apikey"',
  );
});

Deno.test("a key that has expired is refused, and says so in the words that clients know", async () => {
  using server = openFixture();
  const { apiKey } = server.store.keys.add("demo", {
    name: "short-lived",
    expires: new Date(server.time.getTime() + 60_000),
  });
  const ask = () =>
    server.text(WHAT, { user: null, query: { apikey: apiKey } });
  assertEquals(await ask(), '200 {"preferred_username":"demo"}');
  server.time = new Date(server.time.getTime() + 60_000);
  assertEquals(
    await ask(),
    `400 api key ${apiKey.slice(0, 8)}… has expired, it is not found\n`,
  );
});

Deno.test("a key that is revoked is refused with the next request", async () => {
  using server = openFixture();
  const { apiKey, name } = server.store.keys.add("demo");
  const ask = async () =>
    (await server.text(WHAT, { user: null, query: { apikey: apiKey } }))
      .slice(0, 3);
  assertEquals(await ask(), "200");
  server.store.keys.revoke("demo", name);
  assertEquals(await ask(), "400");
  assertEquals((await server.text(WHAT)).slice(0, 3), "200");
});

Deno.test("what a user was known by holds until the key is revoked or expires", () => {
  using server = openFixture();
  const { keys, sessions } = server.store;
  const auth = new Authenticator({ keys, sessions, now: () => server.time });
  const client = { address: "x", secure: true, hosts: ["lab"] };
  const soon = new Date(server.time.getTime() + 1000);
  const one = keys.add("demo", { name: "one" });
  const brief = keys.add("demo", { name: "brief", expires: soon });
  const ask = (headers: HeadersInit) =>
    auth.authenticate(new Request("https://lab/", { headers }), client);
  const byKey = ask({ authorization: `Bearer ${one.apiKey}` });
  const key = auth.key(brief.apiKey, client);
  const bySession = ask({
    cookie: `em_session=${sessions.begin(key).secret}`,
  });
  assertEquals([auth.holds(byKey), auth.holds(bySession)], [true, true]);
  keys.revoke("demo", "one");
  assertEquals([auth.holds(byKey), auth.holds(bySession)], [false, true]);
  server.time = soon;
  assertEquals(auth.holds(bySession), false);
});

Deno.test("an unknown path answers 404 with an empty body", async () => {
  using server = openFixture();
  for (
    const what of ["GET /nothing", "GET /apis/v2/nodes", "PATCH /apis/v1/nodes"]
  ) {
    assertEquals(await server.text(what), "404 ", what);
  }
  const outside = await server.call("GET /../../../other");
  assertEquals([outside.status, await outside.text()], [404, ""]);
});

Deno.test("a key is stored only as a hash", () => {
  using server = openFixture();
  for (const file of Deno.readDirSync(server.dataDir)) {
    if (!file.isFile) continue;
    const bytes = Deno.readFileSync(`${server.dataDir}/${file.name}`);
    assertFalse(
      new TextDecoder("latin1").decode(bytes).includes(server.keys.demo),
      file.name,
    );
  }
});

Deno.test("an internal error answers 500, is reported, and shows no key", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put("/demo/run/x", "x");
  for (const file of server.files()) Deno.removeSync(file);
  assertEquals(
    await server.text("GET /apis/v1/objects", {
      query: { path: "/demo/run/x" },
    }),
    "500 internal error",
  );
  assertEquals(server.reports.length, 1);
  assertEquals(
    server.reports[0]?.includes(`GET ${SERVER_PREFIX}/apis/v1/objects`),
    true,
  );
  assertFalse(server.reports.join().includes(server.keys.demo));
});
