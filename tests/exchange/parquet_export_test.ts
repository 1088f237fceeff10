import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { exportParquet } from "../../src/exchange/parquet_export.ts";
import { openRun } from "../../src/exchange/run_source.ts";
import { tempDir } from "../support/temp_dir.ts";
import { madeRun, START_MS } from "./made_run.ts";

Deno.test("exportParquet() writes every value as it is, in groups of rows", async () => {
  using dir = tempDir();
  const time = { timeMs: START_MS + 0.25, step: 1 };
  const run = await madeRun(dir.path, [
    { type: "train", values: { a: NaN, b: -0, "学": 5e-324 }, ...time },
    { type: "val", values: { a: Infinity }, ...time, step: 1.5, epoch: 2 },
  ]);
  const file = join(run, "metrics", "val.yaml");
  const item = Deno.readTextFileSync(file);
  Deno.writeTextFileSync(file, item.repeat(250_000));
  const path = join(dir.path, "m.parquet");
  const tally = await exportParquet(await openRun(run), path);
  assertEquals(tally, { records: 250_001, notes: [] });
  const bytes = Deno.readFileSync(path).buffer;
  const { row_groups: groups } = parquetMetadata(bytes);
  assert(groups.length >= 3, `${groups.length} groups`);
  const rows = await parquetReadObjects({ file: bytes, rowEnd: 4 });
  const read: unknown[] = rows.map(({ time, ...row }) => ({
    ...row,
    time: Number(time),
  }));
  const common = { type: "train", step: 1, epoch: null, time: START_MS };
  assertEquals(read, [
    { ...common, name: "a", value: NaN },
    { ...common, name: "b", value: -0 },
    { ...common, name: "学", value: 5e-324 },
    {
      type: "val",
      step: 1.5,
      epoch: 2,
      time: START_MS,
      name: "a",
      value: Infinity,
    },
  ]);
});
