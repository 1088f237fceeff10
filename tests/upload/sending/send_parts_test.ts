import { createHash } from "node:crypto";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { walkSync } from "@std/fs";
import { fromFileUrl, join } from "@std/path";
import type { Clock } from "../../../src/aistore/backoff.ts";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { ConnectionError, ResponseError } from "../../../src/errors.ts";
import { stateDir } from "../../../src/local/layout.ts";
import { createHandler } from "../../../src/server/mod.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { toStamp } from "../../../src/local/file_stamp.ts";
import { PARTS_AT_ONCE } from "../../../src/upload/sending/parts_sender.ts";
import { sendParts } from "../../../src/upload/sending/send_parts.ts";
import { REQUEST_TRIES } from "../../../src/upload/gate/try_again.ts";
import type { UploadReport } from "../../../src/upload/types.ts";
import { UnfinishedUploads } from "../../../src/upload/sending/unfinished_uploads.ts";
import { startChildServer } from "../../server/support/child_server.ts";
import {
  type Fault,
  type FaultyServer,
  once,
  type RequestInfo,
  startFaultyServer,
} from "../../support/faulty_server.ts";
import {
  changeByte,
  LARGE_BYTES,
  LARGE_PARTS,
  MIB,
  writeLargeFile,
} from "../support/large_file.ts";
import { API_KEY, StandIn } from "../support/stand_in.ts";
import {
  INTENT,
  NODE,
  NODE_PATH,
  RunDir,
  Told,
  until,
} from "../support/support.ts";

const CHILD = fromFileUrl(
  new URL("../support/deliver_child.ts", import.meta.url),
);
const NODE_OF_TEST = "/demo/run";
const KEY = "big.bin";

