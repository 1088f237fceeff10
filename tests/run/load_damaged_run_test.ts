import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DamagedFileError, loadRun } from "../../mod.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { readOwner } from "../../src/local/owner.ts";
import { filesOf } from "../support/em_server.ts";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { copyRun } from "./fixture_runs.ts";

Deno.test("loadRun() repairs the cut end of a metrics file and says so, and refuses earlier damage", async () => {
  using dir = tempDir();
  const path = await copyRun(
    "c22_torn_metrics/runs/torn_261123_084324_opfvnn",
    dir.path,
  );
  const before = filesOf(path);
  const result = await runScript(
    `import { loadRun } from "@t9k/em";
    const run = await loadRun(${JSON.stringify(path)});
    for (const type of ["train", "val", "test"]) run.log(type, { again: 1 }, { step: 99 });
    await run.finish();`,
    { dir: dir.path },
  );
  assertEquals(result.code, 0, result.stderr);
  const said = result.stderr.split("\n").filter((line) =>
    line.startsWith("EM INFO: Repaired")
  );
  assertEquals(said.length, 3, result.stderr);
  assertMatch(said.join("\n"), /metrics\/train\.yaml" .*line \d+/);
  const after = filesOf(path);
  for (const type of ["train", "val", "test"]) {
    const file = `metrics/${type}.yaml`;
    const items = parseYaml(after.get(file) ?? "") as unknown[];
    const whole = (before.get(file) ?? "").split(/^(?=- )/m).length;
    assertEquals(items.length, whole, file);
    assertEquals((items.at(-1) as { value: unknown }).value, { again: 1 });
  }

  const broken = join(path, "metrics", "val.yaml");
  Deno.writeTextFileSync(broken, `- oops\n${Deno.readTextFileSync(broken)}`);
  Deno.truncateSync(join(path, "metrics", "train.yaml"), 150);
  const damaged = filesOf(path);
  const error = await assertRejects(() => loadRun(path), DamagedFileError);
  assertEquals([error.path, error.line], [broken, 1]);
  assertEquals(filesOf(path), damaged);
});

Deno.test("loadRun() names a missing or damaged file, and changes nothing", async () => {
  const whole = "c07_metrics/runs/metrics_261123_082116_5iqr1l";
  const table: readonly [file: string, text: string | null, why: RegExp][] = [
    ["metadata.yaml", null, /missing/],
    ["index.yaml", null, /missing/],
    ["hyperparameters.yaml", null, /missing/],
    ["platform.yaml", null, /missing/],
    ["git.yaml", null, /missing/],
    ["metrics/val.yaml", null, /missing/],
    ["metadata.yaml", "", /must be a map/],
    ["metadata.yaml", "kind: Artifact\n", /associations|kind/],
    ["hyperparameters.yaml", "- 1\n", /must hold a map/],
    ["platform.yaml", "x\n", /must hold a map/],
    ["index.yaml", "metrics:\n  ../x: ../x.yaml\n", /cannot name a file/],
    ["metrics/val.yaml", "[{value: {}, sequence: {}}]\n", /./],
  ];
  for (const [file, text, why] of table) {
    using dir = tempDir();
    const path = await copyRun(whole, dir.path);
    if (text === null) Deno.removeSync(join(path, file));
    else Deno.writeTextFileSync(join(path, file), text);
    const before = filesOf(path);
    const error = await assertRejects(() => loadRun(path), DamagedFileError);
    assertEquals(error.path, join(path, file), error.message);
    assertMatch(error.message, why);
    assertEquals(filesOf(path), before, file);
    assertEquals(readOwner(path), undefined);
  }
});

Deno.test("loadRun() completes the index, and goes on after an emptied metrics file", async () => {
  using dir = tempDir();
  const path = await copyRun(
    "c07_metrics/runs/metrics_261123_082116_5iqr1l",
    dir.path,
  );
  Deno.writeTextFileSync(
    join(path, "index.yaml"),
    "hyperparameters: hyperparameters.yaml\nmetrics:\n  val: metrics/val.yaml\n",
  );
  Deno.writeTextFileSync(join(path, "metrics", "val.yaml"), "[]\n");
  await using run = await loadRun(path, { captureConsole: false });
  run.log("val", { x: 1 }, { step: 1 });
  assertEquals(run.metrics.val?.map(({ value }) => value), [{ x: 1 }]);
  const index = parseYaml(Deno.readTextFileSync(join(path, "index.yaml"))) as {
    metrics: Record<string, string>;
  };
  assertEquals(Object.keys(index.metrics), [
    "val",
    "a b.c",
    "custom",
    "test",
    "train",
    "training",
  ]);
});

Deno.test("loadRun() keeps the text of hyperparameters that are not changed", async () => {
  using dir = tempDir();
  const path = await copyRun(
    "c02_hparams/runs/hparams_261123_082109_dbbj95",
    dir.path,
  );
  const file = join(path, "hyperparameters.yaml");
  const before = Deno.readTextFileSync(file).split("\n");
  await using run = await loadRun(path, { captureConsole: false });
  run.hparams.added = 1;
  run.hparams.update({ added2: [1, 2] });
  const after = Deno.readTextFileSync(file).split("\n");
  assertEquals(new Set(before).difference(new Set(after)), new Set());
  assertEquals(run.hparams.added, 1);
});
