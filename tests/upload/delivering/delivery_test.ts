import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
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
import { API_KEY, StandIn } from "../support/stand_in.ts";
import {
  deliveryOptions,
  INTENT,
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
