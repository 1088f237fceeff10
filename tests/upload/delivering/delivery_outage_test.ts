import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { deadline } from "@std/async";
import { AuthenticationError } from "../../../src/errors.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import { API_KEY, StandIn } from "../support/stand_in.ts";
import { deliveryOptions, RunDir, until } from "../support/support.ts";
import {
  assertDelivered,
  FILES,
  isObjectPut,
  MODES,
  WAIT,
} from "../support/delivered.ts";

Deno.test("an outage in mid-run costs one warning, and everything arrives after it", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    const options = deliveryOptions(dir, server, { mode });
    const delivery = await startDelivery(options);
    await until("the first objects", () => server.objects.size >= 5);
    await server.down();
    dir.append("metrics/train.yaml", "- 2\n");
    await until(
      "the trouble is noticed",
      () => options.reporter.warnings.size > 0,
    );
    const pending = await delivery.flush({ timeoutMs: 100 });
    assertEquals(pending.state, "pending");
    assertEquals(pending.pending.map(({ path }) => path), [
      "metrics/train.yaml",
    ]);
    server.up();
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "complete", JSON.stringify(report));
    assertDelivered(server, dir, Object.keys(FILES));
    const warnings = [...options.reporter.warnings.values()];
    assertEquals(warnings.length, 1, warnings.join("\n"));
    assertStringIncludes(warnings[0] ?? "", "nothing is lost");
  }
});

Deno.test("a server that is down at the start is waited for", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    await server.down();
    const delivery = await startDelivery(
      deliveryOptions(dir, server, { mode }),
    );
    const early = await delivery.flush({ timeoutMs: 300 });
    assertEquals(early.state, "pending");
    assertEquals(early.pending.length, 5);
    assertEquals(early.error?.code, "connection");
    server.up();
    await delivery.placement;
    assertEquals((await delivery.finish(WAIT)).state, "complete");
    assertDelivered(server, dir, Object.keys(FILES));
  }
});

Deno.test("every failing request is made again until it succeeds", async () => {
  for (const failure of [500, 503, 429, 408]) {
    await using server = new StandIn();
    using dir = new RunDir({
      "metadata.yaml": "status: Running",
      "a.txt": "a",
    });
    const seen = new Map<string, number>();
    server.intercept = ({ method, path, query }) => {
      const call = `${method} ${path} ${query}`;
      seen.set(call, (seen.get(call) ?? 0) + 1);
      return seen.get(call) === 1
        ? new Response("later", { status: failure })
        : undefined;
    };
    const delivery = await startDelivery(deliveryOptions(dir, server));
    const report = await delivery.finish({ timeoutMs: 60_000 });
    assertEquals(
      report.state,
      "complete",
      `${failure} ${JSON.stringify(report)}`,
    );
    assertDelivered(server, dir, ["metadata.yaml", "a.txt"]);
  }
});

Deno.test("a dead server gets one request at a time, not one for each file", async () => {
  await using server = new StandIn();
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`f${i}`, `${i}`]),
  );
  using dir = new RunDir(files);
  let open = 0;
  let most = 0;
  let failures = 0;
  server.intercept = async (call) => {
    if (!isObjectPut(call) || failures >= 7) return undefined;
    open++;
    most = failures >= 4 ? Math.max(most, open) : most;
    await call.request.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 5));
    open--;
    failures++;
    return new Response("down", { status: 503 });
  };
  const delivery = await startDelivery(deliveryOptions(dir, server));
  const report = await delivery.finish({ timeoutMs: 60_000 });
  assertEquals(report.state, "complete");
  assertEquals(most, 1);
});

Deno.test("Retry-After is kept, also when somebody waits", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "a.txt": "a" });
  let refusedAt = 0;
  let servedAt = 0;
  server.intercept = (call) => {
    if (!isObjectPut(call)) return undefined;
    if (refusedAt === 0) {
      refusedAt = performance.now();
      return new Response("busy", {
        status: 429,
        headers: { "retry-after": "1" },
      });
    }
    servedAt ||= performance.now();
    return undefined;
  };
  const delivery = await startDelivery(deliveryOptions(dir, server));
  await until("the refusal", () => refusedAt > 0);
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  assert(servedAt - refusedAt >= 990, `${servedAt - refusedAt}`);
});

Deno.test("a refused object is reported once, the others arrive", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    let attempts = 0;
    server.intercept = ({ query }) => {
      if (!query.get("path")?.endsWith("train.yaml")) return undefined;
      attempts++;
      return new Response("too large", { status: 413 });
    };
    const options = deliveryOptions(dir, server, { mode });
    const delivery = await startDelivery(options);
    await delivery.flush(WAIT);
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "refused");
    assertEquals(report.pending, []);
    assertEquals(report.refused.map(({ path }) => path), [
      "metrics/train.yaml",
    ]);
    assertStringIncludes(report.refused[0]?.reason ?? "", "413");
    assertEquals(attempts, 1);
    assertEquals(options.reporter.warnings.size, 1);
    const { "metrics/train.yaml": _, ...rest } = FILES;
    assertDelivered(server, dir, Object.keys(rest));
  }
});

Deno.test("a key that stops working in mid-run pauses the delivery with one warning, which goes on when it works again", async () => {
  const refusals = [
    [
      "it is permitted",
      () => new Response("permission denied", { status: 403 }),
    ],
    ["the key works", () => new Response("Unauthorized", { status: 401 })],
    [
      "the key works",
      () => new Response(`api key ${API_KEY} not found\n`, { status: 400 }),
    ],
  ] as const;
  for (const [hope, refusal] of refusals) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    const options = deliveryOptions(dir, server);
    const delivery = await startDelivery(options);
    await delivery.flush(WAIT);
    let asked = 0;
    server.intercept = () => {
      asked++;
      return refusal();
    };
    for (const key of Object.keys(FILES)) dir.append(key, "x: 1\n");
    const paused = await delivery.flush({ timeoutMs: 1500 });
    assertEquals([paused.state, paused.refused], ["pending", []]);
    assertInstanceOf(paused.error, AuthenticationError);
    assert(asked > 0 && asked < 20, `${asked} requests`);
    const warnings = [...options.reporter.warnings.values()];
    assertEquals(warnings.length, 1, warnings.join("\n"));
    assertStringIncludes(warnings[0] ?? "", `when ${hope} again`);
    server.intercept = () => undefined;
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "complete", JSON.stringify(report));
    assertDelivered(server, dir, Object.keys(FILES));
    assertEquals(options.reporter.warnings.size, 1);
  }
});

Deno.test("while one delivery waits for its key to work again, another one with it is refused at once", async () => {
  await using server = new StandIn();
  using first = new RunDir(FILES);
  using second = new RunDir(FILES);
  const waiting = await startDelivery(deliveryOptions(first, server));
  await waiting.flush(WAIT);
  server.intercept = () => new Response("Unauthorized", { status: 401 });
  first.append("metadata.yaml", "x: 1\n");
  const { error } = await waiting.flush({ timeoutMs: 1500 });
  assertInstanceOf(error, AuthenticationError);
  const refused = await startDelivery(deliveryOptions(second, server));
  await deadline(
    assertRejects(() => refused.placement, AuthenticationError),
    WAIT.timeoutMs,
  );
  server.intercept = () => undefined;
  assertEquals((await waiting.finish(WAIT)).state, "complete");
  refused.close();
});
