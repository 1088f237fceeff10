import { assert, assertEquals, assertFalse } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { IndexDatabase } from "../../../src/server/metrics/index_database.ts";
import { MetricsIndex } from "../../../src/server/metrics/metrics_index.ts";
import { isIndexed } from "../../../src/server/metrics/outdated.ts";
import { readPoints } from "../../../src/server/metrics/points_answer.ts";
import { Database } from "../../../src/server/store/database.ts";
import { Nodes } from "../../../src/server/store/nodes.ts";
import { ObjectFiles } from "../../../src/server/store/object_files.ts";
import { type Content, Objects } from "../../../src/server/store/objects.ts";
import { Store } from "../../../src/server/store/store.ts";
import { startChildServer } from "../support/child_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { clientOf, emServer, metricsText } from "./support.ts";

function manyRecords(count: number, of: (step: number) => number = Math.sin) {
  return metricsText(
    Array.from({ length: count }, (_, step) => ({
      values: { loss: of(step), other: step },
      step,
    })),
  );
}

Deno.test("the index is the same whether a thread makes it or not", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  let node = "";
  {
    await using server = await emServer(dir.path);
    node = await server.make("/demo/r");
    await server.put("/demo/r/metrics/train.yaml", manyRecords(9000));
    await server.put("/demo/r/hyperparameters.yaml", "lr: 1\n");
  }
  const answers: unknown[] = [];
  for (const mode of ["here", "thread"] as const) {
    for (const end of ["", "-wal", "-shm"]) {
      try {
        Deno.removeSync(join(dataDir, `metrics.db${end}`));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    using database = new Database(join(dataDir, "aistore.db"));
    const now = () => new Date();
    using index = new MetricsIndex({
      dataDir,
      database,
      nodes: new Nodes(database, now),
      objects: new Objects(database, now),
      files: new ObjectFiles(dataDir),
      mode,
    });
    await index.idle();
    const { cursor, ...points } = readPoints(
      index.database,
      { node, type: "train", name: "loss" },
      { x: "step", from: undefined, to: undefined, buckets: 50 },
    );
    assert(cursor.endsWith(".9000"));
    answers.push(points);
  }
  assertEquals(answers[0], answers[1]);
});

Deno.test("a run that is replaced or deleted while it is read leaves nothing of what it was", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const path = "/demo/r/metrics/train.yaml";
  const node = await server.make("/demo/r");
  const long = manyRecords(60_000);
  await server.put(path, long);
  await server.put(path, manyRecords(3, (step) => -step));
  const { series } = await server.until(
    () =>
      server.json("GET /em/v1/points", {
        query: { node, metric: "train/loss" },
      }),
    ({ series }) => series[0].count === 3,
  );
  assertEquals(series[0].raw.y, [0, -1, -2].map((y) => y + 0));
  await server.put(path, long);
  await server.put("/demo/r/hyperparameters.yaml", "lr: 1\n");
  await server.json("DELETE /apis/v1/nodes", { json: { node } });
  await server.json("DELETE /apis/v1/trash", { json: { id: node } });
  await server.until(
    () => Promise.resolve(countRows(dir.path)),
    (count) => count === 0,
  );
});

Deno.test("a run that was deleted and comes back shows what it had, and what arrived just before it was deleted", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const path = "/demo/f/r/metrics/train.yaml";
  const folder = await server.make("/demo/f", "Folder");
  const node = await server.make("/demo/f/r");
  const query = { node, metric: "train/loss" };
  const points = () => server.call("GET /em/v1/points", { query });
  await server.put(path, manyRecords(10));
  await server.until(
    () => server.json("GET /em/v1/points", { query }),
    ({ series }) => series[0].count === 10,
  );
  const text = manyRecords(20);
  await server.append(
    path,
    manyRecords(10).length,
    text.slice(manyRecords(10).length),
  );
  await server.json("DELETE /apis/v1/nodes", { json: { node: folder } });
  const gone = await points();
  assertEquals([gone.status, await gone.text()], [
    404,
    `node not found [${node}]`,
  ]);
  const { data } = await server.json("GET /em/v1/rows", {
    query: { folder: "/demo", recursive: "true" },
  });
  assertEquals(data, []);
  await server.json("POST /apis/v1/trash/restore", { json: { id: folder } });
  const { series } = await server.json("GET /em/v1/points", { query });
  assert(series[0].count >= 10);
  await server.until(
    () => server.json("GET /em/v1/points", { query }),
    ({ series }) => series[0].count === 20,
  );
});