/** A large file, and our own server behind one that misbehaves. */
class Setup implements AsyncDisposable {
  readonly dir = new RunDir();
  readonly path = `${this.dir.path}/${KEY}`;
  readonly pauses: number[] = [];
  /** The most parts that were received at the same time. */
  most = 0;
  readonly #data = Deno.makeTempDirSync({ prefix: "em_server_" });
  readonly #handler = createHandler({
    dataDir: this.#data,
    unusedGraceMs: 0,
  });
  readonly apiKey = this.#handler.firstStart?.apiKey ?? "";
  server!: FaultyServer;
  client!: AIStoreClient;

  static async open(): Promise<Setup> {
    const setup = new Setup();
    let now = 0;
    setup.server = await startFaultyServer({
      handler: async (request) => {
        const isPart = request.method === "PUT";
        if (isPart) setup.most = Math.max(setup.most, ++now);
        try {
          return await setup.#handler.handle(request);
        } finally {
          if (isPart) now--;
        }
      },
    });
    const { url: host } = setup.server;
    setup.client = new AIStoreClient({ host, apiKey: setup.apiKey });
    await setup.client.createNode({
      parent: "/demo",
      name: "run",
      labels: [],
      description: "",
      type: "Run",
      extra: "",
    });
    writeLargeFile(setup.path);
    return setup;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#handler[Symbol.dispose]();
    Deno.removeSync(this.#data, { recursive: true });
    this.dir[Symbol.dispose]();
  }

  /** The parts that were sent since request number `since`, in order of arrival. */
  sent(since = 0): number[] {
    return this.server.requests.slice(since)
      .filter(({ method }) => method === "PUT")
      .map(({ query }) => Number(query.get("partNumber")));
  }

  count(method: string, since = 0): number {
    return this.server.requests.slice(since).filter((request) =>
      request.method === method && request.path.includes("/multipart")
    ).length;
  }

  /** How many files the server has, objects and parts. */
  get files(): number {
    return [...walkSync(join(this.#data, "objects"), { includeDirs: false })]
      .length;
  }

  get remembered(): number {
    return [...walkSync(this.dir.parent, { includeDirs: false })]
      .filter(({ name }) => name === "multipart.json").length;
  }

  async send(signal = new AbortController().signal): Promise<number> {
    return await sendLarge(this.client, this.dir.path, {
      signal,
      pauses: this.pauses,
    });
  }

  async assertArrived(path = `${NODE_OF_TEST}/${KEY}`): Promise<void> {
    const hash = createHash("md5");
    for await (const chunk of await this.client.getObject(path)) {
      hash.update(chunk);
    }
    assertEquals(hash.digest("hex"), md5(this.path));
  }
}

/** Sends the file as a process would that remembers nothing but what lies on disk; how many bytes went out. */
async function sendLarge(
  client: AIStoreClient,
  dir: string,
  { signal, pauses }: {
    readonly signal: AbortSignal;
    readonly pauses: number[];
  },
): Promise<number> {
  using file = await Deno.open(`${dir}/${KEY}`);
  let sentBytes = 0;
  const clock: Clock = {
    now: () => Date.now(),
    wait(ms) {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  const checksum = await sendParts(client, {
    file,
    stamp: toStamp(await file.stat()),
    nodePath: NODE_OF_TEST,
    key: KEY,
    unfinished: new UnfinishedUploads(dir),
    onSent: (bytes) => sentBytes += bytes,
    signal,
    clock,
  });
  assertEquals(checksum, md5(`${dir}/${KEY}`));
  return sentBytes;
}

function md5(path: string): string {
  return createHash("md5").update(Deno.readFileSync(path)).digest("hex");
}

function isPart(...numbers: number[]): (request: RequestInfo) => boolean {
  return ({ method, query }) =>
    method === "PUT" && numbers.includes(Number(query.get("partNumber")));
}

function isComplete({ method, path }: RequestInfo): boolean {
  return method === "POST" && path.includes("/multipart/");
}

const UNAVAILABLE: Fault = { kind: "answer", status: 503 };
const ALL = Array.from({ length: LARGE_PARTS }, (_, at) => at + 1);

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

Deno.test("sendParts() sends every part once, several at the same time, and the object is the file", async () => {
  await using setup = await Setup.open();
  assertEquals(await setup.send(), LARGE_BYTES);
  await setup.assertArrived();
  assertEquals(sorted(setup.sent()), ALL);
  assertGreater(setup.most, 1);
  assertEquals(setup.most <= PARTS_AT_ONCE, true, `${setup.most} at once`);
  assertEquals([setup.files, setup.remembered, setup.count("DELETE")], [
    ALL.length,
    0,
    0,
  ]);
});

Deno.test("sendParts() sends a part that fails once more, and no other", async () => {
  const table: readonly (readonly [string, Fault])[] = [
    ["503 that says when", {
      ...UNAVAILABLE,
      headers: { "retry-after": "7" },
    }],
    ["reset in the body", { kind: "reset", when: "mid-body" }],
    ["lost answer", { kind: "reset", when: "after-handling" }],
    ["damaged answer", { kind: "corrupt" }],
  ];
  for (const [name, fault] of table) {
    await using setup = await Setup.open();
    setup.server.script = once(isPart(3), fault);
    await setup.send();
    await setup.assertArrived();
    assertEquals(sorted(setup.sent()), sorted([...ALL, 3]), name);
    assertEquals(setup.pauses.length, 1, name);
    if (name.startsWith("503")) assertEquals(setup.pauses, [7000]);
    assertEquals([setup.files, setup.remembered], [ALL.length, 0], name);
  }
});

Deno.test("sendParts() sends a part again that did not arrive as it was sent", async () => {
  await using setup = await Setup.open();
  const { server } = setup;
  server.script = once(isPart(2), {
    kind: "answer",
    status: 200,
    body: JSON.stringify({ eTag: "0".repeat(32) }),
    headers: { "x-em-capabilities": "multipart-list" },
  });
  await setup.send();
  await setup.assertArrived();
  assertEquals(sorted(setup.sent()), sorted([...ALL, 2]));
});

Deno.test("sendParts() goes on where a failing server ended it", async () => {
  await using setup = await Setup.open();
  setup.server.script = (request) =>
    isPart(7)(request) ? UNAVAILABLE : undefined;
  await assertRejects(() => setup.send(), ResponseError, "503");
  assertEquals(setup.sent().filter((n) => n === 7).length, REQUEST_TRIES);
  assertEquals([setup.remembered, setup.count("DELETE")], [1, 0]);
  const there = setup.files;
  assertGreater(there, 0);

  setup.server.script = () => undefined;
  const since = setup.server.requests.length;
  await setup.send();
  await setup.assertArrived();
  assertEquals(setup.sent(since).length, LARGE_PARTS - there);
  assert(setup.sent(since).includes(7));
  assertEquals([setup.files, setup.remembered], [ALL.length, 0]);
});

Deno.test("sendParts() sends only the parts that differ from the file", async () => {
  await using setup = await Setup.open();
  setup.server.script = (request) =>
    isPart(11)(request) ? UNAVAILABLE : undefined;
  await assertRejects(() => setup.send(), ResponseError);
  assertEquals(setup.files, 10);
  const { mtime, atime } = Deno.statSync(setup.path);
  changeByte(setup.path, 35 * MIB);
  assert(mtime && atime);
  Deno.utimeSync(setup.path, atime, mtime);

  setup.server.script = () => undefined;
  const since = setup.server.requests.length;
  await setup.send();
  await setup.assertArrived();
  assertEquals(sorted(setup.sent(since)), [4, 11]);
});

Deno.test("sendParts() starts anew when the file has changed, and gives the old parts up", async () => {
  await using setup = await Setup.open();
  setup.server.script = (request) =>
    isPart(9)(request) ? UNAVAILABLE : undefined;
  await assertRejects(() => setup.send(), ResponseError);
  changeByte(setup.path, 1);
  Deno.utimeSync(setup.path, 1, 1);

  setup.server.script = () => undefined;
  const since = setup.server.requests.length;
  assertEquals(await setup.send(), LARGE_BYTES);
  await setup.assertArrived();
  assertEquals(sorted(setup.sent(since)), ALL);
  assertEquals(setup.count("DELETE", since), 1);
  assertEquals([setup.files, setup.remembered], [ALL.length, 0]);
});

Deno.test("sendParts() starts anew when the server does not know the upload any more", async () => {
  await using setup = await Setup.open();
  setup.server.script = (request) =>
    isPart(9)(request) ? UNAVAILABLE : undefined;
  await assertRejects(() => setup.send(), ResponseError);
  const upload = setup.server.requests.find(isPart(1));
  const id = upload?.path.split("/").at(-1) ?? "";
  await setup.client.upload(`${NODE_OF_TEST}/${KEY}`, id).abort();
  assertEquals(setup.files, 0);

  setup.server.script = () => undefined;
  assertEquals(await setup.send(), LARGE_BYTES);
  await setup.assertArrived();
  assertEquals([setup.files, setup.remembered], [ALL.length, 0]);
});

Deno.test("sendParts() gives up at once what the server refuses, and leaves nothing there", async () => {
  await using setup = await Setup.open();
  setup.server.script = once(isPart(3), {
    kind: "answer",
    status: 413,
    body: "too large",
  });
  await assertRejects(() => setup.send(), ResponseError, "413");
  assertEquals(setup.sent().filter((n) => n === 3).length, 1);
  assertEquals([setup.count("DELETE"), setup.remembered], [1, 0]);
  // Parts that were on their way are thrown away when they have arrived.
  await until("nothing is left", () => setup.files === 0);
  assertEquals(setup.pauses, []);
});

Deno.test("sendParts() takes the object for complete when only the answer was lost", async () => {
  await using setup = await Setup.open();
  const lost: Fault = { kind: "reset", when: "after-handling" };
  setup.server.script = once(isComplete, lost);
  assertEquals(await setup.send(), LARGE_BYTES);
  await setup.assertArrived();
  assertEquals(sorted(setup.sent()), ALL);
  assertEquals([setup.files, setup.remembered], [ALL.length, 0]);
});

Deno.test("sendParts() sends nothing again when a completed upload's answer never came", async () => {
  await using setup = await Setup.open();
  // Nothing that follows the completion gets through: the process learns of it only in its next life.
  let isCompleted = false;
  setup.server.script = (request) => {
    if (isCompleted) return { kind: "reset", when: "before-body" };
    isCompleted = isComplete(request);
    return isCompleted ? { kind: "reset", when: "after-handling" } : undefined;
  };
  await assertRejects(() => setup.send(), ConnectionError);
  assertEquals(setup.remembered, 1);

  setup.server.script = () => undefined;
  const since = setup.server.requests.length;
  assertEquals(await setup.send(), 0);
  assertEquals(setup.sent(since), []);
  assertEquals([setup.files, setup.remembered], [ALL.length, 0]);
  await setup.assertArrived();
});

Deno.test("sendParts() ends at once when it is aborted, and goes on from there", async () => {
  await using setup = await Setup.open();
  setup.server.script = (request) =>
    request.method === "PUT" && Number(request.query.get("partNumber")) > 5
      ? { kind: "hang" }
      : undefined;
  const controller = new AbortController();
  const sending = setup.send(controller.signal);
  sending.catch(() => {});
  await until("five parts", () => setup.files === 5);
  const start = performance.now();
  controller.abort(new Error("enough"));
  await assertRejects(() => sending, Error, "enough");
  assertLess(performance.now() - start, 2000);
  assertEquals(setup.remembered, 1);

  await setup.server.down();
  await setup.server.up();
  setup.server.script = () => undefined;
  const since = setup.server.requests.length;
  await setup.send();
  await setup.assertArrived();
  assertEquals(sorted(setup.sent(since)), ALL.slice(5));
});

Deno.test("an AIStore that cannot list parts gets the whole file again after a failure", async () => {
  await using server = new StandIn();
  using dir = new RunDir();
  server.add(NODE_OF_TEST, "Run");
  writeLargeFile(`${dir.path}/${KEY}`);
  server.intercept = ({ query }) =>
    query.get("partNumber") === "2"
      ? new Response("no", { status: 500 })
      : undefined;
  const client = new AIStoreClient({ host: server.host, apiKey: API_KEY });
  const pauses: number[] = [];
  const send = () =>
    sendLarge(client, dir.path, {
      signal: new AbortController().signal,
      pauses,
    });
  await assertRejects(send, ResponseError, "500");
  assertEquals(pauses.length, REQUEST_TRIES - 1);
  assert(server.log.at(-1)?.startsWith("DELETE /apis/v1/objects/multipart/"));
  assert(![...walkSync(dir.parent)].some((e) => e.name === "multipart.json"));

  server.intercept = () => undefined;
  assertEquals(await send(), LARGE_BYTES);
  assertEquals(
    server.objects.get(`${NODE_OF_TEST}/${KEY}`),
    Deno.readFileSync(`${dir.path}/${KEY}`),
  );
  assert(!server.log.some((line) => /^GET .*multipart/.test(line)));
});

function uploadDirectory(setup: Setup): Promise<UploadReport> {
  return deliverOnce({
    dir: setup.dir.path,
    node: NODE,
    target: { host: setup.server.url, apiKey: setup.apiKey },
    intent: INTENT,
    timeoutMs: 60_000,
    reporter: new Told(),
  });
}

Deno.test("an upload after SIGKILL sends only the parts that are missing", async () => {
  await using setup = await Setup.open();
  setup.dir.write("metadata.yaml", "status: Complete\n");
  const { server } = setup;
  server.script = (request) =>
    request.method === "PUT" && Number(request.query.get("partNumber")) > 6
      ? { kind: "hang" }
      : undefined;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      CHILD,
      setup.dir.path,
      server.url,
      setup.apiKey,
    ],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const done = () =>
    server.requests.filter(({ method, status }) =>
      method === "PUT" && status === 200
    ).length;
  await until("six parts", () => done() === 6, 60_000);
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  assertEquals(setup.remembered, 1);

  await server.down();
  await server.up();
  server.script = () => undefined;
  const since = server.requests.length;
  const report = await uploadDirectory(setup);
  assertEquals(report.state, "complete");
  const restBytes = LARGE_BYTES - 60 * MIB;
  assertEquals(report.sentBytes, restBytes + "status: Complete\n".length);
  const bodies = server.requests.slice(since).reduce(
    (sum, { bodyBytes }) => sum + bodyBytes,
    0,
  );
  assertLess(bodies, restBytes + 10_000);
  assertEquals(sorted(setup.sent(since)), [7, 8, 9, 10, 11]);
  await setup.assertArrived(`${NODE_PATH}/${KEY}`);
  assertEquals((await uploadDirectory(setup)).sentBytes, 0);
  const noted = [...Deno.readDirSync(stateDir(setup.dir.path))];
  assertEquals(noted.some(({ name }) => name === "multipart.json"), false);
});

Deno.test("a large upload takes little memory on both sides", async () => {
  using dir = new RunDir();
  writeLargeFile(`${dir.path}/${KEY}`, 512 * MIB);
  await using server = await startChildServer(`${dir.parent}/server`);
  const before = server.peakMemoryBytes();
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      CHILD,
      dir.path,
      server.url,
      server.apiKey ?? "",
    ],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert(success);
  const result = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals([result.state, result.sentBytes], ["complete", 512 * MIB]);
  assertLess(result.grownBytes, 128 * MIB);
  assertLess(server.peakMemoryBytes() - before, 128 * MIB);
});
