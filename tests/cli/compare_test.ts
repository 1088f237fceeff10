import { assert, assertEquals } from "@std/assert";
import { writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

function comparedRun(parent: string, lr: number): string {
  return writeRun(parent, {
    metadata: { name: "cmp" },
    hparams: {
      lr,
      epochs: 3,
      ...(lr > 0.1
        ? { "warm\x1bup": "a long text that is cut".repeat(3) }
        : {}),
    },
    metrics: { val: { accuracy: [0, 1 - lr], same: [1, 2] } },
  });
}

Deno.test("em compare shows what differs, and counts what does not", async () => {
  using dir = tempDir();
  const runs = [0.1, 0.2, 0.3].map((lr) => comparedRun(dir.path, lr));
  const { code, stdout, stderr } = await runWith(["compare", ...runs]);
  assertEquals([code, stderr], [0, ""]);
  const [legend, hparams, metrics, rest] = stdout.split("\n\n");
  assertEquals(
    legend?.split("\n").map((line) => line.split(/ {2,}/)[0]),
    ["#", "#1", "#2", "#3"],
  );
  assert(
    /^Hyperparameters\n.*\n {2}lr +0.1 +0.2 +0.3\n {2}warm\\x1bup +- /.test(
      hparams ?? "",
    ),
    hparams,
  );
  assert(/\n {2}val\/accuracy +0.9 +0.8 +0.7$/.test(metrics ?? ""), metrics);
  assert(/^\d+ values the same in all/.test(rest ?? ""), stdout);
  const all = await runWith(["compare", "--all", ...runs]);
  for (const name of ["epochs", "val/same", "git commit"]) {
    assert(all.stdout.includes(`\n  ${name} `), all.stdout);
  }
  const json = JSON.parse(
    (await runWith(["compare", "--json", ...runs])).stdout,
  );
  assertEquals(json.different[0], {
    group: "hparams",
    name: "lr",
    values: [0.1, 0.2, 0.3],
  });
});

Deno.test("em compare fits the terminal with however many runs", async () => {
  using dir = tempDir();
  const runs = Array.from(
    { length: 12 },
    (_, at) => comparedRun(dir.path, at / 10),
  );
  const { stdout } = await runWith(["compare", ...runs], {
    terminal: { columns: 70, hasColors: false },
  });
  for (const line of stdout.split("\n")) assert(line.length <= 70, line);
  for (const at of runs.keys()) assert(stdout.includes(`#${at + 1}`));
});

Deno.test("em compare wants two runs or more", async () => {
  using dir = tempDir();
  const run = comparedRun(dir.path, 0.1);
  const one = await runWith(["compare", run]);
  assertEquals([one.code, one.stdout], [2, ""]);
  const twice = await runWith(["compare", run, run]);
  assert(twice.stdout.includes("\nNothing differs\n"), twice.stdout);
});
