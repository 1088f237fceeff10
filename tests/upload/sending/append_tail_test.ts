import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { APPEND } from "../../../src/aistore/protocol.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import type { Delivery, UploadReport } from "../../../src/upload/types.ts";
import type { RequestInfo } from "../../support/faulty_server.ts";
import { once } from "../../support/faulty_server.ts";
import {
  checksumsOf,
  localChecksums,
  type ShakyServer,
  startShakyServer,
} from "../../support/shaky_server.ts";
import { waitFor } from "../../support/wait_for.ts";
import {
  INTENT,
  NODE,
  NODE_PATH,
  RunDir,
  Told,
  until,
} from "../support/support.ts";

const WAIT = { timeoutMs: 30_000 };
const LARGE = 3 * 1024 * 1024;

function follow(dir: RunDir, server: ShakyServer): Promise<Delivery> {
  return startDelivery({
    dir: dir.path,
    node: NODE,
    target: { host: server.faulty.url, apiKey: server.apiKey },
    intent: INTENT,
    mode: "main",
    reporter: new Told(),
  });
}

function upload(dir: RunDir, server: ShakyServer): Promise<UploadReport> {
  return deliverOnce({
    dir: dir.path,
    node: NODE,
    target: { host: server.faulty.url, apiKey: server.apiKey },
    intent: INTENT,
    reporter: new Told(),
    ...WAIT,
  });
}

async function assertSame(server: ShakyServer, dir: RunDir): Promise<void> {
  assertEquals(
    await checksumsOf(server.client, NODE_PATH),
    localChecksums(dir.path),
  );
}

const isAppend = ({ method }: RequestInfo) => method === "PATCH";

function count(server: ShakyServer, key: string, method: string): number {
  return server.faulty.requests.filter((request) =>
    request.method === method &&
    request.query.get("path") === `${NODE_PATH}/${key}`
  ).length;
}

/** How much of a file the server has. */
async function sizeThere(server: ShakyServer, key: string): Promise<number> {
  for await (const object of server.client.listObjects(NODE_PATH)) {
    if (object.path === key) return object.size_bytes;
  }
  return 0;
}

async function arrives(
  server: ShakyServer,
  key: string,
  size: number,
): Promise<void> {
  await waitFor(
    `${size} bytes of ${key}`,
    async () => await sizeThere(server, key) === size || undefined,
  );
}

/** Text of some length, no two lines alike. */
function lines(length: number, seed = ""): string {
  let text = "";
  for (let i = 0; text.length < length; i++) text += `- ${seed}${i}\n`;
  return text.slice(0, length);
}

Deno.test("of files that only grow, just what was added is sent, of small ones and of large ones", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({
    "metrics/train.yaml": lines(1000),
    "events.tfevents": lines(LARGE),
  });
  const delivery = await follow(dir, server);
  await delivery.flush(WAIT);
  for (let i = 1; i <= 3; i++) {
    dir.append("metrics/train.yaml", lines(100, `r${i}-`));
    dir.append("events.tfevents", lines(100, `e${i}-`));
    await arrives(server, "metrics/train.yaml", 1000 + 100 * i);
    await arrives(server, "events.tfevents", LARGE + 100 * i);
  }
  dir.append("events.tfevents", lines(LARGE, "much"));
  const report = await delivery.finish(WAIT);
  assertEquals(report.state, "complete");
  await assertSame(server, dir);
  assertEquals(report.sentBytes, 2 * LARGE + 300 + 1300);
  for (const key of ["metrics/train.yaml", "events.tfevents"]) {
    assertEquals(count(server, key, "POST"), 1, key);
  }
});

Deno.test("a later process sends only what is missing at the end of a file", async () => {
  for (const size of [1000, LARGE]) {
    await using server = await startShakyServer();
    using dir = new RunDir({ "stdout.log": lines(size) });
    await upload(dir, server);
    dir.append("stdout.log", lines(500, "more"));
    const report = await upload(dir, server);
    assertEquals(
      [report.state, report.sentBytes],
      ["complete", 500],
      `${size}`,
    );
    await assertSame(server, dir);
    dir.write("stdout.log", lines(size + 700, "other"));
    const other = await upload(dir, server);
    assertEquals([other.state, other.sentBytes], ["complete", size + 700]);
    await assertSame(server, dir);
  }
});

Deno.test("a file that is rewritten, and longer than before, is never taken for one that was added to", async () => {
  for (const size of [1000, LARGE]) {
    await using server = await startShakyServer();
    using dir = new RunDir({ "history.json": lines(size) });
    const delivery = await follow(dir, server);
    await delivery.flush(WAIT);
    for (let i = 1; i <= 3; i++) {
      dir.write("history.json", lines(size + 100 * i, `v${i}-`));
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    assertEquals((await delivery.finish(WAIT)).state, "complete");
    await assertSame(server, dir);
  }
});

Deno.test("a change in the middle of a large file that also grows is found at the end", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({ "data.bin": lines(LARGE) });
  const delivery = await follow(dir, server);
  await delivery.flush(WAIT);
  dir.append("data.bin", lines(100, "a"));
  await arrives(server, "data.bin", LARGE + 100);
  {
    // Between two looks: neither end of what was sent, nor anything that a look can tell.
    using file = Deno.openSync(`${dir.path}/data.bin`, { write: true });
    file.seekSync(LARGE / 2, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode("changed"));
  }
  dir.append("data.bin", lines(100, "b"));
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  await assertSame(server, dir);
});

