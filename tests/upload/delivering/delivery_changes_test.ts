import { assert, assertEquals } from "@std/assert";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import { StandIn } from "../support/stand_in.ts";
import {
  deliveryOptions,
  NODE_PATH,
  RunDir,
  until,
} from "../support/support.ts";
import {
  assertDelivered,
  FILES,
  isObjectPut,
  MODES,
  WAIT,
} from "../support/delivered.ts";

Deno.test("files that appear, grow, are replaced and vanish during the delivery end up as they are", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    const delivery = await startDelivery(
      deliveryOptions(dir, server, { mode }),
    );
    await until("the first objects", () => server.objects.size >= 4);
    dir.append("metrics/train.yaml", "- 2\n");
    dir.replace("metadata.yaml", "status: Complete\n");
    dir.replace("index.yaml", "metrics: [ ]");
    dir.write("checkpoints/epoch-1/weights.bin", "new");
    Deno.removeSync(`${dir.path}/empty.log`);
    await until(
      "what changed arrives without being asked for",
      () =>
        server.text(`${NODE_PATH}/checkpoints/epoch-1/weights.bin`) === "new" &&
        server.text(`${NODE_PATH}/metrics/train.yaml`) === "- 1\n- 2\n" &&
        server.text(`${NODE_PATH}/metadata.yaml`) === "status: Complete\n",
    );
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "complete", JSON.stringify(report));
    const { "empty.log": _, ...rest } = FILES;
    assertDelivered(server, dir, [
      ...Object.keys(rest),
      "checkpoints/epoch-1/weights.bin",
    ]);
  }
});

Deno.test("a change of the same size right after a sending is not missed", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "note.txt": "0000" });
  const delivery = await startDelivery(deliveryOptions(dir, server));
  for (let i = 1; i <= 30; i++) {
    const text = `${i}`.padStart(4, "0");
    // In place, so that size and inode stay: only the time can tell.
    Deno.writeTextFileSync(`${dir.path}/note.txt`, text);
    const report = await delivery.flush(WAIT);
    Deno.writeTextFileSync(
      `${dir.path}/note.txt`,
      text.replace(/^0/, "x"),
    );
    assertEquals(
      report.state === "complete" || report.pending.length === 1,
      true,
      JSON.stringify(report),
    );
  }
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  assertEquals(server.text(`${NODE_PATH}/note.txt`), "x030");
});

Deno.test("a large file that changes while it is being sent ends up byte-identical", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "big.bin": "a".repeat(10_000_000) });
  let puts = 0;
  server.intercept = (call) => {
    if (isObjectPut(call) && puts++ === 0) {
      // In place and of the same size: what is being sent is half old, half new.
      using file = Deno.openSync(`${dir.path}/big.bin`, { write: true });
      file.writeSync(new TextEncoder().encode("b".repeat(1_000_000)));
      file.seekSync(-1_000_000, Deno.SeekMode.End);
      file.writeSync(new TextEncoder().encode("c".repeat(1_000_000)));
    }
    return undefined;
  };
  const delivery = await startDelivery(deliveryOptions(dir, server));
  const report = await delivery.finish({ timeoutMs: 30_000 });
  assertEquals(report.state, "complete", JSON.stringify(report));
  assert(puts >= 1);
  assert(
    server.text(`${NODE_PATH}/big.bin`) ===
      Deno.readTextFileSync(`${dir.path}/big.bin`),
  );
});

Deno.test("a large file that is shortened while it is being sent ends up byte-identical", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "big.bin": "a".repeat(20_000_000) });
  let puts = 0;
  server.intercept = (call) => {
    if (isObjectPut(call) && puts++ === 0) {
      Deno.truncateSync(`${dir.path}/big.bin`, 3_000_000);
    }
    return undefined;
  };
  const delivery = await startDelivery(deliveryOptions(dir, server));
  const report = await delivery.finish({ timeoutMs: 30_000 });
  assertEquals(report.state, "complete", JSON.stringify(report));
  assertEquals(server.objects.get(`${NODE_PATH}/big.bin`)?.length, 3_000_000);
});
