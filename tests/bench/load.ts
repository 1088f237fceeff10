import { parse } from "@std/yaml";
import { join } from "@std/path";
import { createRun, loadRun } from "../../mod.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { metricFile } from "../../src/local/layout.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type BenchReport, median, ratio } from "./measure.ts";

const RECORDS = 1_000_000;
/** A generic parser reads a part only: it would take minutes for the whole. */
const SLICE_RECORDS = 10_000;
const ROUNDS = 3;
const BYTES_PER_MB = 1e6;
const MAX_RECORD_BYTES = 256;
const START_MS = Date.UTC(2026, 10, 23);

/** What one round took, in megabytes a second. */
interface Speeds {
  readonly load: number;
  readonly metrics: number;
  readonly generic: number;
}

/** Loading a run of a million records, and having them, against a generic YAML parser on the same records. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  Deno.env.set("EM_RUN_PARENT_DIR", dir.path);
  const path = await makeRun();
  const slice = new TextDecoder().decode(makeRecords(SLICE_RECORDS));
  parse(slice);
  const rounds: Speeds[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await measure(path, slice));
  }
  const middle = (key: keyof Speeds) => median(rounds.map((one) => one[key]));
  const generic = middle("generic");
  const line = (what: string, speed: number) =>
    `${what}: ${speed.toFixed(0)} MB/s, ${ratio(speed, generic)} x @std/yaml (${
      generic.toFixed(1)
    } MB/s)`;
  return {
    name:
      `loading a run of ${RECORDS} records, medians of ${ROUNDS} rounds (hold: 60 MB/s, 3 x the generic parser)`,
    lines: [
      line("loadRun()", middle("load")),
      line("run.metrics", middle("metrics")),
    ],
  };
}

async function measure(path: string, slice: string): Promise<Speeds> {
  const { size } = Deno.statSync(join(path, metricFile("train")));
  const start = performance.now();
  const run = await loadRun(path, { captureConsole: false });
  const loaded = performance.now();
  const count = run.metrics.train?.length;
  const read = performance.now();
  if (count !== RECORDS) throw new Error(`${count} records, not ${RECORDS}`);
  await run.finish();
  const parsing = performance.now();
  const items = parse(slice) as unknown[];
  const parsed = performance.now();
  if (items.length !== SLICE_RECORDS) throw new Error("Records are missing");
  const speed = (bytes: number, ms: number) =>
    bytes / BYTES_PER_MB / (ms / 1000);
  return {
    load: speed(size, loaded - start),
    metrics: speed(size, read - loaded),
    generic: speed(new TextEncoder().encode(slice).length, parsed - parsing),
  };
}

async function makeRun(): Promise<string> {
  const run = await createRun({ name: "long", captureConsole: false });
  run.log("train", { loss: 1, accuracy: 0 }, { step: 0 });
  await run.finish();
  Deno.writeFileSync(
    join(run.local, metricFile("train")),
    makeRecords(RECORDS),
  );
  return run.local;
}

function makeRecords(records: number): Uint8Array {
  const bytes = new Uint8Array(records * MAX_RECORD_BYTES);
  let length = 0;
  let step = 0;
  const encode = createRecordEncoder(() => START_MS + step / 1000);
  for (; step < records; step++) {
    const values = { loss: Math.random(), accuracy: 1 - 1 / (step + 1) };
    const item = encode(values, step, step >> 10);
    bytes.set(item, length);
    length += item.length;
  }
  return bytes.subarray(0, length);
}
