import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Store } from "../../src/server/store/store.ts";
import { startServer } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { runWith } from "./fake_io.ts";

const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

async function em(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runWith(args);
  assertEquals([code, stderr], [0, ""], args.join(" "));
  return stdout;
}

async function status(url: string, apiKey: string): Promise<number> {
  const response = await fetch(`${url}/oauth2/userinfo?apikey=${apiKey}`);
  await response.body?.cancel();
  return response.status;
}

Deno.test("em serve key makes, lists and revokes keys beside a running server, at once", async () => {
  using dir = tempDir();
  const data = ["--data", dir.path];
  await using server = await startServer({ dataDir: dir.path, port: 0 });
  const add = ["serve", "key", "add", "demo", ...data];

  const text = await em([...add, "--name", "laptop", "--expires", "90d"]);
  const day = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  assertMatch(
    text,
    /^User: {4}demo\nKey: {5}laptop\nExpires: \S+ \S+ UTC\nAPI key: [0-9a-f-]{36} \(shown only this once\)\n$/,
  );
  assertStringIncludes(text, `Expires: ${day}`);
  const laptop = KEY.exec(text)?.[0] ?? "";
  const plain = JSON.parse(await em([...add, "--json"]));
  assertEquals(
    [plain.user, plain.key, plain.expires, KEY.test(plain.apiKey)],
    ["demo", "key-2", null, true],
  );
  assertEquals(await status(server.url, laptop), 200);
  assertEquals(await status(server.url, plain.apiKey), 200);

  const list = async () =>
    JSON.parse(await em(["serve", "key", "list", "demo", "--json", ...data]));
  assertEquals(
    (await list()).map((key: Record<string, unknown>) => [
      key["key"],
      key["state"],
      typeof key["expires"],
    ]),
    [["key-1", "good", "object"], ["laptop", "good", "string"], [
      "key-2",
      "good",
      "object",
    ]],
  );
  const used = await waitFor("the use to be written", async () => {
    const [unused, ...others] = await list();
    assertEquals(unused.lastUsed, null);
    return others.every((key: { lastUsed: unknown }) => key.lastUsed)
      ? others[0].lastUsed as string
      : undefined;
  });
  assertMatch(used, /^\d{4}-\d\d-\d\dT/);

  assertEquals(
    await em(["serve", "key", "revoke", "demo", "laptop", ...data]),
    "Revoked key laptop of user demo\n",
  );
  assertEquals(await status(server.url, laptop), 400);
  assertEquals(await status(server.url, plain.apiKey), 200);
  const rows = (await em(["serve", "key", "list", ...data])).trimEnd()
    .split("\n").map((line) => line.split(/ {2,}/));
  const [head, ...others] = rows;
  assertEquals(head, [
    "USER",
    "KEY",
    "CREATED",
    "LAST USED",
    "EXPIRES",
    "STATE",
  ]);
  assertEquals(
    others.map(([user, key, , lastUsed, expires, state]) => [
      user,
      key,
      lastUsed === "never",
      expires,
      state,
    ]),
    [
      ["demo", "key-1", true, "never", "good"],
      ["demo", "key-2", false, "never", "good"],
    ],
  );
});

Deno.test("em serve key names what is wrong in one line", async () => {
  using dir = tempDir();
  await (await startServer({ dataDir: dir.path, port: 0 })).shutdown();
  const data = ["--data", dir.path];
  const lifetime = "option '--expires <time>' argument '90' is invalid. " +
    "It must be a number of minutes, hours, days or weeks, such as 30m, 12h, 90d or 4w";
  const table: [args: string[], code: number, stderr: string][] = [
    [["add", "eve", ...data], 1, 'there is no user "eve"'],
    [["list", "eve", ...data], 1, 'there is no user "eve"'],
    [["revoke", "demo", "x", ...data], 1, 'user "demo" has no key "x"'],
    [
      ["add", "demo", "--name", "key-1", ...data],
      1,
      'Cannot make key "key-1": user "demo" has one already, revoke it or choose another name',
    ],
    [["add", "demo", "--expires", "90", ...data], 2, lifetime],
    [["revoke", "demo", ...data], 2, "missing required argument 'name'"],
  ];
  for (const [args, wanted, text] of table) {
    assertEquals(
      await runWith(["serve", "key", ...args]),
      { code: wanted, stdout: "", stderr: `em: ${text}\n` },
    );
  }
});

Deno.test("em serve key list says which keys have expired", async () => {
  using dir = tempDir();
  {
    using store = new Store({ dataDir: dir.path });
    store.users.add("demo", { expires: new Date(Date.now() - 1) });
  }
  const [key] = JSON.parse(
    await em(["serve", "key", "list", "--json", "--data", dir.path]),
  );
  assertEquals([key.key, key.state], ["key-1", "expired"]);
});
