import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import type { MetricRecord } from "../../src/format/metric_record.ts";
import { runEm } from "../cli/em_process.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { isAlive } from "../support/is_alive.ts";
import { nvidiaSmiStandIn, TWO_GPUS } from "../support/nvidia_smi.ts";
import { IMPORT, prepare } from "../support/run_with.ts";
import { onlyRun, ROOT, runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Computes without ever yielding. */
const BUSY = `function compute(ms: number) {
  for (const end = performance.now() + ms; performance.now() < end;);
}`;
/** Does so until there are so many records. */
const BUSY_UNTIL = `${BUSY} function computeUntil(count: number, dir: string) {
  const records = () => Deno.readTextFileSync(dir + "/metrics/system.yaml").match(/step:/g)?.length ?? 0;
  while (records() < count) compute(50);
}`;
const EVERY_SECOND = "systemMetrics: { everyMs: 1000 }";

function recordsOf(run: string): readonly MetricRecord[] {
  const path = join(run, "metrics", "system.yaml");
  const { records, problem } = parseMetrics(Deno.readFileSync(path));
  assertEquals(problem, undefined);
  return records;
}

function names(records: readonly MetricRecord[]): string[] {
  return [...new Set(records.flatMap(({ value }) => Object.keys(value)))];
}

const MACHINE = ["cpu_percent", "memory_used_gib", "memory_percent"];
const PROCESS = ["process_cpu_percent", "process_memory_gib"];

Deno.test("system metrics are taken while the script computes without a pause, and delivered with the rest", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const { code, stdout, stderr } = await runScript(
    `${IMPORT} ${BUSY_UNTIL}
    const run = await createRun({ name: "busy", autoUpload: true, durability: "power", ${EVERY_SECOND} });
    computeUntil(4, run.local);
    const before = Deno.readTextFileSync(run.local + "/metrics/system.yaml");
    let refusal = "";
    try { run.log("system", { loss: 1 }, { step: 1 }); } catch (error) { refusal = error.message; }
    run.log("train", { loss: 1 }, { step: 1 });
    const { upload } = await run.finish();
    console.log(JSON.stringify({ before, refusal, state: upload.state, types: Object.keys(run.metrics), count: run.metrics.system.length }));`,
    prepare(server, dir.path),
  );
  assertEquals(code, 0, stderr);
  const run = onlyRun(dir.path);
  const answer = JSON.parse(stdout);
  assertEquals(answer.state, "complete");
  assertEquals(answer.types, ["train", "system"]);
  assertMatch(
    answer.refusal,
    /^Cannot log system metrics: option systemMetrics/,
  );
  const before = parseMetrics(new TextEncoder().encode(answer.before)).records;
  assertGreaterOrEqual(before.length, 4);
  const records = recordsOf(run);
  assertEquals(answer.count, records.length);
  const steps = records.map(({ sequence }) => sequence.step);
  assertEquals(steps, [...steps].sort((a, b) => a - b));
  assertEquals(steps[0], 0);
  assertGreaterOrEqual(steps.at(-1) ?? 0, 2);
  const found = names(records);
  for (
    const name of [...MACHINE, ...PROCESS, "disk_free_gib", "disk_percent"]
  ) {
    assert(found.includes(name), `${name} is not among ${found}`);
  }
  assert(
    records.slice(1).some(({ value }) => (value.process_cpu_percent ?? 0) > 0),
  );
  assertStringIncludes(
    Deno.readTextFileSync(join(run, "index.yaml")),
    "metrics:\n  train: metrics/train.yaml\n  system: metrics/system.yaml\n",
  );
  assertEquals(await server.objects("/demo/default/busy"), filesOf(run));
  assertEquals(stderr.match(/WARNING/g), null, stderr);
});

