import { walkSync } from "@std/fs";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { ConnectionError, ResponseError } from "../../../src/errors.ts";
import { REQUEST_TRIES } from "../../../src/upload/gate/try_again.ts";
import { type Fault, once } from "../../support/faulty_server.ts";
import {
  changeByte,
  LARGE_BYTES,
  LARGE_PARTS,
  MIB,
  writeLargeFile,
} from "../support/large_file.ts";
import { inParts } from "../../support/naming_server.ts";
import { API_KEY, StandIn } from "../support/stand_in.ts";
import { RunDir, until } from "../support/support.ts";
import {
  ALL,
  isComplete,
  isPart,
  KEY,
  LargeSend,
  NODE_OF_TEST,
  sendLarge,
  sorted,
  UNAVAILABLE,
} from "../support/large_send.ts";

Deno.test("sendParts() goes on where a failing server ended it", async () => {
  await using setup = await LargeSend.open();
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
  await using setup = await LargeSend.open();
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
  await using setup = await LargeSend.open();
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
  await using setup = await LargeSend.open();
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

Deno.test("sendParts() takes the object for complete when only the answer was lost", async () => {
  await using setup = await LargeSend.open();
  const lost: Fault = { kind: "reset", when: "after-handling" };
  setup.server.script = once(isComplete, lost);
  assertEquals(await setup.send(), LARGE_BYTES);
  await setup.assertArrived();
  assertEquals(sorted(setup.sent()), ALL);
  assertEquals([setup.files, setup.remembered], [ALL.length, 0]);
});

Deno.test("sendParts() sends nothing again when a completed upload's answer never came", async () => {
  await using setup = await LargeSend.open();
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

Deno.test("sendParts() knows a completed upload also by the checksum of its parts, and no other content", async () => {
  for (const isSame of [true, false]) {
    await using setup = await LargeSend.open();
    const bytes = Deno.readFileSync(setup.path);
    if (!isSame) bytes.fill(1, -1);
    const object = {
      path: KEY,
      size_bytes: LARGE_BYTES,
      checksum: inParts(bytes, 10 * MIB),
    };
    const listing = JSON.stringify({
      pagination: { page: 1, size: 1000, total: 1 },
      data: [object],
    });
    const lose = once(isComplete, { kind: "reset", when: "after-handling" });
    setup.server.script = (request) =>
      request.path.endsWith("/ls")
        ? { kind: "answer", status: 200, body: listing }
        : lose(request);
    if (isSame) assertEquals(await setup.send(), LARGE_BYTES);
    else await assertRejects(() => setup.send(), ResponseError);
    assertEquals(sorted(setup.sent()), ALL);
  }
});

Deno.test("sendParts() ends at once when it is aborted, and goes on from there", async () => {
  await using setup = await LargeSend.open();
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
