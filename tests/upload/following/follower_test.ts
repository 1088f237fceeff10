import { assertEquals, assertStringIncludes } from "@std/assert";
import { DeliveryGate } from "../../../src/upload/gate/delivery_gate.ts";
import { Follower } from "../../../src/upload/following/follower.ts";
import { HostGate } from "../../../src/upload/gate/host_gate.ts";
import type { Target } from "../../../src/upload/types.ts";
import { RealServer } from "../support/real_server.ts";
import { StandIn } from "../support/stand_in.ts";
import {
  deliveryOptions,
  INTENT,
  NODE,
  NODE_PATH,
  RunDir,
  Told,
  until,
} from "../support/support.ts";

const WAIT = { timeoutMs: 20_000 };

function start(dir: RunDir, target: Target) {
  const reporter = new Told();
  const job = { dir: dir.path, node: NODE, target, intent: INTENT };
  const quick = () => new HostGate({ baseMs: 20, capMs: 100 });
  const follower = new Follower(job, {
    reporter,
    onPlaced: () => {},
    onSkipped: () => {},
    onRefused: () => {},
  }, {
    gate: new DeliveryGate({ host: quick(), key: quick(), node: quick() }),
  });
  follower.run();
  return { follower, reporter };
}

Deno.test("a node that is renamed on the server in mid-run is followed", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "a.txt": "a" });
  const { follower, reporter } = start(dir, server.target);
  const { node } = await follower.flush(WAIT);
  await server.client.updateNode(NODE_PATH, { name: "renamed" });
  dir.append("a.txt", "b");
  dir.write("c.txt", "c");
  const report = await follower.finish(WAIT);
  assertEquals([report.state, report.node?.path, report.node?.id], [
    "complete",
    "/demo/default/renamed",
    node?.id,
  ]);
  const objects = await server.objects("/demo/default/renamed");
  assertEquals(
    [...objects].map(([key, bytes]) =>
      `${key} ${new TextDecoder().decode(bytes)}`
    ),
    ["a.txt ab", "c.txt c"],
  );
  assertEquals(reporter.warnings.size, 0);
});

Deno.test("a node that is deleted on the server in mid-run is not made again, and that is said", async () => {
  await using server = await RealServer.start();
  using dir = new RunDir({ "a.txt": "a" });
  const { follower, reporter } = start(dir, server.target);
  await follower.flush(WAIT);
  await server.client.deleteNode(NODE_PATH);
  dir.append("a.txt", "b");
  const report = await follower.finish(WAIT);
  assertEquals(report.state, "refused");
  assertStringIncludes(report.error?.message ?? "", "is no longer on");
  assertEquals(reporter.warnings.size, 1);
  assertEquals(
    await Array.fromAsync(server.client.listNodes("/demo/default")),
    [],
  );
});

Deno.test("a key that works again is noticed although nobody waits", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "a.txt": "a" });
  const { target } = deliveryOptions(dir, server);
  const { follower, reporter } = start(dir, target);
  await follower.flush(WAIT);
  let refusals = 0;
  server.intercept = () => {
    refusals++;
    return new Response("Unauthorized", { status: 401 });
  };
  dir.append("a.txt", "b");
  await until("some refusals", () => refusals >= 3);
  server.intercept = () => undefined;
  await until("it arrives", () => server.text(`${NODE_PATH}/a.txt`) === "ab");
  await until("that is said", () => reporter.infos.length === 1);
  await follower.close();
  assertEquals(reporter.warnings.size, 1);
});

Deno.test("a key that is refused when the server has come back after an outage pauses, rather than ends", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "a.txt": "a" });
  const { target } = deliveryOptions(dir, server);
  let failures = 0;
  server.intercept = () => {
    failures++;
    return failures < 3
      ? new Response("down", { status: 503 })
      : new Response("Unauthorized", { status: 401 });
  };
  const { follower } = start(dir, target);
  await until("refusals", () => failures >= 6);
  server.intercept = () => undefined;
  assertEquals((await follower.finish(WAIT)).state, "complete");
});
