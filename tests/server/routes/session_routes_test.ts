import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  FAILED_KEYS_BURST,
  MAX_SESSIONS_PER_KEY,
} from "../../../src/server/limits.ts";
import { type Call, type Fixture, openFixture } from "../support/fixture.ts";

const SESSION = "/../../em/web/session";
const SAME = { "sec-fetch-site": "same-origin" };

async function signIn(
  server: Fixture,
  apiKey: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await server.call(`POST ${SESSION}`, {
    user: null,
    json: { apiKey },
    headers: { "content-type": "application/json", ...headers },
  });
}

/** Signs in, and gives the cookie that a browser would send. */
async function cookieOf(server: Fixture, apiKey: string): Promise<string> {
  const answer = await signIn(server, apiKey);
  assertEquals(answer.status, 200, await answer.clone().text());
  await answer.body?.cancel();
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

const by = (cookie: string, headers = {}): Call => ({
  user: null,
  headers: { cookie, ...headers },
});

Deno.test("signing in gives a cookie that scripts cannot read and other sites cannot use, for the API and the console", async () => {
  using server = openFixture();
  const answer = await signIn(server, server.keys.demo);
  assertEquals(await answer.json(), {
    user: "demo",
    expires: "2026-11-30T08:00:00.123Z",
  });
  assertEquals(answer.headers.get("cache-control"), "no-store");
  const header = answer.headers.get("set-cookie") ?? "";
  assertEquals(
    header.replace(/=[\w-]{43};/, "=…;"),
    "em_session=…; Path=/t9k; Max-Age=604800; HttpOnly; SameSite=Strict",
  );
  const cookie = header.split(";")[0] ?? "";
  assertEquals(
    await server.text("GET /oauth2/userinfo", by(cookie)),
    '200 {"preferred_username":"demo"}',
  );
  assertEquals(
    await server.text(`GET ${SESSION}`, by(`a=b; ${cookie}; c=d`)),
    '200 {"user":"demo","expires":"2026-11-30T08:00:00.123Z","mode":"server","readOnly":false}',
  );
  assertEquals(
    await server.text(`GET ${SESSION}`, { user: null }),
    '200 {"user":null,"mode":"server","readOnly":false}',
  );
});

Deno.test("signing out ends the session, everywhere", async () => {
  using server = openFixture();
  const cookie = await cookieOf(server, server.keys.demo);
  const other = await cookieOf(server, server.keys.demo);
  const out = await server.call(`DELETE ${SESSION}`, by(cookie, SAME));
  assertEquals(out.status, 204);
  assertEquals(
    out.headers.get("set-cookie"),
    "em_session=; Path=/t9k; Max-Age=0; HttpOnly; SameSite=Strict",
  );
  const ask = async (value: string) =>
    (await server.text("GET /oauth2/userinfo", by(value))).slice(0, 3);
  assertEquals([await ask(cookie), await ask(other)], ["401", "200"]);
  assertEquals(
    (await server.call(`DELETE ${SESSION}`, { user: null })).status,
    204,
  );
});

Deno.test("a session ends with its key, with its time, and when another browser of fifty signs in", async () => {
  using server = openFixture();
  const { store, keys } = server;
  const ask = async (cookie: string) =>
    (await server.text("GET /oauth2/userinfo", by(cookie))).slice(0, 3);

  const { apiKey, name } = store.keys.add("demo");
  const revoked = await cookieOf(server, apiKey);
  const stays = await cookieOf(server, keys.demo);
  assertEquals(await ask(revoked), "200");
  store.keys.revoke("demo", name);
  assertEquals([await ask(revoked), await ask(stays)], ["401", "200"]);

  const soon = new Date(server.time.getTime() + 1000);
  const brief = store.keys.add("demo", { expires: soon });
  const short = await cookieOf(server, brief.apiKey);
  assertEquals(await ask(short), "200");
  server.time = soon;
  assertEquals([await ask(short), await ask(stays)], ["401", "200"]);

  const [first] = store.keys.list("demo");
  assert(first !== undefined);
  for (let i = 0; i < MAX_SESSIONS_PER_KEY; i++) {
    server.time = new Date(server.time.getTime() + 1);
    store.sessions.begin(first);
  }
  assertEquals(await ask(stays), "401");

  const long = await cookieOf(server, keys.demo);
  server.time = new Date(server.time.getTime() + 7 * 24 * 3600 * 1000);
  assertEquals(await ask(long), "401");
});

Deno.test("with a cookie, nothing is changed unless a page of this server asks for it", async () => {
  using server = openFixture();
  const cookie = await cookieOf(server, server.keys.demo);
  const make = async (name: string, headers: Record<string, string>) => {
    const text = await server.text("POST /apis/v1/nodes", {
      ...by(cookie, headers),
      json: { parent: "/demo", name, type: "Folder" },
    });
    return text.slice(0, 3);
  };
  const table: [Record<string, string>, string][] = [
    [{}, "403"],
    [{ "sec-fetch-site": "cross-site" }, "403"],
    [{ "sec-fetch-site": "same-site" }, "403"],
    [{ origin: "https://evil.example", host: "localhost" }, "403"],
    [{ origin: "null", host: "localhost" }, "403"],
    [SAME, "201"],
    [{ origin: "http://localhost", host: "localhost" }, "201"],
  ];
  for (const [index, [headers, wanted]] of table.entries()) {
    assertEquals(await make(`n${index}`, headers), wanted, `case ${index}`);
  }
  const evil = { "sec-fetch-site": "cross-site" };
  assertEquals(
    (await server.text("GET /apis/v1/nodes/info", {
      ...by(cookie),
      query: { node: "/demo/n5" },
    })).slice(0, 3),
    "200",
  );
  assertEquals(
    (await server.call(`DELETE ${SESSION}`, by(cookie, evil))).status,
    403,
  );
  assertEquals((await signIn(server, server.keys.eve, evil)).status, 403);
  // Who has a key needs no page.
  assertEquals(
    (await server.text("POST /apis/v1/nodes", {
      headers: { cookie, ...evil },
      json: { parent: "/demo", name: "by-key", type: "Folder" },
    })).slice(0, 3),
    "201",
  );
});

Deno.test("signing in takes JSON with a good key only, and counts the others", async () => {
  using server = openFixture();
  const { demo } = server.keys;
  const form = { "content-type": "text/plain" };
  assertEquals((await signIn(server, demo, form)).status, 415);
  assertEquals((await signIn(server, "")).status, 400);
  const empty = await server.text(`POST ${SESSION}`, {
    user: null,
    json: {},
    headers: { "content-type": "application/json" },
  });
  assertEquals(empty, '400 invalid body: "apiKey" is missing');
  for (let i = 0; i < FAILED_KEYS_BURST; i++) {
    const answer = await signIn(server, crypto.randomUUID());
    assertEquals(answer.status, 400);
    assertEquals(answer.headers.get("set-cookie"), null);
  }
  assertEquals((await signIn(server, crypto.randomUUID())).status, 429);
});

Deno.test("a browser that signs in again has one session", async () => {
  using server = openFixture();
  const first = await cookieOf(server, server.keys.demo);
  const again = await signIn(server, server.keys.eve, { cookie: first });
  assertEquals((await again.json()).user, "eve");
  assertEquals(
    await server.text(`GET ${SESSION}`, by(first)),
    '200 {"user":null,"mode":"server","readOnly":false}',
  );
});

Deno.test("a session is stored only as a hash", async () => {
  using server = openFixture();
  const secret = (await cookieOf(server, server.keys.demo)).split("=")[1] ?? "";
  assert(secret.length === 43);
  for (const file of Deno.readDirSync(server.dataDir)) {
    if (!file.isFile) continue;
    const bytes = Deno.readFileSync(`${server.dataDir}/${file.name}`);
    assertFalse(new TextDecoder("latin1").decode(bytes).includes(secret));
  }
});
