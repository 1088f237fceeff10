import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import {
  AuthenticationError,
  ConnectionError,
  NodeExistsError,
} from "../../../src/errors.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import { readIntent } from "../../../src/upload/notes/intent.ts";
import type {
  DeliverOnceOptions,
  UploadReport,
} from "../../../src/upload/types.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT, NODE, NODE_PATH, RunDir, Told } from "../support/support.ts";

const FILES = {
  "metadata.yaml": "status: Complete\n",
  "metrics/train.yaml": "- 1\n",
  "models/中 文/w&+%.bin": "weights",
  "empty.log": "",
};

function upload(
  dir: RunDir,
  server: RealServer,
  more: Partial<DeliverOnceOptions> = {},
): Promise<UploadReport> {
  return deliverOnce({
    dir: dir.path,
    node: NODE,
    target: server.target,
    intent: INTENT,
    timeoutMs: 20_000,
    reporter: new Told(),
    ...more,
  });
}

async function assertSame(
  server: RealServer,
  dir: RunDir,
  keys: readonly string[],
): Promise<void> {
  const objects = await server.objects(NODE_PATH);
  assertEquals([...objects.keys()].sort(), [...keys].sort());
  for (const [key, bytes] of objects) {
    assertEquals(bytes, Deno.readFileSync(`${dir.path}/${key}`), key);
  }
}

Deno.test("deliverOnce() sends everything once, then only what differs", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir(FILES);
  const first = await upload(dir, server);
  assertEquals([first.state, first.sentObjects], ["complete", 4]);
  await assertSame(server, dir, Object.keys(FILES));

  const second = await upload(dir, server);
  assertEquals([second.state, second.sentObjects, second.sentBytes], [
    "complete",
    0,
    0,
  ]);
  assertEquals(second.node?.id, first.node?.id);
  assertEquals(second.requests, 2, "one look at the node, one listing");

  Deno.utimeSync(`${dir.path}/empty.log`, 1, 1);
  dir.replace("metadata.yaml", "status: Complet3\n");
  dir.append("metrics/train.yaml", "- 2\n");
  const third = await upload(dir, server);
  assertEquals([third.state, third.sentObjects, third.sentBytes], [
    "complete",
    2,
    21,
  ], "all of what was rewritten, and what was added");
  await assertSame(server, dir, Object.keys(FILES));
});

Deno.test("deliverOnce() compares large files without sending them", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "metadata.yaml": "x" });
  Deno.writeFileSync(
    `${dir.path}/big.bin`,
    crypto.getRandomValues(new Uint8Array(65_536)),
  );
  Deno.truncateSync(`${dir.path}/big.bin`, 10_000_000);
  assertEquals((await upload(dir, server)).sentBytes, 10_000_001);
  assertEquals((await upload(dir, server)).sentBytes, 0);
  await assertSame(server, dir, ["metadata.yaml", "big.bin"]);
});

Deno.test("deliverOnce() sends an object of more than 100 MiB in parts", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir();
  const path = `${dir.path}/big.bin`;
  Deno.writeFileSync(path, crypto.getRandomValues(new Uint8Array(65_536)));
  Deno.truncateSync(path, 104_857_601);
  const report = await upload(dir, server, { timeoutMs: 60_000 });
  assertEquals([report.state, report.sentBytes], ["complete", 104_857_601]);
  assertEquals(
    (await upload(dir, server)).sentBytes,
    0,
    "size and checksum are those of the file",
  );
});

Deno.test("deliverOnce() lets the caller write before the first object is sent", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir(FILES);
  const seen: unknown[] = [];
  const report = await upload(dir, server, {
    onPlaced: async (node) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(node.path, (await server.objects(NODE_PATH)).size);
      dir.replace("metadata.yaml", `status: Complete\nremote: ${node.id}\n`);
    },
  });
  assertEquals(report.state, "complete");
  assertEquals(seen, [NODE_PATH, 0]);
  await assertSame(server, dir, Object.keys(FILES));
});