Deno.test("system metrics keep no process alive, and go on where they were when a run is continued", async () => {
  using dir = tempDir();
  // A process that hung would be ended, with another exit code.
  const prefix = ["timeout", "20"];
  const first = await runScript(
    `${IMPORT} await createRun({ name: "short", ${EVERY_SECOND} });`,
    { dir: dir.path, prefix },
  );
  assertEquals(first.code, 0, first.stderr);
  const run = onlyRun(dir.path);
  const read = () =>
    decodeRunMetadata(Deno.readTextFileSync(join(run, "metadata.yaml")));
  assertEquals(read().status, "Error");
  assertEquals(recordsOf(run).length, 1);
  const started = Date.now();
  const second = await runScript(
    `import { loadRun } from "@t9k/em"; ${BUSY}
    const run = await loadRun(${JSON.stringify(run)}, { systemMetrics: true });
    compute(700);
    await run.finish();`,
    { dir: dir.path, prefix },
  );
  assertEquals(second.code, 0, second.stderr);
  assertEquals(read().status, "Complete");
  const records = recordsOf(run);
  // The first of each process, and the last of the second.
  assertEquals(records.length, 3);
  assertEquals("cpu_percent" in (records[2]?.value ?? {}), true);
  const gap = (started - Date.parse(read().startTimestamp)) / 1000;
  assertGreaterOrEqual(records[1]?.sequence.step ?? 0, Math.floor(gap));
});