/** How many rows the index has of runs. */
function countRows(dir: string): number {
  using database = new DatabaseSync(join(dir, "data", "metrics.db"), {
    readOnly: true,
  });
  const row = database.prepare(
    `SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM sources) + (SELECT count(*) FROM facts)
       + (SELECT count(*) FROM series) + (SELECT count(*) FROM blocks) AS total`,
  ).get();
  return Number(row?.total);
}

Deno.test("a server that is killed while it reads a file shows every point of it after the next start", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  const text = manyRecords(30_000);
  let apiKey = "";
  let node = "";
  for (const round of [0, 1, 2, 3]) {
    await using child = await startChildServer(dataDir);
    apiKey ||= child.apiKey ?? "";
    const server = clientOf(child.url, apiKey, () => Promise.resolve());
    if (round === 0) node = await server.make("/demo/r");
    const path = "/demo/r/metrics/train.yaml";
    const part = text.slice(0, Math.floor(text.length * (round + 1) / 4));
    if (round > 0) {
      await server.until(
        () => server.json("GET /em/v1/series", { query: { node } }),
        ({ runs }) =>
          runs[0].types[0]?.indexedBytes > 0 && !runs[0].types[0].problem &&
          runs[0].series[0].count === countOf(text, round),
      );
    }
    await server.put(path, part);
    await child.kill();
  }
  await using server = await emServer(dir.path, { apiKey });
  const { series } = await server.until(
    () =>
      server.json("GET /em/v1/points", {
        query: { node, metric: "train/loss", buckets: "10000" },
      }),
    ({ series }) => series[0].count === 30_000,
  );
  const { buckets } = series[0];
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  assertEquals(sum(buckets.count), 30_000);
  const low = Array.from({ length: 30_000 }, (_, step) => Math.sin(step));
  assertEquals(Math.min(...buckets.min), Math.min(...low));
});

/** How many whole records stand in the first quarters of a file. */
function countOf(text: string, quarters: number): number {
  const part = text.slice(0, Math.floor(text.length * quarters / 4));
  return part.match(/ {4}timestamp: '[^']*'\n/g)?.length ?? 0;
}

Deno.test("an index that is damaged, or of another version, is made anew", () => {
  using dir = tempDir();
  const path = join(dir.path, "metrics.db");
  Deno.writeTextFileSync(path, "no database".repeat(1000));
  IndexDatabase.open(path)[Symbol.dispose]();
  {
    using database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99; CREATE TABLE extra (x)");
  }
  using database = IndexDatabase.open(path);
  assertEquals(
    database.query("SELECT name FROM sqlite_schema WHERE name = 'extra'").all(),
    [],
  );
});

Deno.test("the index is the same in the server's database, and what is preferred goes before the rest", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  using store = new Store({
    dataDir,
    durability: "process",
    hasOneDatabase: true,
  });
  store.users.add("demo");
  const { node: root } = store.nodes.walk(["demo"]) ?? {};
  assert(root);
  const text = new TextEncoder().encode(manyRecords(50));
  const contents = new Map<string, Content>();
  for (let number = 0; number < 200; number++) {
    const kind = { type: "Run", labels: [], description: "", extra: "" };
    const { id } = store.nodes.create(
      root,
      { name: `r${number}`, ...kind },
      "demo",
    );
    contents.set(id, await store.contents.write(ReadableStream.from([text])));
  }
  const ids = [...contents.keys()];
  store.database.transaction(() => {
    for (const [nodeId, content] of contents) {
      store.objects.put({ nodeId, key: "metrics/train.yaml" }, content, "");
    }
  });
  const last = ids.at(-1) ?? "";
  store.metrics.prefer([last]);
  assertEquals(isIndexed(store.metrics.database, [last]), false);
  await store.metrics.idle();
  assertEquals(isIndexed(store.metrics.database, ids), true);
  const { count } = readPoints(
    store.metrics.database,
    { node: last, type: "train", name: "loss" },
    { x: "step", from: undefined, to: undefined, buckets: 50 },
  );
  assertEquals(count, 50);
  const files = [...Deno.readDirSync(dataDir)].map(({ name }) => name);
  assertFalse(files.includes("metrics.db"));
  // The last of them does not come last.
  const version = versionOf(store, last);
  assert(ids.filter((id) => versionOf(store, id) > version).length > 50);
});

function versionOf(store: Store, node: string): number {
  const row = store.metrics.database
    .query<{ version: number }>(
      "SELECT seq AS version FROM runs WHERE node = ?",
    )
    .get(node);
  assert(row);
  return row.version;
}
