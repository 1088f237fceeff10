import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createReporter } from "../../src/reporter.ts";
import { Admin } from "../../src/server/admin.ts";
import { runEm } from "../cli/em_process.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { startChildServer } from "./support/child_server.ts";
import { filesBelow, form } from "./support/fixture.ts";

const quiet = createReporter(() => {});

function clientOf(url: string, apiKey: string) {
  const send = (method: string, path: string, body: BodyInit, query = {}) =>
    fetch(
      `${url}${path}?${new URLSearchParams({ ...query, apikey: apiKey })}`,
      { method, body },
    );
  return {
    make(parent: string, name: string) {
      const node = { parent, name, type: "Run", labels: [], description: "" };
      return send("POST", "/apis/v1/nodes", JSON.stringify(node));
    },
    put: (path: string) =>
      send("POST", "/apis/v1/objects", form(path), { path }),
  };
}

async function done(answer: Promise<Response>, status = 201): Promise<void> {
  const response = await answer;
  assertEquals(response.status, status, await response.text());
}

Deno.test("commands of several processes at once beside a busy server all succeed, and disturb no upload", async () => {
  using dir = tempDir();
  const data = join(dir.path, "data");
  await using server = await startChildServer(data);
  const client = clientOf(server.url, server.apiKey ?? "");
  await done(client.make("/demo", "run"));
  let busy = true;
  let uploads = 0;
  const load = Array.from({ length: 4 }, async (_, worker) => {
    for (let i = 0; busy; i++) {
      await done(client.put(`/demo/run/${worker}/${i}`));
      uploads++;
    }
  });
  await waitFor("the load", () => uploads > 20 || undefined);
  const before = uploads;
  const results = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      runEm([
        "serve",
        ...(i % 2 ? ["user", "add", `u${i}`] : ["key", "add", "demo"]),
        "--json",
        "--data",
        data,
      ], { dir: dir.path })),
  );
  busy = false;
  await Promise.all(load);
  assert(uploads > before, `${uploads} uploads`);
  const names = new Set<string>();
  for (const { code, stdout, stderr } of results) {
    assertEquals([code, stderr], [0, ""]);
    const { user, key, apiKey } = JSON.parse(stdout);
    names.add(`${user} ${key}`);
    const answer = await fetch(
      `${server.url}/oauth2/userinfo?apikey=${apiKey}`,
    );
    assertEquals(await answer.json(), { preferred_username: user });
  }
  assertEquals(names.size, 6);
});

Deno.test("a server that is killed while it removes a user's tree goes on with that when it starts again", async () => {
  using dir = tempDir();
  {
    await using server = await startChildServer(dir.path);
    const client = clientOf(server.url, server.apiKey ?? "");
    for (let i = 0; i < 20; i++) {
      await done(client.make("/demo", `run${i}`));
      await done(client.put(`/demo/run${i}/x`));
    }
    using admin = new Admin(dir.path);
    admin.users.add("eve");
    admin.users.markRemoved("demo");
    await done(client.put("/demo/run1/y"), 400);
    await server.kill();
    assertEquals(admin.users.isRemoved("demo"), true);
  }
  await using server = await startChildServer(dir.path);
  assertEquals(server.apiKey, undefined);
  using admin = new Admin(dir.path);
  await waitFor(
    "the tree to be gone",
    () => admin.users.isRemoved("demo") ? undefined : true,
  );
  const files = () => filesBelow(join(dir.path, "objects"));
  await waitFor(
    "its bytes to be gone",
    () => files().length === 0 || undefined,
  );
  assertEquals(admin.users.names(), ["eve"]);
});

Deno.test("Admin removes a user alone where no server runs, and leaves that to the server where one does", async () => {
  using dir = tempDir();
  await using server = await startChildServer(dir.path);
  const client = clientOf(server.url, server.apiKey ?? "");
  await done(client.make("/demo", "run"));
  await done(client.put("/demo/run/x"));
  using admin = new Admin(dir.path);
  assertEquals(
    await admin.removeUser("demo", { reporter: quiet, timeoutMs: 0 }),
    false,
  );
  await done(client.put("/demo/run/y"), 400);
  assertEquals(await admin.removeUser("demo", { reporter: quiet }), true);
  admin.users.add("eve");
  await server.kill();
  assertEquals(await admin.removeUser("eve", { reporter: quiet }), true);
  assertEquals(admin.users.list(), []);
});