Deno.test("an append whose answer was lost costs no whole sending, and is not made twice", async () => {
  for (const size of [20_000, LARGE]) {
    await using server = await startShakyServer();
    using dir = new RunDir({ "stdout.log": lines(size) });
    const delivery = await follow(dir, server);
    await delivery.flush(WAIT);
    server.faulty.script = once(isAppend, {
      kind: "reset",
      when: "after-handling",
    });
    dir.append("stdout.log", lines(500, "more"));
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "complete");
    await assertSame(server, dir);
    assertEquals(count(server, "stdout.log", "POST"), 1, `${size}`);
    // What comes again over a connection that is still open is refused, because the object has grown.
    assertLessOrEqual(count(server, "stdout.log", "PATCH"), 2, `${size}`);
  }
});

Deno.test("an append that broke off is made again, and nothing else", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({ "stdout.log": lines(LARGE) });
  const delivery = await follow(dir, server);
  await delivery.flush(WAIT);
  server.faulty.script = once(isAppend, { kind: "reset", when: "mid-body" }, 2);
  dir.append("stdout.log", lines(2 * LARGE, "more"));
  const report = await delivery.finish(WAIT);
  assertEquals(report.state, "complete");
  await assertSame(server, dir);
  assertEquals(count(server, "stdout.log", "POST"), 1);
  assertEquals(count(server, "stdout.log", "PATCH"), 3);
});

Deno.test("an append that failed is made again although nobody waits", async () => {
  await using server = await startShakyServer();
  for (const size of [100, 100_000]) {
    const key = `${size}.log`;
    using dir = new RunDir({ [key]: lines(size) });
    const delivery = await follow(dir, server);
    await delivery.flush(WAIT);
    server.faulty.script = once(isAppend, { kind: "answer", status: 503 });
    dir.append(key, lines(100_000, "more"));
    await arrives(server, key, size + 100_000);
    assertEquals((await delivery.finish(WAIT)).state, "complete");
  }
});

Deno.test("what somebody else has put in an object's place is replaced when the file grows", async () => {
  const table: [string, (text: string) => string][] = [
    ["shorter", (text) => text.slice(0, 500)],
    ["longer", (text) => `${text}more`],
    ["another of the same length", (text) => text.replaceAll("-", "+")],
  ];
  for (const [label, change] of table) {
    await using server = await startShakyServer();
    const text = lines(20_000);
    using dir = new RunDir({ "stdout.log": text });
    const delivery = await follow(dir, server);
    await delivery.flush(WAIT);
    await server.client.putObject(
      `${NODE_PATH}/stdout.log`,
      new TextEncoder().encode(change(text)),
    );
    dir.append("stdout.log", lines(500, "x"));
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "complete", label);
    await assertSame(server, dir);
    const isBeginning = label === "shorter";
    assertEquals(count(server, "stdout.log", "POST"), isBeginning ? 1 : 2);
  }
});

Deno.test("an object that was deleted is sent whole", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({ "stdout.log": lines(20_000) });
  const delivery = await follow(dir, server);
  await delivery.flush(WAIT);
  const url = new URL(`${server.faulty.url}/apis/v1/objects`);
  url.searchParams.set("path", `${NODE_PATH}/stdout.log`);
  url.searchParams.set("apikey", server.apiKey);
  const deleted = await fetch(url, { method: "DELETE" });
  assert(deleted.ok);
  await deleted.body?.cancel();
  dir.append("stdout.log", lines(500, "x"));
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  await assertSame(server, dir);
});

Deno.test("where something on the way refuses appends, files go whole", async () => {
  for (const status of [405, 403, 400, 501]) {
    await using server = await startShakyServer();
    using dir = new RunDir({ "stdout.log": lines(1000) });
    server.faulty.script = (request) =>
      isAppend(request)
        ? { kind: "answer", status, body: "not here" }
        : undefined;
    const delivery = await follow(dir, server);
    await delivery.flush(WAIT);
    for (let i = 0; i < 3; i++) {
      dir.append("stdout.log", lines(100, `${i}`));
      const report = await delivery.flush(WAIT);
      assertEquals(report.state, "complete", `${status}`);
    }
    assertEquals((await delivery.finish(WAIT)).state, "complete");
    await assertSame(server, dir);
    assertLessOrEqual(count(server, "stdout.log", "PATCH"), 1, `${status}`);
  }
});

Deno.test("a file that grows all the time goes end by end, and costs little more than its size", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({ "stdout.log": "start\n" });
  const delivery = await follow(dir, server);
  const timer = setInterval(() => dir.append("stdout.log", lines(50)), 10);
  await until("some appends", () => count(server, "stdout.log", "PATCH") >= 3);
  clearInterval(timer);
  const report = await delivery.finish(WAIT);
  assertEquals(report.state, "complete");
  await assertSame(server, dir);
  const { size } = Deno.statSync(`${dir.path}/stdout.log`);
  assertLessOrEqual(report.sentBytes, 1.1 * size);
});

Deno.test("the server says that it can append", async () => {
  await using server = await startShakyServer();
  const client = new AIStoreClient({
    host: server.faulty.url,
    apiKey: server.apiKey,
  });
  assertEquals(client.can(APPEND), false);
  await client.userInfo();
  assertEquals(client.can(APPEND), true);
});
