import { assert, assertEquals } from "@std/assert";
import { parseMetrics } from "../../../src/format/metric_reader.ts";
import { tempDir } from "../../support/temp_dir.ts";
import {
  type EmServer,
  emServer,
  metadataText,
  metricsText,
} from "./support.ts";

const encoder = new TextEncoder();

const records = Array.from({ length: 5 }, (_, index) => ({
  values: index % 2 === 0
    ? { loss: 1 / (index + 1), "acc uracy": index }
    : { loss: index === 1 ? NaN : -Infinity },
  step: index,
  epoch: index >> 1,
}));

async function series(server: EmServer, node: string) {
  const { runs } = await server.json("GET /em/v1/series", { query: { node } });
  return runs[0];
}

async function loss(server: EmServer, node: string, after?: string) {
  const { series } = await server.json("GET /em/v1/points", {
    query: { node, metric: "train/loss", ...(after && { after }) },
  });
  return series[0];
}

Deno.test("a metrics file that arrives is there as series, with its damage told", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  const text = `${metricsText(records.slice(0, 2))}- value: [broken\n${
    metricsText(records.slice(2))
  }- value:\n    loss: 1`;
  await server.put("/demo/r/metrics/train.yaml", text);
  const { types, series: list, version } = await server.until(
    () => series(server, node),
    (run) => run.types[0]?.records === 5 && run.types[0].isTorn !== undefined,
  );
  assert(version > 0);
  const { problem } = parseMetrics(encoder.encode(text));
  assertEquals(types[0].problem, {
    line: problem?.line,
    message: problem?.message,
  });
  assertEquals(types[0].type, "train");
  assert(types[0].indexedBytes < types[0].bytes);
  assertEquals(
    list.map(({ name, count, nan, negInf }: Record<string, unknown>) => [
      name,
      count,
      nan,
      negInf,
    ]),
    [["loss", 5, 1, 1], ["acc uracy", 3, 0, 0]],
  );
  assertEquals(list[0].first.value, 1);
  assertEquals(list[0].min, {
    step: 4,
    epoch: 2,
    time: list[0].last.time,
    value: 0.2,
  });
  const { raw } = await loss(server, node);
  assertEquals(raw.y, [1, "NaN", 1 / 3, "-Infinity", 0.2]);
  assertEquals(raw.x, [0, 1, 2, 3, 4]);
});

Deno.test("a metrics file that is cut off at any byte shows its whole records, and the rest when it comes", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const bytes = encoder.encode(metricsText(records));
  const cuts = Array.from({ length: bytes.length - 1 }, (_, cut) => cut + 1);
  const nodes: string[] = [];
  for (const cut of cuts) {
    nodes.push(await server.make(`/demo/r${cut}`));
    const path = `/demo/r${cut}/metrics/train.yaml`;
    await server.put(path, bytes.slice(0, cut));
  }
  for (const [index, cut] of cuts.entries()) {
    const node = nodes[index] ?? "";
    const { count, goodBytes } = parseMetrics(bytes.subarray(0, cut));
    const run = await server.until(
      () => series(server, node),
      (run) => run.types[0]?.indexedBytes === goodBytes,
    );
    assertEquals(run.types[0].records, count, `cut at ${cut}`);
    assertEquals(run.types[0].isTorn, goodBytes < cut, `cut at ${cut}`);
    assertEquals(run.types[0].problem, null, `cut at ${cut}`);
    assertEquals(run.series[0]?.count ?? 0, count, `cut at ${cut}`);
  }
  for (const cut of cuts) {
    const path = `/demo/r${cut}/metrics/train.yaml`;
    if (cut % 2 === 0) await server.append(path, cut, bytes.slice(cut));
    else await server.put(path, bytes);
  }
  for (const [index, cut] of cuts.entries()) {
    const node = nodes[index] ?? "";
    await server.until(
      () => series(server, node),
      (run) => run.types[0]?.indexedBytes === bytes.length,
    );
    const { raw } = await loss(server, node);
    assertEquals(
      raw.y,
      [1, "NaN", 1 / 3, "-Infinity", 0.2],
      `cut at ${cut}`,
    );
  }
});

