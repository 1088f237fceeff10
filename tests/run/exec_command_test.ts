import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { CommandError, createRun, loadRun } from "../../mod.ts";
import type { ExecOptions } from "../../mod.ts";
import { parentDirs } from "../support/parent_dirs.ts";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const QUIET: ExecOptions = { showOutput: false, stdin: "null" };
const newRun = (name: string) => createRun({ name, captureConsole: false });

Deno.test("run.exec() tells how the command has ended, and keeps what it printed", async () => {
  using _dirs = parentDirs();
  const run = await newRun("endings");
  const table: [string, { code: number; signal: string | null }][] = [
    ["echo out; echo err >&2", { code: 0, signal: null }],
    ["printf half; exit 3", { code: 3, signal: null }],
    ["kill -KILL $$", { code: 137, signal: "SIGKILL" }],
    ["kill -TERM $$", { code: 143, signal: "SIGTERM" }],
  ];
  for (const [script, { code, signal }] of table) {
    const ended = await run.exec(["sh", "-c", script], QUIET);
    assertEquals(ended, { code, signal, success: code === 0 } as typeof ended);
  }
  await run.exec(["sh", "-c", "echo no >&2; printf 'a\\bb'"], {
    ...QUIET,
    captureStderr: false,
  });
  const log = Deno.readTextFileSync(join(run.local, "stdout.log"));
  assertEquals(log.split("\n").sort(), ["err", "halfab", "out"]);
  assertThrows(() => run.finish({ status: "Running" as "Error" }), RangeError);
  assertEquals(run.status, "Running");
  const { status } = await run.finish({ status: "Error" });
  assertEquals([status, run.status], ["Error", "Error"]);
  await assertRejects(() => run.exec(["true"]), TypeError, "it is over");
});

Deno.test("run.exec() gives directory, environment and stdin as asked for", async () => {
  using dirs = parentDirs();
  const run = await newRun("surroundings");
  const { success } = await run.exec(
    [
      "sh",
      "-c",
      'pwd; echo "$A $PYTHONUNBUFFERED"; cat; echo x > "$EM_RUN_DIR/model.bin"',
    ],
    { ...QUIET, cwd: dirs.path, env: { A: "b", EM_RUN_DIR: "no" } },
  );
  assert(success);
  assertEquals(
    Deno.readTextFileSync(join(run.local, "stdout.log")),
    `${dirs.path}\nb 1\n`,
  );
  assertEquals(Deno.readTextFileSync(join(run.local, "model.bin")), "x\n");
  await run.finish();
});

Deno.test("run.exec() logs the metrics that the command prints, and keeps damaged lines as output", async () => {
  using _dirs = parentDirs();
  const run = await newRun("metrics");
  const line = (json: string) => `EM_METRICS ${json}\\n`;
  await run.exec([
    "sh",
    "-c",
    `
    printf 'one\\n${
      line('{"type":"train","step":1,"epoch":1,"metrics":{"loss":0.5}}')
    }'
    printf '${line('{"type":"train","step":"2","metrics":{"loss":1}}')}'
    printf '${line('{"type":"train","step":2,"metrics":{"loss":NaN}}')}EM_MET'
    printf 'RICS {"type":"validation","step":2,"metrics":{"loss":"-Infinity"}}'
  `,
  ], QUIET);
  const values = Object.entries(run.metrics).map(([type, records]) => [
    type,
    records.map(({ value, sequence }) => [sequence.step, value.loss]),
  ]);
  assertEquals(values, [
    ["train", [[1, 0.5], [2, NaN]]],
    ["val", [[2, -Infinity]]],
  ]);
  assertEquals(
    Deno.readTextFileSync(join(run.local, "stdout.log")),
    'one\nEM_METRICS {"type":"train","step":"2","metrics":{"loss":1}}\n',
  );
  await run.finish();
  const again = await loadRun(run.local, { captureConsole: false });
  assertEquals(again.metrics.train?.length, 2);
  await again.finish();
});

Deno.test("run.exec() ends the command when its signal is aborted, and rejects with the reason", async () => {
  using _dirs = parentDirs();
  const run = await newRun("aborted");
  const abort = new AbortController();
  const running = run.exec([
    "sh",
    "-c",
    "trap 'echo ended; exit 0' TERM; echo up; while :; do sleep 0.05; done",
  ], {
    ...QUIET,
    signal: abort.signal,
  });
  const log = join(run.local, "stdout.log");
  await waitFor("the command", () => Deno.readTextFileSync(log) || undefined);
  abort.abort(new Error("enough"));
  await assertRejects(() => running, Error, "enough");
  assertEquals(Deno.readTextFileSync(log), "up\nended\n");
  await assertRejects(
    () => run.exec(["touch", join(run.local, "no")], { signal: abort.signal }),
    Error,
    "enough",
  );
  assertEquals(
    [...Deno.readDirSync(run.local)].some(({ name }) => name === "no"),
    false,
  );
  await run.finish();
});

