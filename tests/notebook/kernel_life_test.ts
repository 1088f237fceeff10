import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import { resultOf, startKernel, streamOf } from "../support/kernel.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const IMPORT = `import { createRun, liveRuns } from "@t9k/em";\n`;
const START = `${IMPORT}const run = await createRun({ name: "cnn" });`;

Deno.test("what cells and commands print is shown and kept in stdout.log", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const printed = await kernel.run(`console.log("from a cell"); 5`);
  assertEquals(streamOf(printed, "stdout"), "from a cell\n");
  const command = await kernel.run(
    `await run.exec(["sh", "-c", "echo from a command; echo trouble >&2"]);`,
  );
  assertEquals(streamOf(command, "stdout"), "from a command\n");
  assertEquals(streamOf(command, "stderr"), "trouble\n");
  const log = await Deno.readTextFile(
    join(runOf(dir.path, "cnn"), "stdout.log"),
  );
  assertEquals(log.split("\n").sort(), [
    "",
    "from a cell",
    "from a command",
    "trouble",
  ]);
});

Deno.test("errors in cells and in the background leave the run as it is", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const thrown = await kernel.wait(
    await kernel.send(`throw new Error("mine")`),
  );
  assertEquals(thrown.outputs.at(-1)?.content.evalue, "mine");
  await kernel.run(`Promise.reject(new Error("behind")); 0`);
  assertEquals(statusOf(dir.path, "cnn"), "Running");
  await kernel.run("await run.finish()");
  assertEquals(statusOf(dir.path, "cnn"), "Complete");
});

Deno.test("an interrupt ends neither kernel nor run, a second one ends both", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const cell = await kernel.send(
    `for (let i = 0; i < 30; i++) await new Promise((go) => setTimeout(go, 100));
    console.log("to the end");`,
  );
  await kernel.interrupt();
  const result = await kernel.wait(cell);
  assertEquals([result.isOver, result.isAlive], [true, true]);
  assertStringIncludes(streamOf(result, "stdout"), "to the end");
  assertMatch(
    streamOf(result, "stdout"),
    /Interrupted: Deno cannot stop a cell/,
  );
  assertEquals(statusOf(dir.path, "cnn"), "Running");
  // Some seconds later, it may be that this is a first one again.
  await waitFor("the end", async () => {
    await kernel.interrupt();
    return await kernel.isAlive() ? undefined : true;
  });
  assertEquals(statusOf(dir.path, "cnn"), "Error");
});

Deno.test("a cell that listens to the interrupt itself decides", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  await kernel.run(`
    let isStopped = false;
    Deno.addSignalListener("SIGINT", () => isStopped = true);`);
  const cell = await kernel.send(`
    while (!isStopped) await new Promise((go) => setTimeout(go, 20));
    "stopped"`);
  await kernel.interrupt();
  const result = await kernel.wait(cell);
  assertEquals(resultOf(result)["text/plain"], `"stopped"`);
  assertEquals(streamOf(result, "stderr"), "");
  assertEquals(statusOf(dir.path, "cnn"), "Running");
});

Deno.test("an interrupt ends the command that a cell runs, and nothing else", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  const cell = await kernel.send(
    `const { signal } = await run.exec(["sh", "-c", "echo begun; exec sleep 60"]);
    signal`,
  );
  await waitFor(
    "the command",
    async () =>
      streamOf({ outputs: await kernel.seen() }, "stdout").includes("begun") ||
      undefined,
  );
  await kernel.interrupt();
  const result = await kernel.wait(cell);
  assertEquals(resultOf(result)["text/plain"], `"SIGINT"`);
  await waitFor(
    "the status",
    () => statusOf(dir.path, "cnn") === "Running" || undefined,
  );
});

Deno.test("a restart marks the runs of the kernel as Error", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(START);
  await kernel.restart();
  assertEquals(statusOf(dir.path, "cnn"), "Error");
  await kernel.run(
    `${IMPORT}const again = await createRun({ name: "again" });`,
  );
  assertEquals(statusOf(dir.path, "again"), "Running");
});

