import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as fc from "fast-check";
import type { ImportedRecord } from "../../src/exchange/imported_run.ts";
import { openRun } from "../../src/exchange/run_source.ts";
import {
  exportCsv,
  exportJsonl,
  exportWideCsv,
} from "../../src/exchange/text_export.ts";
import { tempDir } from "../support/temp_dir.ts";
import { madeRun, recordsOf, START_MS } from "./made_run.ts";

const name = fc.oneof(
  fc.constantFrom(
    "loss",
    "a,b",
    'say "x"',
    "two\nlines",
    "__proto__",
    "学习率",
  ),
  fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }),
);
const value = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53, 1e21),
);
const record: fc.Arbitrary<ImportedRecord> = fc.record({
  type: fc.constantFrom("train", "val", "a b.c"),
  values: fc.uniqueArray(fc.tuple(name, value), {
    maxLength: 4,
    selector: ([key]) => key,
  }).map(Object.fromEntries),
  step: fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  epoch: fc.oneof(fc.constant(null), fc.nat(9)),
  timeMs: fc.nat(100_000).map((ms) => START_MS + ms + 0.25),
});
const records = fc.array(record, { minLength: 1, maxLength: 12 });

Deno.test("exportJsonl() says exactly what the run holds", async () => {
  using dir = tempDir();
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const path = await madeRun(dir.path, given);
      let text = "";
      const tally = await exportJsonl(
        await openRun(path),
        (part) => text += part,
      );
      const found: Record<string, unknown[]> = {};
      for (const line of text.trimEnd().split("\n")) {
        const { type, step, epoch, time, values } = JSON.parse(line);
        const exact = Object.entries(values).map(([key, item]) =>
          [key, shown(Number(item))] as const
        );
        const sequence = { epoch, step: shown(step), timestamp: time };
        (found[type] ??= []).push({
          value: Object.fromEntries(exact),
          sequence,
        });
      }
      const held = Object.entries(sorted(recordsOf(path))).map((
        [type, list],
      ) => [
        type,
        list.map(({ value, sequence }) => ({
          value: Object.fromEntries(
            Object.entries(value).map(([key, item]) => [key, shown(item)]),
          ),
          sequence: { ...sequence, step: shown(sequence.step) },
        })),
      ]);
      assertEquals(found, Object.fromEntries(held));
      assertEquals(tally, { records: given.length, notes: [] });
    }),
    { numRuns: 60 },
  );
});

Deno.test("exportCsv() says exactly what the run holds, long and wide", async () => {
  using dir = tempDir();
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const path = await madeRun(dir.path, given);
      let [long, wide] = ["", ""];
      await exportCsv(await openRun(path), (part) => long += part);
      await exportWideCsv(await openRun(path), (part) => wide += part);
      const all = Object.entries(sorted(recordsOf(path)));
      const expected = all.flatMap(([type, list]) =>
        list.flatMap(({ value, sequence }) =>
          Object.entries(value).map(([name, item]) => [
            type,
            name,
            shown(sequence.step),
            sequence.epoch === null ? "" : shown(sequence.epoch),
            sequence.timestamp,
            shown(item),
          ])
        )
      );
      const head = ["type", "name", "step", "epoch", "time", "value"];
      assertEquals(readCsv(long), [head, ...expected]);
      const [columns = [], ...rows] = readCsv(wide);
      const cells = rows.flatMap((row) => {
        const [type = "", step = "", epoch = "", time = ""] = row;
        return columns.slice(4).flatMap((name, at) => {
          const cell = row[at + 4] ?? "";
          return cell === "" ? [] : [[type, name, step, epoch, time, cell]];
        });
      });
      assertEquals(bag(cells), bag(expected));
    }),
    { numRuns: 60 },
  );
});

Deno.test("an export reads a long file in pieces, up to its torn end", async () => {
  using dir = tempDir();
  const path = await madeRun(dir.path, [
    { type: "train", values: { loss: 1, acc: 0 }, step: 0, timeMs: START_MS },
  ]);
  const file = join(path, "metrics", "train.yaml");
  const item = Deno.readTextFileSync(file);
  const count = 10_000;
  let text = "";
  for (let step = 0; step < count; step++) {
    text += item.replace("step: 0", `step: ${step}`);
  }
  Deno.writeTextFileSync(file, `${text}- value:\n    lo`);
  const steps: number[] = [];
  let longest = 0;
  const { records, notes } = await exportJsonl(await openRun(path), (part) => {
    longest = Math.max(longest, part.length);
    for (const line of part.trimEnd().split("\n")) {
      steps.push(JSON.parse(line).step);
    }
  });
  assertEquals(steps, Array.from({ length: count }, (_, step) => step));
  assertEquals(records, count);
  assertEquals(notes, [
    "train: the last item is cut off: it has no final line break",
  ]);
  assert(longest < 70_000, `${longest} characters were kept`);
});

/** By type in the order of an export. */
function sorted<T>(byType: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(byType).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

function shown(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function bag(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** A reader of RFC 4180, for lines that end with a line feed. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\n]*))([,\n])/gy;
  for (const [, quoted, plain = "", end] of text.matchAll(cell)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
