import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { resultOf, startKernel, streamOf } from "../support/kernel.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const START = `
import { compareRuns, createArtifact, createRun, liveRuns, loadRun } from "@t9k/em";
const run = await createRun({ name: "cnn", hparams: { lr: 0.1 }, labels: ["digits"] });
for (let step = 1; step <= 50; step++) run.log("train", { loss: 1 / step }, { step });
run.log("val", { loss: 0.5 }, { step: 50 });`;

Deno.test("a notebook shows runs, artifacts and comparisons, and says in the cell what it has to say", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  const begun = await kernel.run(START);
  assertMatch(streamOf(begun, "stdout"), /^EM INFO: Run "cnn" is recorded in/);
  const card = resultOf(await kernel.run("run"));
  assertMatch(card["text/plain"] ?? "", /^Run "cnn" Running, /);
  assertStringIncludes(
    card["text/plain"] ?? "",
    "train/loss  0.02 (0.02 to 1)",
  );
  const html = card["text/html"] ?? "";
  for (const part of ["em-live", "digits", "<svg", "0.02", ">lr</dt>"]) {
    assertStringIncludes(html, part);
  }
  assert(!/<script|javascript:| on\w+=/i.test(html));
  const artifact = await kernel.run(`
    const data = await createArtifact({ name: "data" });
    await data.addReference("s3://bucket/digits.gz");
    data`);
  assertStringIncludes(
    resultOf(artifact)["text/html"] ?? "",
    "s3://bucket/digits.gz",
  );
  const compared = await kernel.run(`
    const other = await createRun({ name: "mlp", hparams: { lr: 0.2 } });
    other.log("train", { loss: 0.7 }, { step: 1 });
    await other.finish();
    await compareRuns([run, other.local])`);
  assertMatch(resultOf(compared)["text/plain"] ?? "", /^lr +0\.1 +0\.2$/m);
  assertStringIncludes(resultOf(compared)["text/html"] ?? "", "2 runs");
  const printed = await kernel.run("console.log(run)");
  assertMatch(
    streamOf(printed, "stdout"),
    /^Run "cnn" Running in ".*"\n {2}labels/,
  );
});

Deno.test("what is damaged is said on the card and is no error of the cell", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const damages = [
    [
      `Deno.writeTextFileSync(run.local + "/metrics/val.yaml", "- {metrics: [1\\n- x: 2\\n");`,
      "metrics/val.yaml",
    ],
    [
      `Deno.writeTextFileSync(run.local + "/hyperparameters.yaml", "a: [1");`,
      "hyperparameters.yaml",
    ],
    [
      `Deno.writeTextFileSync(run.local + "/metadata.yaml", ": {");`,
      "metadata.yaml",
    ],
    [`Deno.removeSync(run.local, { recursive: true });`, "it is missing"],
  ] as const;
  for (const [damage, word] of damages) {
    const result = resultOf(await kernel.run(`${damage} run`));
    assertStringIncludes(result["text/html"] ?? "", "em-problem", word);
    assertStringIncludes(result["text/plain"] ?? "", word);
  }
});

Deno.test("what cannot be drawn at all is said, and is no error of the cell", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const broken = await kernel.run(`
    Object.defineProperty(run, "local", { get: () => { throw new Error("mine"); } });
    run`);
  assertMatch(
    resultOf(broken)["text/plain"] ?? "",
    /^This cannot be shown: Error: mine/,
  );
});

Deno.test("run.watch() changes in place while other cells run, and shows the end of the run", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const began = await kernel.run("const view = run.watch({ everyMs: 100 });");
  const first = began.outputs.find(({ type }) => type === "display_data");
  const id = first?.content.transient?.display_id;
  assert(id !== undefined);
  const shown = async () =>
    (await kernel.seen()).filter(({ type, content }) =>
      type === "update_display_data" && content.transient?.display_id === id
    ).map(({ content }) => content.data?.["text/plain"] ?? "");
  await kernel.run(`run.log("train", { loss: 7 }, { step: 51 });`);
  await waitFor(
    "the new value",
    async () => (await shown()).find((text) => text.includes("train/loss  7 ")),
  );
  const updates = (await shown()).length;
  await kernel.run("1 + 1");
  assertEquals((await shown()).length, updates, "it was shown without need");
  await kernel.run("await run.finish();");
  assertMatch((await shown()).at(-1) ?? "", /^Run "cnn" Complete/);
  const after = (await shown()).length;
  await kernel.run("await view.stop();");
  assertEquals((await shown()).length, after);
});

Deno.test("run.watch() ends when it is told to, or by the end of its block", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  await kernel.run(`
    {
      await using view = run.watch({ everyMs: 100 });
      run.log("train", { loss: 7 }, { step: 51 });
    }`);
  const count = (await kernel.seen()).length;
  await kernel.run(`run.log("train", { loss: 8 }, { step: 52 });`);
  await kernel.run("await new Promise((resolve) => setTimeout(resolve, 400));");
  const updates = await kernel.seen();
  assertEquals(updates.length, count);
  assertStringIncludes(
    updates.at(-1)?.content.data?.["text/plain"] ?? "",
    "loss  7 ",
  );
});

Deno.test("finish() does not answer before a watched run is shown as it ended", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  await kernel.run("const view = run.watch({ everyMs: 60_000 });");
  const { outputs } = await kernel.run("await run.finish()");
  const [shown, result] = outputs;
  assertMatch(
    shown?.content.data?.["text/plain"] ?? "",
    /^Run "cnn" Complete/,
  );
  assertEquals([outputs.length, result?.type], [2, "execute_result"]);
});