Deno.test("run.exec() does not wait for what the command has left in the background", async () => {
  using _dirs = parentDirs();
  const run = await newRun("background");
  await run.exec(["sh", "-c", "sleep 600 & echo $!"], QUIET);
  const pid = Number(Deno.readTextFileSync(join(run.local, "stdout.log")));
  Deno.kill(pid, "SIGKILL");
  await run.finish();
});

Deno.test("run.exec() says what is wrong with a command", async () => {
  using dirs = parentDirs();
  const run = await newRun("wrong");
  const missing = await assertRejects(
    () => run.exec(["no-such-program"]),
    CommandError,
    'Cannot run "no-such-program": there is no such program',
  );
  assertEquals([missing.isMissing, missing.program], [true, "no-such-program"]);
  const nowhere = await assertRejects(
    () => run.exec(["true"], { cwd: join(dirs.path, "no") }),
    CommandError,
    "there is no directory",
  );
  assertEquals(nowhere.isMissing, false);
  Deno.writeTextFileSync(join(dirs.path, "plain"), "");
  const refused = await assertRejects(
    () => run.exec([join(dirs.path, "plain")]),
    CommandError,
  );
  assertEquals(refused.isMissing, false);
  // deno-lint-ignore no-explicit-any -- what the types forbid
  const wrong: any[] = [[[]], ["ls"], [[1]], [["ls"], { shell: true }]];
  for (const [command, options] of wrong) {
    await assertRejects(() => run.exec(command, options), TypeError);
  }
  await assertRejects(
    () => run.exec(["ls"], { stdin: "piped" as "null" }),
    RangeError,
  );
  await run.finish();
});

Deno.test("run.exec() names the permission that is missing, and works with that alone", async () => {
  using dir = tempDir();
  const code = `
    import { createRun } from "@t9k/em";
    const run = await createRun();
    await run.exec(["sh", "-c", "echo shown; echo told >&2"]);
    await run.exec(["true"]).catch((error) => console.log(error.name, error.message));
    await run.finish();`;
  const flags = ["--allow-read=.em", "--allow-write=.em", "--allow-run=sh"];
  const { code: exit, stdout, stderr } = await runScript(code, {
    dir: dir.path,
    flags,
  });
  assertEquals(
    [exit, stdout],
    [
      0,
      'shown\nPermissionError Cannot run "true": run again with --allow-run=true\n',
    ],
    stderr,
  );
  assertStringIncludes(stderr, "told\n");
});

Deno.test("run.exec() passes 100 MB and lines of 10 MB through in bounded memory, without touching other runs", async () => {
  using dir = tempDir();
  const code = `
    import { createRun } from "@t9k/em";
    const other = await createRun({ name: "other" });
    const run = await createRun({ name: "big" });
    const child = "const line = new Uint8Array(1e7).fill(120); line[line.length - 1] = 10;" +
      "const head = new TextEncoder().encode('EM_METRICS ');" +
      "for (let i = 0; i < 10; i++) { if (i % 2) line.set(head); let at = 0; while (at < line.length) at += Deno.stdout.writeSync(line.subarray(at)); }";
    const before = Deno.memoryUsage().rss;
    let most = 0;
    const timer = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss - before), 20);
    await run.exec([Deno.execPath(), "eval", child]);
    clearInterval(timer);
    await run.finish();
    await other.finish();
    const size = (run) => Deno.statSync(run.local + "/stdout.log").size;
    console.error("sizes", size(run), size(other), "most MiB", Math.round(most / 2 ** 20));`;
  const { code: exit, stdout, stderr } = await runScript(code, {
    dir: dir.path,
  });
  assertEquals([exit, stdout.length], [0, 1e8], stderr);
  const [, run, other, most] = /sizes (\d+) (\d+) most MiB (\d+)/.exec(stderr)
    ?.map(Number) ?? [];
  assertEquals([run, other], [1e8, 0]);
  assert((most ?? Infinity) < 80, `${most} MiB`);
});

Deno.test("run.exec() with forwardSignals hands a signal to the command's whole group, and goes on", async () => {
  using dir = tempDir();
  const code = `
    import { createRun } from "@t9k/em";
    const run = await createRun({ captureConsole: false });
    const inner = "trap 'echo inner; exit 0' TERM; echo up; while :; do sleep 0.05; done";
    const running = run.exec(["sh", "-c", "trap 'wait; exit 5' TERM; (" + inner + ") & wait; wait"], { forwardSignals: true });
    while (!Deno.readTextFileSync(run.local + "/stdout.log").includes("up")) await new Promise((go) => setTimeout(go, 20));
    Deno.kill(Deno.pid, "SIGTERM");
    const { code } = await running;
    const { status } = await run.finish({ status: "Error" });
    console.log("went on", code, status);`;
  const { code: exit, stdout, stderr } = await runScript(code, {
    dir: dir.path,
  });
  assertEquals(exit, 0, stderr);
  assertMatch(stdout, /^up\ninner\nwent on \d+ Error\n$/);
});
