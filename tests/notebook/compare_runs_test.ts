import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { compareRuns, NotFoundError } from "../../mod.ts";
import { lineColor } from "../../src/notebook/colors.ts";
import { betterOf } from "../../src/notebook/direction.ts";
import { runColor } from "../../src/web/charts/palette.ts";
import { writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("compareRuns() puts runs beside one another as data, text and HTML", async () => {
  using dir = tempDir();
  const one = writeRun(dir.path, {
    metadata: { name: "one" },
    hparams: { lr: 0.1, batch: 32, optimizer: { name: "adam" } },
    metrics: { train: { loss: [3, 1, 2] }, val: { accuracy: [0.5, 0.9] } },
  });
  const two = writeRun(dir.path, {
    metadata: { name: "two", status: "Error" },
    hparams: { lr: "0.1", batch: 32 },
    metrics: { train: { loss: [4, 3] } },
  });
  const comparison = await compareRuns([{ local: one }, two]);
  const data = comparison.toDict();
  assertEquals(
    data.runs.map(({ name, status, path }) => [name, status, path]),
    [
      ["one", "Complete", one],
      ["two", "Error", two],
    ],
  );
  assertEquals(data.hparams, [
    { name: "lr", values: [0.1, "0.1"], isEqual: false },
    { name: "batch", values: [32, 32], isEqual: true },
    { name: "optimizer.name", values: ["adam", undefined], isEqual: false },
  ]);
  const loss = data.metrics.find(({ name }) => name === "train/loss");
  assertEquals(
    loss?.values.map((value) => [value?.count, value?.last, value?.min?.value]),
    [
      [3, { step: 2, epoch: 1, value: 2 }, 1],
      [2, { step: 1, epoch: 1, value: 3 }, 3],
    ],
  );
  assertEquals(
    Deno.inspect(comparison),
    `                one       two
status          Complete  Error
duration        1m 5s     1m 5s
lr              0.1       0.1
optimizer.name  adam      –
train/loss      2         3
val/accuracy    0.9       –`,
  );
  const show = comparison as unknown as Record<
    symbol,
    () => Record<string, string>
  >;
  const html = show[Symbol.for("Jupyter.display")]?.()["text/html"] ?? "";
  assertStringIncludes(html, `<td class="em-best" title="1 to 3">2</td>`);
  assertStringIncludes(html, "1 hyperparameter the same in all");
  assertEquals(html.match(/<svg/g)?.length, 2);
});

Deno.test("compareRuns() compares damaged runs as far as they can be read", async () => {
  using dir = tempDir();
  const whole = writeRun(dir.path, { metadata: { name: "whole" } });
  const damaged = writeRun(dir.path, { metrics: { train: { loss: [1] } } });
  await Deno.writeTextFile(`${damaged}/hyperparameters.yaml`, "a: [");
  const { runs, metrics } = (await compareRuns([whole, damaged])).toDict();
  assertEquals(runs.map(({ problems }) => problems.length), [0, 1]);
  assertEquals(metrics[0]?.values[1]?.last.value, 1);
});

Deno.test("compareRuns() stays small with many runs", async () => {
  using dir = tempDir();
  const values = Array.from({ length: 2_000 }, (_, at) => Math.sin(at));
  const runs = Array.from({ length: 60 }, (_, at) =>
    writeRun(dir.path, {
      hparams: { at },
      metrics: { train: { loss: values, accuracy: values } },
    }));
  const comparison = await compareRuns(runs);
  const show = comparison as unknown as Record<
    symbol,
    () => Record<string, string>
  >;
  const html = show[Symbol.for("Jupyter.display")]?.()["text/html"] ?? "";
  assert(html.length < 200_000, `${html.length}`);
  assertStringIncludes(html, "and 30 runs that are not shown");
});

Deno.test("compareRuns() refuses what it cannot compare", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path);
  await assertRejects(() => compareRuns([run]), RangeError, "two runs or more");
  await assertRejects(
    () => compareRuns([run, 5 as unknown as string]),
    TypeError,
    "runs[1] must be a Run, or the path of one, and is 5",
  );
  await assertRejects(
    () => compareRuns(run as unknown as string[]),
    TypeError,
    "as an array",
  );
  await assertRejects(() => compareRuns([run, "./none"]), NotFoundError);
});

Deno.test("lines have the colours that they have on the web pages", () => {
  for (let at = 0; at < 10; at++) assertEquals(lineColor(at), runColor(at));
});

Deno.test("betterOf() tells what a name tells, and no more", () => {
  const cases = [
    ["val/loss", "less"],
    ["train/top1_accuracy", "more"],
    ["test/wer", "less"],
    ["val/F1", "more"],
    ["train/lr", undefined],
    ["train/answers", undefined],
    ["val/error_score", undefined],
  ] as const;
  for (const [name, better] of cases) {
    assertEquals(betterOf(name), better, name);
  }
});
