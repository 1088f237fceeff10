import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { startEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";

const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

function addressOf(stdout: string): { url: string; apiKey: string } {
  return {
    url: /^AIStore server at (\S+)$/m.exec(stdout)?.[1] ?? "",
    apiKey: KEY.exec(stdout)?.[0] ?? "",
  };
}

Deno.test("em serve --access-log writes a line for each request, to a file or to stderr, without the key", async () => {
  using dir = tempDir();
  const file = join(dir.path, "access.log");
  for (const log of [file, "-"]) {
    const args = ["serve", "--port", "0", "--access-log", log];
    await using em = startEm([...args, "--data", `data${log.length}`], {
      dir: dir.path,
    });
    await em.waitFor("Data in");
    const { url, apiKey } = addressOf(em.seen.stdout);
    const response = await fetch(`${url}/oauth2/userinfo?apikey=${apiKey}`);
    const id = response.headers.get("x-request-id");
    await response.body?.cancel();
    em.child.kill("SIGTERM");
    assertEquals((await em.end()).code, 0);
    const text = log === "-" ? em.seen.stderr : Deno.readTextFileSync(file);
    assertEquals(text.split("\n").length, 2, text);
    assert(!text.includes(apiKey));
    const line = JSON.parse(text);
    assertEquals([line.id, line.status, line.user], [id, 200, "demo"]);
  }
});

Deno.test("em serve says that it cannot write the access log, and keeps the first start for later", async () => {
  using dir = tempDir();
  const data = join(dir.path, "data");
  const { code, stdout, stderr } = await runWith([
    "serve",
    "--port",
    "0",
    "--data",
    data,
    "--access-log",
    join(dir.path, "none", "log"),
  ]);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(stderr, /^em: Cannot write access log "[^\n]+\n$/);
  await using em = startEm(["serve", "--port", "0", "--data", data], {
    dir: dir.path,
  });
  await em.waitFor("Data in");
  assertMatch(em.seen.stdout, KEY);
});

Deno.test("em serve waits for a slow upload at the first signal, and ends at once at the second", async () => {
  using dir = tempDir();
  await using em = startEm(["serve", "--port", "0"], { dir: dir.path });
  await em.waitFor("Data in");
  const { url, apiKey } = addressOf(em.seen.stdout);
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(url).port),
  });
  await conn.write(
    new TextEncoder().encode(
      `POST /t9k/aistore/server/apis/v1/nodes?apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n` +
        'Content-Length: 1000\r\n\r\n{"na',
    ),
  );
  await waitFor("the upload to begin", async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return metrics.includes("em_http_requests_active 1\n") || undefined;
  });
  em.child.kill("SIGTERM");
  await waitFor("new requests to be refused", async () => {
    const response = await fetch(`${url}/healthz`);
    await response.body?.cancel();
    return response.status === 503 || undefined;
  });
  em.child.kill("SIGTERM");
  assertEquals((await em.end()).signal, "SIGTERM");
});