Deno.test("the next run marks what a killed kernel has left, and says so, but not what another kernel goes on with", async () => {
  using dir = tempDir();
  await using other = await startKernel({ runs: dir.path });
  await other.run(`${IMPORT}const run = await createRun({ name: "other" });`);
  {
    await using kernel = await startKernel({ runs: dir.path });
    await kernel.run(START);
    await kernel.stop({ now: true });
  }
  assertEquals(statusOf(dir.path, "cnn"), "Running");
  await using kernel = await startKernel({ runs: dir.path });
  await kernel.run(`${IMPORT}const next = await createRun({ name: "next" });`);
  await waitFor(
    "the mark",
    () => statusOf(dir.path, "cnn") === "Error" || undefined,
  );
  const said = await waitFor(
    "the sentence",
    async () =>
      (await kernel.seen()).find(({ content }) =>
        content.text?.includes("Marked as Error")
      ),
  );
  assertMatch(said.content.text ?? "", /"cnn_\d{6}_\d{6}_\w{6}"/);
  assertEquals(statusOf(dir.path, "next"), "Running");
  assertEquals(statusOf(dir.path, "other"), "Running");
});

Deno.test("a cell that creates a run again is told of the run before, which liveRuns() still has", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  const cell = `{ const run = await createRun({ name: "cnn" }); }`;
  await kernel.run(IMPORT + cell);
  await kernel.run(cell);
  await waitFor(
    "the sentence",
    async () =>
      (await kernel.seen()).find(({ content }) =>
        content.text?.includes(
          `Another run of this kernel still goes on: "cnn"`,
        )
      ),
  );
  const counted = await kernel.run(`
    const before = liveRuns().length;
    for (const run of liveRuns()) await run.finish({ status: "Error" });
    console.log(before, liveRuns().length);`);
  assertEquals(streamOf(counted, "stdout"), "2 0\n");
});

Deno.test("autoUpload works, and finish() shows nothing but sentences", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const config = join(dir.path, "t9k-config.yaml");
  await Deno.writeTextFile(config, server.config);
  await using kernel = await startKernel({
    runs: dir.path,
    env: { T9K_CONFIG: config },
  });
  await kernel.run(`${IMPORT}
    const run = await createRun({ name: "cnn", autoUpload: true });
    for (let step = 0; step < 100; step++) run.log("train", { loss: 1 }, { step });`);
  const finished = await kernel.run(
    "console.log((await run.finish()).upload.state)",
  );
  assertMatch(
    streamOf(finished, "stdout"),
    /^EM INFO: Run "cnn" is on the server: .*\ncomplete\n$/,
  );
  const compared = await kernel.run(`
    import { compareRuns } from "@t9k/em";
    const { runs, metrics } = (await compareRuns([run, "default/cnn"])).toDict();
    console.log(runs[0].host, runs[1].path, metrics[0].values.map((value) => value.count));`);
  assertEquals(
    streamOf(compared, "stdout"),
    "null /demo/default/cnn [ 100, 100 ]\n",
  );
  const shown = { outputs: await kernel.seen() };
  assertEquals(streamOf(shown, "stderr"), "");
  for (const line of streamOf(shown, "stdout").split("\n")) {
    assertMatch(line, /^(?:EM INFO: [^\r]+|complete|null .*|)$/);
  }
});

function runOf(parent: string, name: string): string {
  const found = [...Deno.readDirSync(parent)].filter((entry) =>
    entry.name.startsWith(`${name}_`)
  );
  assertEquals(found.length, 1, `runs "${name}"`);
  return join(parent, found[0]?.name ?? "");
}

function statusOf(parent: string, name: string): string {
  const text = Deno.readTextFileSync(
    join(runOf(parent, name), "metadata.yaml"),
  );
  return /^status: (\w+)$/m.exec(text)?.[1] ?? "";
}
