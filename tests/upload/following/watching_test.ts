import { assert, assertEquals } from "@std/assert";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import type { Delivery } from "../../../src/upload/types.ts";
import { waitFor } from "../../support/wait_for.ts";
import { RealServer } from "../support/real_server.ts";
import {
  INTENT,
  NODE,
  NODE_PATH,
  RunDir,
  Told,
  until,
} from "../support/support.ts";

const WAIT = { timeoutMs: 60_000 };

function options(dir: RunDir, server: RealServer) {
  return {
    dir: dir.path,
    node: NODE,
    target: server.target,
    intent: INTENT,
    mode: "main",
    reporter: new Told(),
  } as const;
}

function follow(dir: RunDir, server: RealServer): Promise<Delivery> {
  return startDelivery(options(dir, server));
}

/** Sizes and checksums of what the server has, by key. */
async function there(server: RealServer): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (await server.client.node(NODE_PATH) === undefined) return found;
  for await (const object of server.client.listObjects(NODE_PATH)) {
    found.set(object.path, `${object.size_bytes} ${object.checksum}`);
  }
  return found;
}

async function arrives(server: RealServer, key: string): Promise<void> {
  await waitFor(key, async () => (await there(server)).get(key));
}

async function textOf(server: RealServer, key: string): Promise<string> {
  const object = await server.client.getObject(`${NODE_PATH}/${key}`);
  return await new Response(object).text();
}

Deno.test("a file that is renamed arrives under its new name; what is gone here stays there", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "a.txt": "alpha" });
  const delivery = await follow(dir, server);
  await arrives(server, "a.txt");
  Deno.renameSync(`${dir.path}/a.txt`, `${dir.path}/b.txt`);
  await arrives(server, "b.txt");
  Deno.removeSync(`${dir.path}/b.txt`);
  Deno.mkdirSync(`${dir.path}/sub`);
  dir.write("sub/c.txt", "gamma");
  await arrives(server, "sub/c.txt");
  Deno.renameSync(`${dir.path}/sub`, `${dir.path}/moved`);
  const report = await delivery.finish(WAIT);
  assertEquals([report.state, report.pending], ["complete", []]);
  assertEquals([...(await there(server)).keys()], [
    "a.txt",
    "b.txt",
    "moved/c.txt",
    "sub/c.txt",
  ]);
});

Deno.test("a file that is replaced again and again while it is sent arrives as it is in the end", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "checkpoint.bin": "0" });
  const delivery = await follow(dir, server);
  let version = 0;
  const timer = setInterval(() => {
    version++;
    dir.replace("checkpoint.bin", `${version} `.repeat(1 + version * 500));
  }, 20);
  await arrives(server, "checkpoint.bin");
  await until("many versions", () => version > 60);
  clearInterval(timer);
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  assertEquals(
    await textOf(server, "checkpoint.bin"),
    Deno.readTextFileSync(`${dir.path}/checkpoint.bin`),
  );
});

Deno.test("symbolic links are never followed out of the directory, also when they appear while it is followed", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "a.txt": "alpha", "sub/b.txt": "beta" });
  Deno.mkdirSync(`${dir.parent}/outside`);
  Deno.writeTextFileSync(`${dir.parent}/outside/secret.txt`, "secret");
  const link = (target: string, name: string) =>
    Deno.symlinkSync(target, `${dir.path}/${name}`);
  link("../outside/secret.txt", "file-out");
  link(`${dir.parent}/outside`, "dir-out");
  link("a.txt", "file-in");
  link("sub", "dir-in");
  link("nowhere", "broken");
  link(".", "self");
  const delivery = await follow(dir, server);
  await arrives(server, "file-in");
  // What was a file becomes a link, by its name and by its folder's.
  for (const [name, target] of [["a.txt", "../outside/secret.txt"]] as const) {
    Deno.removeSync(`${dir.path}/${name}`);
    link(target, name);
  }
  Deno.removeSync(`${dir.path}/sub`, { recursive: true });
  link("../outside", "sub");
  dir.write("last.txt", "last");
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  const found = await there(server);
  assertEquals([...found.keys()], [
    "a.txt",
    "file-in",
    "last.txt",
    "sub/b.txt",
  ]);
  for (const key of found.keys()) {
    assert(!(await textOf(server, key)).includes("secret"), key);
  }
});

Deno.test("a large file that is being written goes when it rests", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "a.txt": "alpha" });
  const delivery = await follow(dir, server);
  await arrives(server, "a.txt");
  const chunk = "x".repeat(1_000_000);
  for (let i = 0; i < 8; i++) {
    dir.append("checkpoint.bin", chunk);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assertEquals((await there(server)).has("checkpoint.bin"), false);
  }
  await arrives(server, "checkpoint.bin");
  const report = await delivery.finish(WAIT);
  assertEquals([report.state, report.sentBytes], ["complete", 8_000_005]);
});

Deno.test("10 000 files that appear at once arrive, each once", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "a.txt": "alpha" });
  const delivery = await follow(dir, server);
  await arrives(server, "a.txt");
  const count = 10_000;
  Deno.mkdirSync(`${dir.path}/many`);
  for (let i = 0; i < count; i++) {
    Deno.writeTextFileSync(`${dir.path}/many/${i}`, `${i}`);
  }
  const report = await delivery.finish({ timeoutMs: 300_000 });
  assertEquals([report.state, report.sentObjects], ["complete", count + 1]);
  assertEquals((await there(server)).size, count + 1);
});
