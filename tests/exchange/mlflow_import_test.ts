import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { NotFoundError } from "../../src/errors.ts";
import { readParameter } from "../../src/exchange/hparams_import.ts";
import type { ImportedRun } from "../../src/exchange/imported_run.ts";
import { findMlflowRuns } from "../../src/exchange/mlflow_import.ts";
import { readRunDirectory } from "../../src/run/read_run_directory.ts";
import { tempDir } from "../support/temp_dir.ts";
import { EXCHANGE, importAll, valuesOf } from "./imported.ts";

const STORE = join(EXCHANGE, "mlflow");

Deno.test("findMlflowRuns() takes over the same from both stores of MLflow, without deleted runs", async () => {
  using dir = tempDir();
  const path = join(dir.path, "mlflow.db");
  {
    using database = new DatabaseSync(path);
    database.exec(Deno.readTextFileSync(join(STORE, "mlflow.sql")));
  }
  for (const store of [STORE, join(STORE, "mlruns"), path, dir.path]) {
    const found = [...await findMlflowRuns(store)].sort(byStart);
    const [first, second, ...others] = await importAll(
      found,
      join(dir.path, "runs"),
    );
    assertEquals(others, [], store);
    const steps = [0, 1, 2, 3];
    assertEquals(valuesOf(first), {
      train: [
        ...steps.map((step) => [step, {
          loss: 1 / (step + 1),
        }]),
        [4, { loss: NaN, peak: Infinity }],
      ],
      val: steps.map((step) => [step, { loss: 2 / (step + 1) }]),
    }, store);
    const { metadata, hparams } = readRunDirectory(first?.path ?? "");
    const layers = "[32, 64]";
    assertEquals(hparams, { amp: true, id: "007", layers, lr: 0.001 });
    const { name, labels, description, status } = metadata;
    assertEquals({ name, labels, description, status }, {
      name: "first-try",
      labels: ["imported", "team: vision"],
      description: "A small run.",
      status: "Complete",
    });
    const times = [metadata.startTimestamp, metadata.endTimestamp ?? ""];
    assertEquals(times.map(Date.parse), [1700000000000, 1700000010000]);
    assertEquals(second?.status, "Error");
    assertEquals(valuesOf(second), { train: [[0, { loss: 3.5 }]] });
    assertEquals([first?.notes, second?.notes], [[], []]);
  }
});

Deno.test("findMlflowRuns() says what it cannot read in a store of files", async () => {
  using dir = tempDir();
  const run = join(dir.path, "run");
  Deno.mkdirSync(join(run, "metrics"), { recursive: true });
  Deno.writeTextFileSync(
    join(run, "meta.yaml"),
    "run_id: abc\nrun_name: x\nstart_time: 1000\nend_time: null\nstatus: 1\n",
  );
  Deno.writeTextFileSync(
    join(run, "metrics", "loss"),
    "2000 0.5 1\nnonsense\n-5 0.125 1\n3000 -inf 2\n3000 0.25 2\n4000 0.1",
  );
  const [done] = await importAll(await findMlflowRuns(dir.path), dir.path);
  assertEquals(valuesOf(done), {
    train: [
      [1, { loss: 0.125 }],
      [1, { loss: 0.5 }],
      [2, { loss: -Infinity }],
      [2, { loss: 0.25 }],
      [0, { loss: 0.1 }],
    ],
  });
  assertEquals(done?.notes, [
    'left out a line of the metric "loss": nonsense',
    "the run has no end: MLflow says RUNNING",
    "gave 1 records without a time that of the one before",
  ]);
  assertEquals(done?.status, "Error");
  assertThrows(
    () => findMlflowRuns(join(dir.path, "run", "metrics")),
    NotFoundError,
  );
  assertThrows(() => findMlflowRuns(join(dir.path, "missing")), NotFoundError);
});

Deno.test("readParameter() keeps as a text what would not be the same as a number", () => {
  const table: [string, unknown][] = [
    ["1", 1],
    ["-0.5", -0.5],
    ["1e-05", 1e-5],
    ["True", true],
    ["None", null],
    ["007", "007"],
    ["1_000", "1_000"],
    ["12345678901234567890", "12345678901234567890"],
    ["0x10", "0x10"],
    ["", ""],
    ["adam", "adam"],
    ["1e999", "1e999"],
  ];
  for (const [text, value] of table) {
    assertEquals(readParameter(text), value, text);
  }
});

function byStart(a: ImportedRun, b: ImportedRun): number {
  return a.startMs - b.startMs;
}