Deno.test("deliverOnce() remembers server, folder and node, never the key", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir(FILES);
  const { node } = await upload(dir, server);
  assert(node);
  const { host, apiKey } = server.target;
  assertEquals(readIntent(dir.path), {
    host,
    ...INTENT,
    node: { id: node.id, path: node.path },
  });
  const state = `${dir.parent}/.state/${NODE.alternativeName}`;
  assertEquals([...Deno.readDirSync(state)].map(({ name }) => name).sort(), [
    "upload.json",
    "upload.lock",
  ]);
  assert(!Deno.readTextFileSync(`${state}/upload.json`).includes(apiKey));

  // Another folder is another place.
  const elsewhere = await upload(dir, server, {
    intent: { ...INTENT, folder: "x", makeFolder: true },
  });
  assertEquals(elsewhere.node?.path, "/demo/x/cnn");
});

Deno.test("deliverOnce() finishes what a background delivery left", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir(FILES);
  const delivery = await startDelivery({
    dir: dir.path,
    node: NODE,
    target: server.target,
    intent: { ...INTENT, conflictStrategy: "error" },
    mode: "main",
  });
  await delivery.flush({ timeoutMs: 10_000 });
  delivery.close();
  dir.append("metrics/train.yaml", "- 2\n");
  const report = await upload(dir, server, {
    intent: { ...INTENT, conflictStrategy: "error" },
  });
  assertEquals([report.state, report.sentObjects], ["complete", 1]);
  await assertSame(server, dir, Object.keys(FILES));
});

Deno.test("deliverOnce() reports why it cannot", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir(FILES);
  await server.add("/demo/default", "Folder");
  await server.add(NODE_PATH, "Run");
  const refused = await upload(dir, server, {
    intent: { ...INTENT, conflictStrategy: "error" },
  });
  assertEquals(refused.state, "refused");
  assertInstanceOf(refused.error, NodeExistsError);

  const skipped = await upload(dir, server, {
    intent: { ...INTENT, conflictStrategy: "skip" },
  });
  assertEquals(skipped.state, "skipped");

  const apiKey = "00000000-0000-0000-0000-000000000000";
  const unknown = await upload(dir, server, {
    target: { ...server.target, apiKey },
  });
  assertInstanceOf(unknown.error, AuthenticationError);

  const host = "http://127.0.0.1:1/t9k/aistore/server";
  const down = await upload(dir, server, {
    target: { host, apiKey },
    timeoutMs: 300,
  });
  assertEquals([down.state, down.pending.length], ["pending", 4]);
  assertInstanceOf(down.error, ConnectionError);
});

Deno.test("deliverOnce() fails when the caller's own part of it fails, and sends nothing", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir(FILES);
  const failure = new TypeError("the caller's");
  const report = await upload(dir, server, {
    onPlaced: () => {
      throw failure;
    },
  });
  assertEquals(report.state, "refused");
  assertEquals(report.error?.cause, failure);
  assertEquals((await server.objects(NODE_PATH)).size, 0);
});

Deno.test("startDelivery() works with the package's own server from both threads", async () => {
  for (const mode of ["worker", "main"] as const) {
    await using server = await RealServer.start();
    using dir = new RunDir(FILES);
    const delivery = await startDelivery({
      dir: dir.path,
      node: NODE,
      target: server.target,
      intent: INTENT,
      mode,
    });
    dir.append("metrics/train.yaml", "- 2\n");
    assertEquals(
      (await delivery.flush({ timeoutMs: 10_000 })).state,
      "complete",
    );
    dir.append("metrics/train.yaml", "- 3\n");
    dir.replace("metadata.yaml", "status: Error\n");
    assertEquals(
      (await delivery.finish({ timeoutMs: 10_000 })).state,
      "complete",
    );
    await assertSame(server, dir, Object.keys(FILES));
    const node = await new AIStoreClient(server.target).node(NODE_PATH);
    assertEquals([node?.type, node?.labels, node?.description], [
      "Run",
      ["CNN"],
      "a test",
    ]);
  }
});
