import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import process from "node:process";
import { Sampler } from "../../src/system/sampler.ts";
import type { SystemSources } from "../../src/system/sources.ts";

const ALL: SystemSources = {
  cpus: true,
  memory: true,
  disk: true,
  proc: Deno.build.os === "linux",
  gpus: false,
};

const NONE: SystemSources = {
  cpus: false,
  memory: false,
  disk: false,
  proc: false,
  gpus: false,
};

function compute(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

/** The time, and how long this process has computed, in milliseconds. */
function clocks(): { readonly atMs: number; readonly cpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), cpuMs: (user + system) / 1000 };
}

/** What /proc counts in, of two kinds of time at both ends. */
const TICKS_MS = 40;

Deno.test("Sampler tells what the process computes, as the system counts it, and what the machine does", () => {
  for (const sources of [ALL, { ...ALL, proc: false }]) {
    const before = clocks();
    const sampler = new Sampler(".", sources);
    const begun = clocks();
    compute(600);
    const end = clocks();
    const sample = sampler.sample();
    const after = clocks();
    // Whenever in between it has looked, and however long it was kept from it.
    const least = (end.cpuMs - begun.cpuMs - TICKS_MS) /
      (after.atMs - before.atMs);
    const most = (after.cpuMs - before.cpuMs + TICKS_MS) /
      (end.atMs - begun.atMs);
    const cores = navigator.hardwareConcurrency;
    const part = (sample.process_cpu_percent ?? NaN) * cores / 100;
    assert(part >= least && part <= most, `${least} <= ${part} <= ${most}`);
    assert((sample.cpu_percent ?? 0) > 0, `${sample.cpu_percent}`);
    assert((sample.cpu_percent ?? 101) <= 100, `${sample.cpu_percent}`);
    assert((sample.memory_percent ?? 101) < 100);
    assert((sample.disk_percent ?? 101) <= 100);
    const rss = Deno.memoryUsage().rss / 2 ** 30;
    assertAlmostEquals(sample.process_memory_gib ?? 0, rss, 0.5 * rss);
  }
});

Deno.test("Sampler gives no rate at the first look, and none over no time", () => {
  const sampler = new Sampler(".", ALL);
  const names = Object.keys(sampler.sample());
  assertEquals(names, [
    "process_memory_gib",
    "memory_used_gib",
    "memory_percent",
    "disk_free_gib",
    "disk_percent",
  ]);
  compute(120);
  assert("process_cpu_percent" in sampler.sample());
});

Deno.test("Sampler looks at nothing that it may not look at", () => {
  const sampler = new Sampler(".", NONE);
  compute(120);
  assertEquals(Object.keys(sampler.sample()), [
    "process_cpu_percent",
    "process_memory_gib",
  ]);
});

Deno.test({
  name:
    "Sampler counts what children compute and use, while they run and after they have ended",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const started = performance.now();
    const sampler = new Sampler(".", ALL);
    const alone = new Sampler(".", { ...ALL, proc: false });
    const code =
      `const kept = new Uint8Array(2e8).fill(1); while (process.cpuUsage().user < 5e5); console.log(kept.length); prompt();`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const cores = navigator.hardwareConcurrency;
    const [all, own] = [sampler.sample(), alone.sample()];
    const seconds = (performance.now() - started) / 1000;
    const more = (name: string) => (all[name] ?? NaN) - (own[name] ?? NaN);
    assert(more("process_memory_gib") > 0.18, JSON.stringify({ all, own }));
    const computed = more("process_cpu_percent") / 100 * cores * seconds;
    assert(computed > 0.45, `${computed} s of 0.5 s`);
    await reader.cancel();
    await child.stdin.close();
    await child.status;
    compute(200);
    assert((sampler.sample().process_cpu_percent ?? -1) >= 0);
  },
});