Deno.test("what is appended, or sent again with the same beginning, is told as later points only", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  const path = "/demo/r/metrics/train.yaml";
  const text = metricsText(records);
  const two = metricsText(records.slice(0, 2));
  await server.put(path, two);
  const first = await server.until(
    () => loss(server, node),
    ({ count }) => count === 2,
  );
  await server.append(path, two.length, text.slice(two.length));
  const second = await server.until(
    () => loss(server, node, first.cursor),
    ({ count }) => count === 5,
  );
  assertEquals(second.reset, false);
  assertEquals(second.raw.index, [2, 3, 4]);
  assertEquals(second.raw.y, [1 / 3, "-Infinity", 0.2]);
  const more = text + metricsText([{ values: { loss: 7 }, step: 9 }]);
  await server.put(path, more);
  const third = await server.until(
    () => loss(server, node, second.cursor),
    ({ count }) => count === 6,
  );
  assertEquals(third.reset, false);
  assertEquals(third.raw.y, [7]);
  // Another beginning: everything is new.
  await server.put(path, metricsText([{ values: { loss: 5 }, step: 1 }]));
  const fourth = await server.until(
    () => loss(server, node, third.cursor),
    ({ count }) => count === 1,
  );
  assertEquals(fourth.reset, true);
  assertEquals(fourth.raw, { index: [0], x: [1], y: [5] });
  // So it is with one that is longer.
  const others = [8, 6, 4].map((loss, step) => ({ values: { loss }, step }));
  await server.put(path, metricsText(others));
  const fifth = await server.until(
    () => loss(server, node, fourth.cursor),
    ({ count }) => count > 1,
  );
  assertEquals(fifth.reset, true);
  assertEquals(fifth.raw.y, [8, 6, 4]);
  await server.json("DELETE /apis/v1/objects", { query: { path } });
  await server.until(() => series(server, node), ({ types }) => !types.length);
  assertEquals((await loss(server, node)).count, 0);
});

Deno.test("what arrived while the index was away is caught up, and what went is forgotten", async () => {
  using dir = tempDir();
  let apiKey = "";
  let node = "";
  let gone = "";
  {
    await using server = await emServer(dir.path);
    apiKey = server.apiKey;
    node = await server.make("/demo/r");
    gone = await server.make("/demo/gone");
    for (const name of ["r", "gone"]) {
      await server.put(
        `/demo/${name}/metadata.yaml`,
        metadataText(name, "Running"),
      );
      await server.put(
        `/demo/${name}/metrics/train.yaml`,
        metricsText(records),
      );
    }
    await server.until(
      () => series(server, gone),
      ({ types }) => types[0]?.records === 5,
    );
    // These may be cut off by the end of the server.
    await server.put("/demo/r/metrics/val.yaml", metricsText(records));
    await server.put("/demo/r/hyperparameters.yaml", "lr: 0.1\n");
    await server.json("DELETE /apis/v1/nodes", { json: { node: gone } });
  }
  for (const damage of ["none", "missing", "garbage"]) {
    const path = `${dir.path}/data/metrics.db`;
    if (damage === "missing") Deno.removeSync(path);
    if (damage === "garbage") {
      Deno.writeTextFileSync(path, "garbage".repeat(999));
    }
    await using server = await emServer(dir.path, { apiKey });
    const run = await server.until(
      () => series(server, node),
      ({ series }) => series.length === 4,
    );
    assertEquals(run.types.map(({ type }: { type: string }) => type), [
      "train",
      "val",
    ]);
    const { data } = await server.until(
      () =>
        server.json("GET /em/v1/rows", {
          query: { folder: "/demo", column: "lr" },
        }),
      ({ data }) => data[0]?.values[0] === 0.1 && data[0]?.run.status,
    );
    assertEquals(data.length, 1, damage);
    assertEquals(data[0].run.status, "Running");
  }
});
