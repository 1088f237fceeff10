import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  AuthenticationError,
  type EmError,
  FolderNotFoundError,
  NodeExistsError,
} from "../../../src/errors.ts";
import { startDelivery } from "../../../src/upload/delivering/delivery.ts";
import type {
  DeliveryOptions,
  UploadReport,
} from "../../../src/upload/types.ts";
import { API_KEY, type SeenCall, StandIn } from "../support/stand_in.ts";
import {
  deliveryOptions,
  INTENT,
  NODE_PATH,
  RunDir,
  until,
} from "../support/support.ts";

const FILES = {
  "metadata.yaml": "status: Running\n",
  "index.yaml": "metrics: {}\n",
  "metrics/train.yaml": "- 1\n",
  "models/中 文/w&+%.bin": "weights",
  "empty.log": "",
};
const MODES = ["main", "worker"] as const;
const WAIT = { timeoutMs: 10_000 };

/** Asserts that the server holds exactly what the directory holds. */
function assertDelivered(
  server: StandIn,
  dir: RunDir,
  keys: Iterable<string>,
): void {
  for (const key of keys) {
    assertEquals(
      server.text(`${NODE_PATH}/${key}`),
      Deno.readTextFileSync(`${dir.path}/${key}`),
      key,
    );
  }
}

function isObjectPut({ method, path }: SeenCall): boolean {
  return method === "POST" && path === "/apis/v1/objects";
}

Deno.test("finish() brings every file to the server, metadata.yaml last", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    const delivery = await startDelivery(
      deliveryOptions(dir, server, { mode }),
    );
    const report = await delivery.finish(WAIT);
    assertEquals(report.state, "complete", mode);
    assertEquals(report.pending, []);
    assertEquals(report.sentObjects, 5);
    assertEquals(report.sentBytes, server.receivedBytes);
    assertEquals(report.requests, server.log.length);
    assertDelivered(server, dir, Object.keys(FILES));
    assertEquals(
      server.log.at(-1),
      `POST /apis/v1/objects ${NODE_PATH}/metadata.yaml`,
    );
    const { node } = report;
    assertEquals(node?.path, NODE_PATH);
    assertEquals(
      report.webUrl,
      `${
        server.host.replace("/aistore/server", "")
      }/em/web/#/folders/${node?.id}/`,
    );
  }
});

Deno.test("metadata.yaml goes when everything else has arrived, at a flush as at the end", async () => {
  await using server = new StandIn();
  using dir = new RunDir(FILES);
  const missing: number[] = [];
  server.intercept = async (call) => {
    if (!isObjectPut(call)) return undefined;
    if (call.query.get("path")?.endsWith("/metadata.yaml")) {
      missing.push(Object.keys(FILES).length - 1 - server.objects.size);
    } else if (call.query.get("path")?.endsWith("/train.yaml")) {
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return undefined;
  };
  const delivery = await startDelivery(deliveryOptions(dir, server));
  assertEquals((await delivery.flush(WAIT)).state, "complete");
  assertEquals(missing, [0]);
  await delivery.finish(WAIT);
});

Deno.test("what changes while the last file is being sent is delivered too", async () => {
  await using server = new StandIn();
  using dir = new RunDir(FILES);
  for (const key of Object.keys(FILES)) {
    Deno.utimeSync(`${dir.path}/${key}`, 1, 1);
  }
  let puts = 0;
  server.intercept = (call) => {
    if (call.query.get("path")?.endsWith("/metadata.yaml") && puts++ === 0) {
      dir.append("metrics/train.yaml", "- 2\n");
    }
    return undefined;
  };
  const delivery = await startDelivery(deliveryOptions(dir, server));
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  assertDelivered(server, dir, Object.keys(FILES));
});

Deno.test("placement and onPlaced tell where the directory goes", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    const seen: string[] = [];
    const delivery = await startDelivery(
      deliveryOptions(dir, server, {
        mode,
        onPlaced: (node) => seen.push(node.path),
      }),
    );
    const placement = await delivery.placement;
    assertEquals(
      placement.state === "placed" && placement.node.path,
      NODE_PATH,
    );
    assertEquals(seen, [NODE_PATH]);
    await delivery.finish(WAIT);
  }
});

Deno.test("placement rejects on a definite refusal, as an error of its class", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    server.add("/demo/default", "Folder");
    server.add(NODE_PATH, "Folder");
    const { target } = deliveryOptions(dir, server);
    const table: [
      Partial<DeliveryOptions>,
      new (...args: never[]) => EmError,
    ][] = [
      [{ intent: { ...INTENT, folder: "missing" } }, FolderNotFoundError],
      [{ intent: { ...INTENT, conflictStrategy: "error" } }, NodeExistsError],
      [
        { target: { ...target, apiKey: API_KEY.replace("e", "f") } },
        AuthenticationError,
      ],
    ];
    for (const [more, wanted] of table) {
      const options = deliveryOptions(dir, server, { mode, ...more });
      const delivery = await startDelivery(options);
      assertInstanceOf(await assertRejects(() => delivery.placement), wanted);
      const report = await delivery.finish(WAIT);
      assertEquals(report.state, "refused");
      assertInstanceOf(report.error, wanted);
    }
  }
});

