import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import { Turn } from "../../../src/upload/notes/turn.ts";
import {
  checksumsOf,
  localChecksums,
  type ShakyServer,
  startShakyServer,
} from "../../support/shaky_server.ts";
import { INTENT, NODE, NODE_PATH, RunDir, Told } from "../support/support.ts";

const WAIT = { timeoutMs: 30_000 };

function options(dir: RunDir, server: ShakyServer) {
  return {
    dir: dir.path,
    node: NODE,
    target: { host: server.faulty.url, apiKey: server.apiKey },
    intent: INTENT,
    mode: "main",
    reporter: new Told(),
  } as const;
}

async function assertSame(server: ShakyServer, dir: RunDir): Promise<void> {
  assertEquals(
    await checksumsOf(server.client, NODE_PATH),
    localChecksums(dir.path),
  );
}

Deno.test("while somebody else delivers a directory it is pending, with the reason, and arrives afterwards", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({ "a.txt": "a" });
  const other = new Turn(dir.path);
  assertEquals(other.take(), "taken");
  const busy = await deliverOnce({ ...options(dir, server), timeoutMs: 400 });
  assertEquals([busy.state, busy.sentObjects], ["pending", 0]);
  assertStringIncludes(busy.pending[0]?.reason ?? "", "is at work on it");
  const waiting = deliverOnce({ ...options(dir, server), ...WAIT });
  other.give();
  assertEquals((await waiting).state, "complete");
  await assertSame(server, dir);
});

Deno.test("a delivery in the background and an explicit upload of the same directory take turns", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({
    "stdout.log": "start\n",
    "metadata.yaml": "a: 1\n",
  });
  const delivery = await startDelivery(options(dir, server));
  for (let i = 0; i < 10; i++) {
    dir.append("stdout.log", `line ${i}\n`.repeat(100));
    dir.replace("metadata.yaml", `a: ${i}\n`);
    const [flushed, uploaded] = await Promise.all([
      delivery.flush(WAIT),
      deliverOnce({ ...options(dir, server), ...WAIT }),
    ]);
    assertEquals([flushed.state, uploaded.state], ["complete", "complete"]);
  }
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  await assertSame(server, dir);
});

Deno.test("what another has sent in between is not sent again, nor overwritten by what was believed before", async () => {
  await using server = await startShakyServer();
  using dir = new RunDir({ "stdout.log": "line\n".repeat(10_000) });
  const delivery = await startDelivery(options(dir, server));
  await delivery.flush(WAIT);
  dir.append("stdout.log", "more\n".repeat(10_000));
  const other = await deliverOnce({ ...options(dir, server), ...WAIT });
  assertEquals(other.state, "complete");
  const before = server.faulty.bodyBytes;
  const report = await delivery.finish(WAIT);
  assertEquals(report.state, "complete");
  assert(server.faulty.bodyBytes - before < 1000);
  await assertSame(server, dir);
});

Deno.test("ten deliveries of one directory bring it there once, and whole", async () => {
  await using server = await startShakyServer();
  const files = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`f${i}.txt`, `${i}\n`.repeat(1000)]),
  );
  using dir = new RunDir(files);
  const reports = await Promise.all(
    Array.from(
      { length: 10 },
      () => deliverOnce({ ...options(dir, server), ...WAIT }),
    ),
  );
  for (const { state } of reports) assertEquals(state, "complete");
  assertEquals(
    reports.reduce((sum, { sentObjects }) => sum + sentObjects, 0),
    20,
  );
  await assertSame(server, dir);
});