Deno.test("system metrics that are not permitted are left out, which is said once, and nothing is asked for", async () => {
  const readSource = `--allow-read=.,${ROOT.pathname}`;
  const rest = ["--allow-write=.", "--allow-env", "--allow-run=git"];
  const table: [readonly string[], readonly string[], RegExp][] = [
    [
      [readSource, ...rest, "--allow-sys"],
      [...MACHINE, ...PROCESS, "disk_free_gib", "disk_percent"],
      /Left out for want of a permission: (child processes and the traffic of disks and network \(--allow-all\), )?the GPUs \(--allow-run=nvidia-smi\)\n/,
    ],
    [
      [readSource, ...rest],
      PROCESS,
      /the machine's processors \(--allow-sys=cpus\), the machine's memory \(--allow-sys=systemMemoryInfo\), the room on the disk \(--allow-sys=statfs\)/,
    ],
    [
      ["--allow-read=.", ...rest, "--allow-sys"],
      [...MACHINE, ...PROCESS, "disk_free_gib", "disk_percent"],
      /System metrics are taken when this script waits, and without the GPUs; --allow-read=/,
    ],
  ];
  for (const [flags, expected, said] of table) {
    using dir = tempDir();
    const { code, stderr } = await runScript(
      `${IMPORT} ${BUSY}
      const run = await createRun({ name: "scoped", ${EVERY_SECOND} });
      compute(700);
      await run.finish();`,
      { dir: dir.path, flags, prefix: ["timeout", "20"] },
    );
    assertEquals(code, 0, stderr);
    assertMatch(stderr, said);
    assertEquals(stderr.match(/GPUs \(/g)?.length, 1, stderr);
    const records = recordsOf(onlyRun(dir.path));
    assertEquals(names(records).sort(), [...expected].sort());
  }
});

Deno.test("system metrics have those of the GPUs, and go on without where they cannot be had", async () => {
  const table: [string, string, RegExp | null][] = [
    ["fine", `printf '${TWO_GPUS}'`, null],
    [
      "failing",
      "echo no driver; exit 9",
      /nvidia-smi: it ended with exit code 9 and said "no driver"/,
    ],
    [
      "garbage",
      "head -c 300 /dev/urandom",
      /nvidia-smi: it said ".*which is no answer/,
    ],
  ];
  for (const [name, script, said] of table) {
    using dir = tempDir();
    const { code, stderr } = await runScript(
      `${IMPORT} ${BUSY_UNTIL}
      const run = await createRun({ name: "gpus", ${EVERY_SECOND} });
      computeUntil(3, run.local);
      await run.finish();`,
      { dir: dir.path, env: nvidiaSmiStandIn(dir.path, script) },
    );
    assertEquals(code, 0, stderr);
    const records = recordsOf(onlyRun(dir.path));
    assertGreaterOrEqual(records.length, 3, name);
    const found = names(records);
    assertEquals(found.includes("gpu_0_power_watts"), name === "fine", name);
    assertEquals(found.includes("gpu_1_percent"), name === "fine", name);
    assertEquals(found.includes("gpu_1_power_watts"), false, name);
    if (said === null) assertEquals(stderr.match(/WARNING/g), null, stderr);
    else assertMatch(stderr, said);
    assertLess(stderr.match(/nvidia-smi/g)?.length ?? 0, 2, stderr);
  }
});

Deno.test("a question to the GPUs that is not answered holds up no end, and is left behind by none", async () => {
  const ends = {
    finish: "await run.finish();",
    normal: "",
    exit: "Deno.exit(0);",
  };
  for (const [name, end] of Object.entries(ends)) {
    using dir = tempDir();
    const script =
      `sleep 600 & echo "$$ $!" > ${dir.path}/half; mv ${dir.path}/half ${dir.path}/pids; wait`;
    const { code, stderr } = await runScript(
      `${IMPORT}
      const run = await createRun({ name: "hang", ${EVERY_SECOND} });
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        try { Deno.statSync("pids"); break; } catch { /* not asked yet */ }
      }
      ${end}`,
      {
        dir: dir.path,
        env: nvidiaSmiStandIn(dir.path, script),
        prefix: ["timeout", "20"],
      },
    );
    assertEquals(code, 0, stderr);
    const pids = Deno.readTextFileSync(join(dir.path, "pids")).trim()
      .split(" ");
    await waitFor(
      `the end of ${pids} after ${name}`,
      () => pids.some((pid) => isAlive(Number(pid))) ? undefined : true,
    );
    assertEquals(recordsOf(onlyRun(dir.path)).length > 0, true);
    // A question that was given up in its own time would be told of.
    assertEquals(stderr.match(/WARNING/g), null, stderr);
  }
});

Deno.test("system metrics are whole when the process is killed", async () => {
  using dir = tempDir();
  const child = spawnScript(
    `${IMPORT} ${BUSY}
    await createRun({ name: "killed", ${EVERY_SECOND} });
    console.log("ready");
    compute(60_000);`,
    { dir: dir.path },
  );
  const output = child.output();
  await waitFor("two records", () => {
    try {
      return recordsOf(onlyRun(dir.path)).length > 1 || undefined;
    } catch (error) {
      if (error instanceof Error) return undefined;
      throw error;
    }
  });
  child.kill("SIGKILL");
  assertEquals((await output).signal, "SIGKILL");
  assertGreaterOrEqual(recordsOf(onlyRun(dir.path)).length, 2);
});

Deno.test("em exec --system-metrics counts what the program takes", async () => {
  using dir = tempDir();
  const busy =
    `const kept = new Uint8Array(3e8).fill(1); while (process.cpuUsage().user < 1e6); console.log(kept.length);`;
  const { code, stderr } = await runEm([
    "exec",
    "--system-metrics",
    "--",
    Deno.execPath(),
    "eval",
    busy,
  ], { dir: dir.path });
  assertEquals(code, 0, stderr);
  const records = recordsOf(onlyRun(dir.path));
  // Each record tells of the time since the one before.
  const seconds = records.slice(1).map(({ value, sequence }, before) => {
    const since = records[before]?.sequence.timestamp ?? "";
    const ms = Date.parse(sequence.timestamp) - Date.parse(since);
    return (value.process_cpu_percent ?? 0) / 100 * ms / 1000;
  });
  const computed = seconds.reduce((sum, each) => sum + each, 0) *
    navigator.hardwareConcurrency;
  assertGreaterOrEqual(computed, 0.9);
});
