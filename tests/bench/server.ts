import { createHash, randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { MetricsIndex } from "../../src/server/metrics/metrics_index.ts";
import type { IndexerMode } from "../../src/server/metrics/indexer_host.ts";
import { startServer } from "../../src/server/mod.ts";
import { Database } from "../../src/server/store/database.ts";
import { Nodes } from "../../src/server/store/nodes.ts";
import { ObjectFiles } from "../../src/server/store/object_files.ts";
import { Objects } from "../../src/server/store/objects.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type BenchReport, median, ratio } from "./measure.ts";

const RUNS = 10_000;
const RECORDS = 1_000_000;
const REPEATS = 20;
const COMPARED_AFTER_MS = 3000;
const MAX_RECORD_BYTES = 256;
const START_MS = Date.UTC(2026, 10, 23);

/** The server's index: a folder of many runs, and a run of many records. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  let apiKey = "";
  {
    await using server = await startServer({ dataDir, port: 0 });
    apiKey = server.firstStart?.apiKey ?? "";
  }
  const lines = [
    ...await benchIngest(dataDir),
    ...await benchFolder(dataDir, apiKey),
  ];
  return {
    name:
      `server: a folder of ${RUNS} runs (hold: first page 50 ms, search 100 ms), ` +
      `a file of ${RECORDS} records (hold: 60 MB/s)`,
    lines,
  };
}

/** Reads a long file, in a thread and without one. */
async function benchIngest(dataDir: string): Promise<string[]> {
  const content = makeFile(RECORDS);
  {
    using place = new Place(dataDir);
    place.node("long", "Folder");
    place.run("long", "run", new Map([["metrics/train.yaml", content]]));
  }
  const megabytes = content.length / 1e6;
  const lines: string[] = [];
  for (const mode of ["here", "thread"] as const) {
    for (const end of ["", "-wal", "-shm"]) {
      removeIfThere(`${dataDir}/metrics.db${end}`);
    }
    const { ms, stallMs, bytes } = await ingest(dataDir, mode);
    lines.push(
      `${megabytes.toFixed(0)} MB indexed ${
        mode === "thread" ? "in a thread" : "without a thread"
      }: ${(megabytes / ms * 1000).toFixed(0)} MB/s (${
        ratio(megabytes / ms * 1000, 60)
      } x the 60 to hold), longest stall of the event loop ${
        stallMs.toFixed(0)
      } ms, ${(bytes / RECORDS / 2).toFixed(1)} bytes a point`,
    );
  }
  return lines;
}

async function ingest(dataDir: string, mode: IndexerMode) {
  using database = new Database(join(dataDir, "aistore.db"));
  const now = () => new Date();
  const start = performance.now();
  using index = new MetricsIndex({
    dataDir,
    database,
    nodes: new Nodes(database, now),
    objects: new Objects(database, now),
    files: new ObjectFiles(dataDir),
    mode,
  });
  let last = performance.now();
  let stallMs = 0;
  const timer = setInterval(() => {
    const time = performance.now();
    stallMs = Math.max(stallMs, time - last - 1);
    last = time;
  }, 1);
  await index.idle();
  clearInterval(timer);
  const ms = performance.now() - start;
  index[Symbol.dispose]();
  return {
    ms,
    stallMs,
    bytes: Deno.statSync(join(dataDir, "metrics.db")).size,
  };
}

async function benchFolder(dataDir: string, apiKey: string): Promise<string[]> {
  {
    using place = new Place(dataDir);
    place.node("many", "Folder");
    for (let index = 0; index < RUNS; index++) placeRun(place, index);
  }
  const { ms } = await ingest(dataDir, "thread");
  await using server = await startServer({ dataDir, port: 0 });
  const ask = async (path: string, query: Record<string, string>) => {
    const parameters = new URLSearchParams({ ...query, apikey: apiKey });
    const response = await fetch(`${server.localUrl}${path}?${parameters}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return text;
  };
  const folder = { folder: "/demo/many" };
  const long = { node: "/demo/long/run", metric: "train/loss" };
  const columns = { column: "lr" };
  const questions:
    readonly (readonly [string, string, Record<string, string>])[] = [
      ["first page", "/em/v1/rows", { ...folder, ...columns }],
      ["… below the folder", "/em/v1/rows", {
        folder: "/demo",
        recursive: "true",
      }],
      ["… sorted by a metric", "/em/v1/rows", {
        ...folder,
        sort: "val.accuracy.max",
        order: "desc",
      }],
      ["… with two conditions", "/em/v1/rows", {
        ...folder,
        filter: "lr < 0.01 and val.accuracy > 0.9",
      }],
      ["search for a name", "/em/v1/rows", { ...folder, search: "run-01234" }],
      ["search for a label", "/em/v1/rows", { ...folder, search: "label-7" }],
      ["search for a hyperparameter", "/em/v1/rows", {
        ...folder,
        search: "optimizer=adam",
      }],
      ["columns", "/em/v1/columns", folder],
      ["series of the long run", "/em/v1/series", { node: "/demo/long/run" }],
      ["1000 buckets of the whole curve", "/em/v1/points", long],
      ["1000 buckets of a tenth", "/em/v1/points", {
        ...long,
        from: "312345",
        to: "412345",
      }],
      ["a range of 1500 points as they are", "/em/v1/points", {
        ...long,
        from: "500000",
        to: "501499",
      }],
      ["1000 buckets by time", "/em/v1/points", { ...long, x: "time" }],
    ];
  const lines = [
    `${RUNS} runs of four files caught up: ${
      (RUNS / ms * 1000).toFixed(0)
    } runs/s`,
  ];
  // After a start the index is compared with the objects; that is not what is measured.
  await new Promise((resolve) => setTimeout(resolve, COMPARED_AFTER_MS));
  const bare = await timeOf(() => ask("/oauth2/userinfo", {}));
  lines.push(`a request that answers nothing: ${bare.toFixed(1)} ms`);
  for (const [name, path, query] of questions) {
    const ms = await timeOf(() => ask(path, query));
    lines.push(`${name}: ${ms.toFixed(1)} ms (${ratio(ms, bare)} x that)`);
  }
  return lines;
}

async function timeOf(call: () => Promise<unknown>): Promise<number> {
  await call();
  const times: number[] = [];
  for (let index = 0; index < REPEATS; index++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return median(times);
}

function placeRun(place: Place, index: number): void {
  const name = `run-${String(index).padStart(5, "0")}`;
  const lr = 10 ** -(1 + index % 5);
  const text = (content: string) => new TextEncoder().encode(content);
  const hparams = Array.from(
    { length: 15 },
    (_, at) => `extra_${at}: ${at * index}\n`,
  );
  place.run(
    "many",
    name,
    new Map([
      ["metrics/train.yaml", makeFile(5)],
      ["metrics/val.yaml", makeFile(5)],
      [
        "hyperparameters.yaml",
        text(
          `lr: ${lr}\noptimizer: ${index % 3 ? "adam" : "sgd"}\n${
            hparams.join("")
          }`,
        ),
      ],
      [
        "metadata.yaml",
        text(
          `status: ${index % 50 ? "Complete" : "Running"}\n` +
            "startTimestamp: '2026-11-23T08:00:00.000001+00:00'\nendTimestamp: null\n",
        ),
      ],
    ]),
    [`label-${index % 100}`],
  );
}

/** Puts nodes and objects into the folder of a server that does not run: by requests it would take minutes. */
class Place implements Disposable {
  readonly #db: DatabaseSync;
  readonly #dataDir: string;
  readonly #folders = new Map<string, string>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#db = new DatabaseSync(join(dataDir, "aistore.db"));
    this.#db.exec("BEGIN");
    const root = this.#db.prepare(
      "SELECT id FROM nodes WHERE parent_id IS NULL",
    ).get();
    this.#folders.set("", String(root?.id));
  }

  node(
    name: string,
    type: string,
    parent = "",
    labels: readonly string[] = [],
  ): string {
    const id = crypto.randomUUID();
    this.#db.prepare(
      `INSERT INTO nodes (id, parent_id, owner, name, type, storage_type, labels, description, extra, editor, modified)
       VALUES (?, ?, 'demo', ?, ?, ?, ?, '', '', 'demo', '2026-11-23T08:00:00.000000Z')`,
    ).run(
      id,
      this.#folders.get(parent) ?? "",
      name,
      type,
      type === "Run" ? 2 : 0,
      JSON.stringify(labels),
    );
    this.#folders.set(name, id);
    return id;
  }

  run(
    parent: string,
    name: string,
    objects: ReadonlyMap<string, Uint8Array>,
    labels: readonly string[] = [],
  ): void {
    const node = this.node(name, "Run", parent, labels);
    for (const [key, content] of objects) {
      const file = randomBytes(16).toString("hex");
      const folder = join(this.#dataDir, "objects", file.slice(0, 2));
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeFileSync(join(folder, file), content);
      const md5 = createHash("md5").update(content).digest("hex");
      this.#db.prepare(
        `INSERT INTO objects (node_id, key, file, size, md5, content_type, mtime)
         VALUES (?, ?, ?, ?, ?, 'application/octet-stream', 1795420800)`,
      ).run(node, key, file, content.length, md5);
      this.#db.prepare("INSERT INTO segments VALUES (?, 0, ?, ?)").run(
        file,
        file,
        content.length,
      );
    }
  }

  [Symbol.dispose](): void {
    this.#db.exec("COMMIT");
    this.#db.close();
  }
}

function makeFile(records: number): Uint8Array {
  const bytes = new Uint8Array(records * MAX_RECORD_BYTES);
  let length = 0;
  let step = 0;
  const encode = createRecordEncoder(() => START_MS + step * 10.123);
  for (; step < records; step++) {
    const values = {
      loss: Math.random(),
      accuracy: 1 - 1 / (step + 1 + Math.random()),
    };
    const item = encode(values, step, step >> 10);
    bytes.set(item, length);
    length += item.length;
  }
  return bytes.slice(0, length);
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