Deno.test("a refused placement that nobody looks at is no unhandled rejection", async () => {
  await using server = new StandIn();
  using dir = new RunDir(FILES);
  const intent = { ...INTENT, folder: "missing" };
  const delivery = await startDelivery(
    deliveryOptions(dir, server, { intent }),
  );
  assertEquals((await delivery.finish(WAIT)).state, "refused");
});

Deno.test("strategy skip delivers nothing and says so", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    server.add("/demo/default", "Folder");
    server.add(NODE_PATH, "Run");
    const intent = { ...INTENT, conflictStrategy: "skip" } as const;
    const delivery = await startDelivery(
      deliveryOptions(dir, server, { mode, intent }),
    );
    assertEquals(await delivery.placement, {
      state: "skipped",
      path: NODE_PATH,
    });
    assertEquals((await delivery.finish(WAIT)).state, "skipped");
    assertEquals(server.objects.size, 0);
  }
});

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

Deno.test("flush() covers what was there, and the delivery goes on", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    const delivery = await startDelivery(
      deliveryOptions(dir, server, { mode }),
    );
    assertEquals((await delivery.flush(WAIT)).state, "complete");
    assertDelivered(server, dir, Object.keys(FILES));
    const sent = server.receivedBytes;
    assertEquals((await delivery.flush(WAIT)).state, "complete");
    assertEquals(
      server.receivedBytes,
      sent,
      "nothing changed, nothing is sent",
    );
    dir.append("metrics/train.yaml", "- 2\n");
    assertEquals((await delivery.flush(WAIT)).state, "complete");
    assertDelivered(server, dir, ["metrics/train.yaml"]);
    await delivery.finish(WAIT);
  }
});

Deno.test("flush() ends while a file grows all the time", async () => {
  await using server = new StandIn();
  using dir = new RunDir({ "stdout.log": "start\n" });
  const timer = setInterval(() => dir.append("stdout.log", "more\n"), 2);
  const delivery = await startDelivery(deliveryOptions(dir, server));
  try {
    const before = Deno.statSync(`${dir.path}/stdout.log`).size;
    const report = await delivery.flush(WAIT);
    assert(report.state !== "refused");
    assert((server.text(`${NODE_PATH}/stdout.log`)?.length ?? 0) >= before);
  } finally {
    clearInterval(timer);
  }
  assertEquals((await delivery.finish(WAIT)).state, "complete");
  assertDelivered(server, dir, ["stdout.log"]);
});

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

Deno.test("close() ends everything at once, for those who wait too", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    let stuck = 0;
    const { promise: released, resolve: release } = Promise.withResolvers<
      void
    >();
    server.intercept = async (call) => {
      if (!isObjectPut(call)) return undefined;
      stuck++;
      await released;
      return new Response(null, { status: 503 });
    };
    const delivery = await startDelivery(
      deliveryOptions(dir, server, { mode }),
    );
    const waiting = delivery.flush({ timeoutMs: 60_000 });
    await until("requests under way", () => stuck > 0);
    delivery.close();
    assertEquals((await waiting).state, "pending");
    assertEquals((await delivery.finish(WAIT)).state, "pending");
    release();
  }
});

Deno.test("finish() is over when its time is, and its signal ends it early", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    server.intercept = () => new Response("down", { status: 503 });
    const finish = async (
      timeoutMs: number,
      signal?: AbortSignal,
    ): Promise<UploadReport> => {
      const delivery = await startDelivery(
        deliveryOptions(dir, server, { mode }),
      );
      return await delivery.finish({ timeoutMs, signal });
    };
    const start = performance.now();
    assertEquals((await finish(200)).state, "pending");
    const controller = new AbortController();
    const aborted = finish(60_000, controller.signal);
    setTimeout(() => controller.abort(), 50);
    assertEquals((await aborted).state, "pending");
    assert(performance.now() - start < 5000);
  }
});

Deno.test("the API key is in no report, error, warning or note", async () => {
  for (const mode of MODES) {
    await using server = new StandIn();
    using dir = new RunDir(FILES);
    server.intercept = ({ request }) =>
      new Response(`${request.url} is wrong`, { status: 503 });
    const options = deliveryOptions(dir, server, { mode });
    const delivery = await startDelivery(options);
    await until("a warning", () => options.reporter.warnings.size > 0);
    const report = await delivery.finish({ timeoutMs: 100 });
    const said = Deno.inspect([report, report.error?.stack, options.reporter], {
      depth: 20,
    });
    assert(!said.includes(API_KEY), said);
    for (
      const entry of Deno.readDirSync(
        `${dir.parent}/.state/cnn_261123_082547_iz4yni`,
      )
    ) {
      const note = Deno.readTextFileSync(
        `${dir.parent}/.state/cnn_261123_082547_iz4yni/${entry.name}`,
      );
      assert(!note.includes(API_KEY));
    }
  }
});
