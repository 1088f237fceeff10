import { assertEquals } from "@std/assert";
import { type Attempt, encodeAttempts } from "../../../src/format/attempts.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { type EmServer, emServer, metricsText } from "./support.ts";

const STARTED = "2026-11-23T08:21:18.167046+00:00";

/** The list of attempts of which each began when a file was so long. */
function attemptsText(file: string, lengths: readonly number[]): string {
  return encodeAttempts(
    [{}, ...lengths.map((length) => ({ [file]: length }))].map(
      (files, at): Attempt => ({
        attempt: at + 1,
        startTimestamp: STARTED,
        endTimestamp: at < lengths.length ? STARTED : null,
        status: at < lengths.length ? "Killed" : "Running",
        pid: 4711 + at,
        hostname: "worker-0",
        resumes: at > 0,
        files,
      }),
    ),
  );
}

/** Records of an attempt: what is measured is its number. */
function part(attempt: number, from: number, to: number): string {
  return metricsText(
    Array.from({ length: to - from + 1 }, (_, at) => ({
      values: { n: attempt },
      step: from + at,
    })),
  );
}

async function points(server: EmServer, node: string, type = "train") {
  const { series } = await server.json("GET /em/v1/points", {
    query: { node, metric: `${type}/n` },
  });
  const [{ raw, cursor, reset }] = series;
  const shown = raw.x.map((x: number, at: number) => `${raw.y[at]}:${x}`);
  return { shown: shown.join(" "), cursor, reset };
}

const FILE = "metrics/train.yaml";

Deno.test("points that a later attempt replaces are left out, whatever arrives first", async () => {
  const first = part(1, 1, 5);
  const second = part(2, 3, 4);
  const third = part(3, 4, 6);
  const one = attemptsText(FILE, [first.length]);
  const two = attemptsText(FILE, [first.length, first.length + second.length]);
  const wanted = "1:1 1:2 2:3 3:4 3:5 3:6";
  const all = first + second + third;
  const orders: readonly (readonly (readonly [string, string])[])[] = [
    [[FILE, first], ["attempts.yaml", one], [FILE, first + second], [
      "attempts.yaml",
      two,
    ], [FILE, all]],
    [["attempts.yaml", two], [FILE, all]],
    [[FILE, all], ["attempts.yaml", two]],
    [[FILE, first + second], ["attempts.yaml", two], [FILE, all]],
  ];
  using dir = tempDir();
  await using server = await emServer(dir.path);
  for (const [at, order] of orders.entries()) {
    const node = await server.make(`/demo/r${at}`);
    for (const [key, text] of order) {
      await server.put(`/demo/r${at}/${key}`, text);
      if (key !== FILE) continue;
      // What comes next finds it indexed.
      await server.until(
        () => server.json("GET /em/v1/series", { query: { node } }),
        ({ runs: [{ types }] }) => types[0]?.indexedBytes === text.length,
      );
    }
    const { shown } = await server.until(
      () => points(server, node),
      ({ shown }) => shown === wanted,
    );
    const { runs: [{ types }] } = await server.json("GET /em/v1/series", {
      query: { node },
    });
    assertEquals(types[0].resumedAt, [3, 4]);
    assertEquals(shown, wanted);
    const { runs } = await server.json("GET /em/v1/series", {
      query: { node },
    });
    const [
      { series: [{ count, last }], types: [{ records, bytes, indexedBytes }] },
    ] = runs;
    assertEquals([count, last.step, records], [6, 6, 10]);
    assertEquals(indexedBytes, bytes);
  }
});

Deno.test("an attempt that has recorded nothing yet replaces nothing, and its first record does as it is appended", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  const first = part(1, 1, 5);
  await server.put(`/demo/r/${FILE}`, first);
  const before = await server.until(
    () => points(server, node),
    ({ shown }) => shown === "1:1 1:2 1:3 1:4 1:5",
  );
  await server.put("/demo/r/attempts.yaml", attemptsText(FILE, [first.length]));
  const { documents } = await server.until(
    () => server.json("GET /em/v1/documents", { query: { node } }),
    ({ documents }) => documents.length === 1,
  );
  assertEquals(documents[0].value.map(({ status }: Attempt) => status), [
    "Killed",
    "Running",
  ]);
  assertEquals((await points(server, node)).cursor, before.cursor);
  await server.append(`/demo/r/${FILE}`, first.length, part(2, 3, 3));
  const after = await server.until(
    () => points(server, node),
    ({ shown }) => shown === "1:1 1:2 2:3",
  );
  const again = await server.json("GET /em/v1/points", {
    query: { node, metric: "train/n", after: before.cursor },
  });
  assertEquals(again.series[0].reset, true);
  // What follows is appended to what is known.
  await server.append(
    `/demo/r/${FILE}`,
    first.length + part(2, 3, 3).length,
    part(2, 4, 4),
  );
  const grown = await server.until(
    () => points(server, node),
    ({ shown }) => shown === "1:1 1:2 2:3 2:4",
  );
  assertEquals(grown.cursor.split(".")[0], after.cursor.split(".")[0]);
});

Deno.test("a damaged list of attempts replaces nothing", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  await server.put("/demo/r/attempts.yaml", "- status: Gone\n");
  await server.put(`/demo/r/${FILE}`, part(1, 1, 2) + part(2, 1, 1));
  const { shown } = await server.until(
    () => points(server, node),
    ({ shown }) => shown !== "",
  );
  assertEquals(shown, "1:1 1:2 2:1");
});

Deno.test("the metrics of ranks are series of their own, beside those of the main process", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const node = await server.make("/demo/r");
  const keys = ["metrics/val.yaml", "metrics/train.yaml"];
  for (const rank of [10, 2]) keys.push(`ranks/${rank}/metrics/train.yaml`);
  for (const [at, key] of keys.entries()) {
    await server.put(`/demo/r/${key}`, part(at, 1, 2));
  }
  // These are files like others.
  for (
    const key of [
      "ranks/01/metrics/train.yaml",
      "ranks/x/metrics/a.yaml",
      "ranks/1/metrics/a/b.yaml",
      "ranks/1/rank.yaml",
    ]
  ) {
    await server.put(`/demo/r/${key}`, part(9, 1, 1));
  }
  const { runs } = await server.until(
    () => server.json("GET /em/v1/series", { query: { node } }),
    ({ runs }) => runs[0]?.series.length === 4,
  );
  const types = runs[0].series.map(({ type }: { type: string }) => type);
  assertEquals(types, ["train", "train@rank2", "train@rank10", "val"]);
  assertEquals((await points(server, node, "train@rank10")).shown, "2:1 2:2");
  // A table's columns are the run's own.
  const { metrics } = await server.json("GET /em/v1/columns", {
    query: { folder: "/demo" },
  });
  const columns = metrics.map(({ type }: { type: string }) => type);
  assertEquals(columns, ["train", "val"]);
  const removed = await server.call("DELETE /apis/v1/objects", {
    query: { path: "/demo/r/ranks/10/metrics/train.yaml" },
  });
  await removed.body?.cancel();
  await server.until(
    () => server.json("GET /em/v1/series", { query: { node } }),
    ({ runs }) => runs[0].series.length === 3,
  );
});
