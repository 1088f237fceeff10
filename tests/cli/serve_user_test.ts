import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { startServer } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { filesBelow, form } from "../server/support/fixture.ts";
import { startEm } from "./em_process.ts";
import { type Given, runWith } from "./fake_io.ts";

const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

async function status(url: string, apiKey: string): Promise<number> {
  const response = await fetch(`${url}/oauth2/userinfo?apikey=${apiKey}`);
  await response.body?.cancel();
  return response.status;
}

/** Runs a command that must succeed. */
async function em(args: readonly string[], given?: Given): Promise<string> {
  const { code, stdout, stderr } = await runWith(args, given);
  assertEquals([code, stderr], [0, ""], args.join(" "));
  return stdout;
}

async function upload(url: string, apiKey: string, user: string) {
  const client = new AIStoreClient({ host: url, apiKey });
  await client.createNode({
    parent: `/${user}`,
    name: "run",
    labels: [],
    description: "",
    type: "Run",
    extra: "{}",
  });
  for (let i = 0; i < 3; i++) {
    const query = new URLSearchParams({
      path: `/${user}/run/${i}`,
      apikey: apiKey,
    });
    const answer = await fetch(`${url}/apis/v1/objects?${query}`, {
      method: "POST",
      body: form(`content of ${user} ${i}`),
    });
    assertEquals(answer.status, 201);
    await answer.body?.cancel();
  }
}

Deno.test("em serve user makes, lists and removes users beside a server that runs in another process", async () => {
  using dir = tempDir();
  const data = join(dir.path, "data");
  await using server = startEm(["serve", "--port", "0", "--data", data], {
    dir: dir.path,
  });
  await server.waitFor("Data in");
  const url = /at (\S+)/.exec(server.seen.stdout)?.[1] ?? "";
  const demo = KEY.exec(server.seen.stdout)?.[0] ?? "";
  await upload(url, demo, "demo");

  const added = await em(["serve", "user", "add", "eve", "--data", data]);
  assertMatch(
    added,
    /^User: {4}eve\nAPI key: [0-9a-f-]{36} \(shown only this once\)\n$/,
  );
  const eve = KEY.exec(added)?.[0] ?? "";
  assertEquals(await status(url, eve), 200);
  await upload(url, eve, "eve");

  const users = JSON.parse(
    await em(["serve", "--data", data, "user", "list", "--json"]),
  );
  for (const user of users) {
    assertMatch(user.created, /^\d{4}-\d\d-\d\dT/);
    delete user.created;
  }
  const rest = { keys: 1, nodes: 1, runs: 1, objects: 3 };
  assertEquals(users, [
    { name: "demo", ...rest, bytes: 51 },
    { name: "eve", ...rest, bytes: 48 },
  ]);
  const table = (await em(["serve", "user", "list", "--data", data]))
    .trimEnd().split("\n").map((line) => line.split(/ {2,}/))
    .map(([name, , ...more]) => [name, ...more]);
  assertEquals(table, [
    ["NAME", "KEYS", "NODES", "RUNS", "OBJECTS", "SIZE"],
    ["demo", "1", "1", "1", "3", "51 B"],
    ["eve", "1", "1", "1", "3", "48 B"],
  ]);

  const files = () => filesBelow(join(data, "objects")).length;
  const before = files();
  assertMatch(
    await em(["serve", "user", "remove", "eve", "--yes", "--data", data]),
    /^user "eve" has 1 API key, 1 node \(1 run\) and 3 objects \(48 B\), all of which is lost for good\nRemoved user eve\n$/,
  );
  assertEquals(await status(url, eve), 400);
  assertEquals(await status(url, demo), 200);
  await waitFor(
    "the bytes to be gone",
    () => files() === before - 3 || undefined,
  );
  const again = await em(["serve", "user", "add", "eve", "--data", data]);
  const client = new AIStoreClient({
    host: url,
    apiKey: KEY.exec(again)?.[0] ?? "",
  });
  assertEquals(await client.node("/eve/run"), undefined);
});

Deno.test("em serve user remove asks for the name at a terminal, and elsewhere wants --yes", async () => {
  using dir = tempDir();
  const args = ["serve", "user", "remove", "demo", "--data", dir.path];
  await (await startServer({ dataDir: dir.path, port: 0 })).shutdown();
  const lost =
    `em: user "demo" has 1 API key, 0 nodes (0 runs) and 0 objects (0 B), all of which is lost for good\n`;
  assertEquals(await runWith(args), {
    code: 2,
    stdout: "",
    stderr:
      `${lost}em: nothing was removed: there is no terminal to ask on, say it with --yes\n`,
  });
  for (const answer of ["", "y", "Demo"]) {
    assertEquals(await runWith(args, { answer }), {
      code: 1,
      stdout: "",
      stderr: `${lost}em: nothing was removed\n`,
    });
  }
  const list = ["serve", "user", "list", "--data", dir.path];
  assertStringIncludes(await em(list), "demo");
  assertEquals(await runWith(args, { answer: "demo" }), {
    code: 0,
    stdout: "Removed user demo\n",
    stderr: lost,
  });
  assertFalse((await em(list)).includes("demo"));
  assertEquals(await runWith(args), {
    code: 1,
    stdout: "",
    stderr: 'em: there is no user "demo"\n',
  });
});

Deno.test("em serve user remove removes the bytes also when no server is running", async () => {
  using dir = tempDir();
  {
    await using server = await startServer({ dataDir: dir.path, port: 0 });
    await upload(server.url, server.firstStart?.apiKey ?? "", "demo");
  }
  const files = () => filesBelow(join(dir.path, "objects"));
  assertEquals(files().length, 3);
  const out = await em([
    "serve",
    "user",
    "remove",
    "demo",
    "--yes",
    "--json",
    "--data",
    dir.path,
  ]);
  const { removed, done, lost } = JSON.parse(out);
  assertEquals([removed, done, lost.objects], ["demo", true, 3]);
  assertEquals(files(), []);
});

Deno.test("em serve user names what is wrong in one line", async () => {
  using dir = tempDir();
  const data = join(dir.path, "data");
  await (await startServer({ dataDir: data, port: 0 })).shutdown();
  const none = join(dir.path, "none");
  const table: [args: string[], code: number, text: string][] = [
    [
      ["user", "list", "--data", none],
      1,
      `Cannot use data folder "${none}": no server has been started in it`,
    ],
    [["user", "add", "demo", "--data", data], 1, "there is one already"],
    [["user", "add", "a/b", "--data", data], 1, 'Cannot make user "a/b"'],
    [["user", "add", "--data", data], 2, "missing required argument 'name'"],
    [["user", "ad", "x"], 2, "unknown command 'ad' (Did you mean add?)"],
  ];
  for (const [args, wanted, text] of table) {
    const { code, stdout, stderr } = await runWith(["serve", ...args]);
    assertEquals([code, stdout], [wanted, ""], stderr);
    assertMatch(stderr, /^em: [^\n]+\n$/);
    assertStringIncludes(stderr, text);
  }
  assertFalse(await Deno.stat(none).then(() => true, () => false));
});

Deno.test("em serve does not take a data folder of a newer version for its own", async () => {
  using dir = tempDir();
  await (await startServer({ dataDir: dir.path, port: 0 })).shutdown();
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(join(dir.path, "aistore.db"));
  database.exec("PRAGMA user_version = 1000");
  database.close();
  const { code, stderr } = await runWith([
    "serve",
    "user",
    "list",
    "--data",
    dir.path,
  ]);
  assertEquals(code, 1);
  assert(stderr.includes("newer version"), stderr);
});
