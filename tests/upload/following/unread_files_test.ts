import { assert, assertEquals } from "@std/assert";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import { RealServer } from "../support/real_server.ts";
import { INTENT, NODE, RunDir, Told } from "../support/support.ts";

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

// What this process reads is counted, so nothing else may run in it: see processTests in tests/run.ts.
Deno.test("a large file that has not changed is not read again, by this process nor by a later one", async () => {
  await using server = await RealServer.start();
  const size = 5_000_000;
  using dir = new RunDir({ "checkpoint.bin": "a".repeat(size) });
  const path = `${dir.path}/checkpoint.bin`;
  const mtime = new Date(Date.now() - 60_000);
  Deno.utimeSync(path, mtime, mtime);
  const first = await deliverOnce({ ...options(dir, server), ...WAIT });
  assertEquals([first.state, first.sentBytes], ["complete", size]);
  const readBytes = () => {
    const io = Deno.readTextFileSync("/proc/self/io");
    return Number(/rchar: (\d+)/.exec(io)?.[1]);
  };
  const before = readBytes();
  for (let i = 0; i < 3; i++) {
    const later = await deliverOnce({ ...options(dir, server), ...WAIT });
    assertEquals([later.state, later.sentBytes], ["complete", 0]);
  }
  const delivery = await startDelivery(options(dir, server));
  await delivery.flush(WAIT);
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  assert(readBytes() - before < size, `${readBytes() - before} bytes read`);
  // What was noted holds for that version only.
  dir.write("checkpoint.bin", "b".repeat(size));
  const changed = await deliverOnce({ ...options(dir, server), ...WAIT });
  assertEquals([changed.state, changed.sentBytes], ["complete", size]);
});
