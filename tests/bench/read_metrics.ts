import { parse as parseStdYaml } from "@std/yaml";
import { parse as parseNpmYaml } from "yaml";
import { parseMetrics, scanMetrics } from "../../src/format/metric_reader.ts";
import { createRecordEncoder } from "../../src/format/record_encoder.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { type BenchReport, median, ratio, roundsOr } from "./measure.ts";

const RECORDS = 1_000_000;
/** Generic parsers read a part only: they would take minutes for the whole. */
const SLICE_RECORDS = 10_000;
const BYTES_PER_MB = 1e6;
const MAX_RECORD_BYTES = 256;
const START_MS = Date.UTC(2026, 10, 23);

/** Reading back a million records of two metrics, against generic YAML parsers. */
export function run(): BenchReport {
  const bytes = makeFile(RECORDS);
  const slice = makeFile(SLICE_RECORDS);
  const text = new TextDecoder().decode(slice);
  // Once over a part, so that what is measured is compiled code.
  parseMetrics(slice);
  const rounds = roundsOr(3);
  const reads = repeat(
    rounds,
    () => speed(bytes, () => check(parseMetrics(bytes).count, RECORDS)),
  );
  const scans = repeat(
    rounds,
    () =>
      speed(bytes, () => check(scanMetrics(bytes, () => {}).count, RECORDS)),
  );
  const read = median(reads);
  const scan = median(scans);
  const generic = [
    [stdYaml(), () => parseStdYaml(text)],
    ["npm:yaml", () => parseNpmYaml(text)],
    ["the reader of small documents", () => parseYaml(text)],
  ] as const;
  const others = generic.map(([name, parse]) => {
    parse();
    const other = median(repeat(rounds, () =>
      speed(slice, () => {
        check((parse() as unknown[]).length, SLICE_RECORDS);
      })));
    return [name, other] as const;
  });
  return {
    figures: [
      {
        what: `reading back ${RECORDS} records`,
        measured: `${read.toFixed(0)} MB/s`,
        against: `time, ${rounds} rounds`,
        hold: "at least 60 MB/s",
        holds: read >= 60,
      },
      ...others.map(([name, other]) => ({
        what: `reading back ${RECORDS} records`,
        measured: `${ratio(read, other)} x`,
        against: `${name}, ${rounds} rounds`,
        hold: "at least 3 x",
        holds: read / other >= 3,
      })),
    ],
    name: `reading ${RECORDS} records, ${
      (bytes.length / BYTES_PER_MB).toFixed(0)
    } MB (hold: 60 MB/s, 3 x the generic parser)`,
    lines: [
      `as records: ${read.toFixed(0)} MB/s; as columns: ${
        scan.toFixed(0)
      } MB/s`,
      ...others.map(([name, other]) => {
        return `as records ${ratio(read, other)} x ${name}, as columns ${
          ratio(scan, other)
        } x (it reads ${other.toFixed(1)} MB/s)`;
      }),
    ],
  };
}

function repeat(times: number, measure: () => number): number[] {
  return Array.from({ length: times }, measure);
}

function makeFile(records: number): Uint8Array {
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

/** Megabytes a second. */
function speed(bytes: Uint8Array, read: () => void): number {
  const start = performance.now();
  read();
  return bytes.length / BYTES_PER_MB / ((performance.now() - start) / 1000);
}

function check(count: number, wanted: number): void {
  if (count !== wanted) throw new Error(`${count} records, not ${wanted}`);
}

/** What the name is of what stands for `@std/yaml` on this machine. */
function stdYaml(): string {
  try {
    Deno.statSync(new URL("../../vendor/.stand-ins.json", import.meta.url));
    return "the stand-in for @std/yaml (js-yaml 3)";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "@std/yaml";
    throw error;
  }
}
