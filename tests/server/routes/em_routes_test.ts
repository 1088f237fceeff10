import { assert, assertEquals } from "@std/assert";
import { MAX_STREAMS } from "../../../src/server/metrics/limits.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { openFixture } from "../support/fixture.ts";
import { emServer, metricsText } from "../metrics/support.ts";

Deno.test("questions that make no sense are refused, and say why", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  await server.make("/demo/r");
  const cases: readonly (readonly [string, Record<string, string>, number])[] =
    [
      ["/series", {}, 400],
      ["/series", { node: "/demo/nowhere" }, 404],
      ["/points", { node: "/demo/r" }, 400],
      ["/points", { node: "/demo/r", metric: "loss" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", buckets: "0" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", buckets: "99999" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", from: "x" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", x: "y" }, 400],
      ["/rows", {}, 400],
      ["/rows", { folder: "/demo", size: "9999" }, 400],
      ["/points", { node: "/demo", metric: "train/x", buckets: "10001" }, 400],
      ["/rows", { folder: "/demo", recursive: "maybe" }, 400],
      ["/documents", { node: "/demo" }, 400],
      ["/events", {}, 400],
    ];
  for (const [path, query, status] of cases) {
    const response = await server.call(`GET /em/v1${path}`, { query });
    const text = await response.text();
    assertEquals(response.status, status, `${path} ${text}`);
    assert(text !== "", path);
  }
});

Deno.test("of more streams of events than there may be the last is refused, until one ends", async () => {
  using fixture = openFixture();
  const open = () =>
    fixture.call("GET /em/v1/events", { query: { node: "/demo" } });
  const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, open));
  const refused = await open();
  assertEquals(
    [refused.status, refused.headers.get("retry-after"), await refused.text()],
    [503, "5", "too many streams of events are open"],
  );
  const { hub } = fixture.store.metrics;
  await streams.pop()?.body?.cancel();
  await waitFor("the end", () => hub.subscribers < MAX_STREAMS || undefined);
  const again = await open();
  assertEquals(again.status, 200);
  for (const { body } of [...streams, again]) await body?.cancel();
  await waitFor("all ends", () => hub.subscribers === 0 || undefined);
});

Deno.test("other users see nothing of runs that are not shared with them", async () => {
  using fixture = openFixture();
  const folder = await fixture.make("/demo/f", "Folder");
  const run = await fixture.make("/demo/f/r", "Run");
  await fixture.put(
    "/demo/f/r/metrics/train.yaml",
    metricsText([{ values: { loss: 1 }, step: 1 }]),
  );
  await fixture.put("/demo/f/r/hyperparameters.yaml", "lr: 1\n");
  await fixture.store.metrics.idle();
  const questions = [
    `/em/v1/series?node=${run}`,
    `/em/v1/points?node=${run}&metric=train/loss`,
    `/em/v1/rows?folder=${folder}`,
    `/em/v1/columns?folder=${folder}`,
    `/em/v1/documents?node=${run}`,
    `/em/v1/export.csv?node=${run}&metric=train/loss`,
    `/em/v1/events?node=${folder}`,
  ];
  for (const question of questions) {
    assertEquals(
      (await fixture.call(`GET ${question}`, { user: "eve" })).status,
      404,
      question,
    );
    assertEquals(
      (await fixture.call(`GET ${question}`, { user: null })).status,
      401,
      question,
    );
  }
  const rows = await fixture.json(`GET /em/v1/rows?node=${run}`, {
    user: "eve",
  });
  assertEquals(rows.data, []);
  const columns = await fixture.json(`GET /em/v1/columns?node=${run}`, {
    user: "eve",
  });
  assertEquals([columns.runs, columns.hparams], [0, []]);
  const own = await fixture.json(
    `GET /em/v1/columns?folder=/eve&recursive=true`,
    { user: "eve" },
  );
  assertEquals([own.runs, own.hparams, own.metrics], [0, [], []]);
  fixture.store.shares.add(
    fixture.store.nodes.byId(folder) ?? (() => {
      throw new Error("no folder");
    })(),
    [{ user: "eve", permission: "view" }],
  );
  const shared = await fixture.json(
    `GET /em/v1/rows?folder=${folder}&column=lr`,
    { user: "eve" },
  );
  assertEquals(shared.data[0].values, [1]);
  assertEquals(shared.data[0].node.permission, "view");
});
