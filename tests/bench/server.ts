import { join } from "@std/path";
import { MetricsIndex } from "../../src/server/metrics/metrics_index.ts";
import type { IndexerMode } from "../../src/server/metrics/indexer_host.ts";
import { startServer } from "../../src/server/mod.ts";
import { Database } from "../../src/server/store/database.ts";
import { Nodes } from "../../src/server/store/nodes.ts";
import { ObjectFiles } from "../../src/server/store/object_files.ts";
import { Objects } from "../../src/server/store/objects.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type BenchReport, median, ratio } from "./measure.ts";
import { makeFile, Place, placeRuns } from "./place.ts";

const RUNS = 10_000;
const RECORDS = 1_000_000;
const REPEATS = 20;
const COMPARED_AFTER_MS = 3000;
const FIRST_PAGE = "first page";

/** The server's index: a folder of many runs, and a run of many records. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  let apiKey = "";
  {
    await using server = await startServer({ dataDir, port: 0 });
    apiKey = server.firstStart?.apiKey ?? "";
  }
  const ingest = await benchIngest(dataDir);
  const folder = await benchFolder(dataDir, apiKey);
  return {
    figures: [{
      what: `the first page of a folder of ${RUNS} runs, from the server`,
      measured: `${folder.firstPageMs.toFixed(1)} ms`,
      against: `time, ${REPEATS} requests`,
      hold: "under 50 ms",
      holds: folder.firstPageMs < 50,
    }],
    name:
      `server: a folder of ${RUNS} runs (hold: first page 50 ms, search 100 ms), ` +
      `a file of ${RECORDS} records (hold: 60 MB/s)`,
    lines: [...ingest, ...folder.lines],
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

/** What was found about a large folder. */
interface FolderTimes {
  readonly firstPageMs: number;
  readonly lines: readonly string[];
}

async function benchFolder(
  dataDir: string,
  apiKey: string,
): Promise<FolderTimes> {
  placeRuns(dataDir, { folder: "many", runs: RUNS });
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
      [FIRST_PAGE, "/em/v1/rows", { ...folder, ...columns }],
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
  let firstPageMs = NaN;
  for (const [name, path, query] of questions) {
    const ms = await timeOf(() => ask(path, query));
    if (name === FIRST_PAGE) firstPageMs = ms;
    lines.push(`${name}: ${ms.toFixed(1)} ms (${ratio(ms, bare)} x that)`);
  }
  return { firstPageMs, lines };
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

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
