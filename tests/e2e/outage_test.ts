import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { startEm } from "../cli/em_process.ts";
import type { Script } from "../support/faulty_server.ts";
import { runPrintedCommand, startLive } from "../support/live_script.ts";
import { onlyRun } from "../support/script.ts";
import {
  checksumsOf,
  configFor,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import {
  arrived,
  assertCalm,
  assertNoGap,
  assertWhole,
  isPut,
  mainThreadFlags,
  sizeOf,
} from "../support/bad_day.ts";

/** How long a process may go on when its work is done; a request that holds it would do so for 30 s. */
const PROMPT_MS = 6_000;

Deno.test("a server that is away for three seconds costs one warning, and everything is there at the end", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "away", autoUpload: true });
    await logUntil(run, "end");
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  await arrived(server, "/demo/default/away metrics/train.yaml");
  await server.faulty.down();
  const downAt = Date.now();
  await live.heard("nothing is lost");
  const metrics = join(onlyRun(dir.path), "metrics/train.yaml");
  const before = sizeOf(metrics);
  await waitFor(
    "log() goes on",
    () =>
      Date.now() > downAt + 3_000 && sizeOf(metrics) > before
        ? true
        : undefined,
  );
  await server.faulty.up();
  await live.heard("answers again");
  live.tell("end");
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.warnings.length, 1, result.stderr);
  assertEquals(
    result.infos.filter((line) => line.includes("answers again")).length,
    1,
  );
  const [report] = result.reports;
  assertEquals([report?.status, report?.state], ["Complete", "complete"]);
  const run = onlyRun(dir.path);
  await assertWhole(server, "/demo/default/away", run);
  assertNoGap(run);
});

const MODES = [["worker", () => ["-A"]], ["main", mainThreadFlags]] as const;

Deno.test("a server that hangs holds up neither createRun(), nor log(), nor finish(), nor the end of the process", async (t) => {
  const hangs: readonly (readonly [name: string, script: Script])[] = [
    ["from the start", () => ({ kind: "hang" })],
    ["for objects", (request) => isPut(request) ? { kind: "hang" } : undefined],
  ];
  const cases = MODES.flatMap(([mode, flags]) =>
    hangs.map(([name, script]) => ({ mode, flags, name, script }))
  );
  const run = async (
    { mode, flags, name, script }: (typeof cases)[number],
  ): Promise<void> => {
    await using server = await startShakyServer();
    server.faulty.script = script;
    using dir = tempDir();
    const live = startLive(
      `const time = async (what) => { const start = performance.now(); await what(); return performance.now() - start; };
      const logs = (run) => time(async () => { for (let i = 0; i < 5_000; i++) { log(run); if (i % 100 === 0) await pause(0); } });
      const local = await createRun({ name: "local" });
      await logs(local);
      const without = await logs(local);
      await local.finish();
      let run;
      const create = await time(async () => run = await createRun({ name: "hang", autoUpload: true }));
      const logging = await logs(run);
      const finish = await time(() => end(run, { timeoutMs: 500 }));
      say("TIMES " + JSON.stringify({ without, create, logging, finish }));`,
      { dir: dir.path, config: server.config, flags: flags(dir.path) },
    );
    const result = await live.end();
    const times = JSON.parse(/TIMES (.*)/.exec(result.stdout)?.[1] ?? "{}");
    const about = `${mode}, ${name}: ${JSON.stringify(times)} ${result.stderr}`;
    assertCalm(result, server.apiKey);
    assertLess(times.create, 3_000 + PROMPT_MS, about);
    assertLess(times.logging, 10 * times.without + 1_000, about);
    assertLess(times.finish, 500 + PROMPT_MS, about);
    assertLess(result.afterLastWordMs, PROMPT_MS, about);
    const [report] = result.reports;
    assertEquals([report?.status, report?.state], ["Complete", "pending"]);
    assertEquals(
      report?.pending.some(({ path }) => path === "metrics/train.yaml"),
      true,
      about,
    );
    const [unanswered, , ...more] = result.warnings.filter((line) =>
      !line.includes("shares the thread")
    ).reverse();
    assertEquals(more, [], about);
    assertStringIncludes(unanswered ?? "", "complete it with: ");
    server.faulty.script = () => undefined;
    const printed = await runPrintedCommand(unanswered ?? "", {
      dir: dir.path,
      config: server.config,
    });
    assertEquals(printed.code, 0, printed.output);
    const hung = [...Deno.readDirSync(join(dir.path, ".em/runs"))].find((
      entry,
    ) => entry.name.startsWith("hang"));
    await assertWhole(
      server,
      "/demo/default/hang",
      join(dir.path, ".em/runs", hung?.name ?? ""),
    );
  };
  for (const one of cases) {
    await t.step({
      name: `${one.mode} thread, ${one.name}`,
      fn: () => run(one),
    });
  }
});

Deno.test("a server process that is killed in mid-run and started again has everything at the end", async () => {
  using dir = tempDir();
  let em = startEm(["serve", "--port", "0"], { dir: dir.path });
  try {
    await em.waitFor("Data in");
    const [, url = "", port = ""] =
      /^AIStore server at (http:\S+:(\d+)\S+)$/m.exec(em.seen.stdout) ?? [];
    const apiKey = /^API key: (\S+)/m.exec(em.seen.stdout)?.[1] ?? "";
    const client = new AIStoreClient({ host: url, apiKey });
    const live = startLive(
      `const run = await createRun({ name: "killed", autoUpload: true });
      Deno.writeFileSync(run.local + "/big.bin", crypto.getRandomValues(new Uint8Array(60_000)));
      await logUntil(run, "end");
      await end(run);`,
      { dir: dir.path, config: configFor(url, apiKey) },
    );
    const metrics = () => join(onlyRun(dir.path), "metrics/train.yaml");
    for (let kill = 0; kill < 3; kill++) {
      const node = "/demo/default/killed";
      const before = (await checksumsOf(client, node))["metrics/train.yaml"];
      await waitFor("an object of the run", async () => {
        const now = (await checksumsOf(client, node))["metrics/train.yaml"];
        return now === undefined || now === before ? undefined : now;
      });
      em.child.kill("SIGKILL");
      await em.end();
      await live.heard("nothing is lost");
      const size = sizeOf(metrics());
      await waitFor(
        "log() goes on",
        () => sizeOf(metrics()) > size + 3_000 ? true : undefined,
      );
      em = startEm(["serve", "--port", port], { dir: dir.path });
      await em.waitFor("Data in");
    }
    live.tell("end");
    const result = await live.end();
    assertCalm(result, apiKey);
    assertEquals(result.reports[0]?.state, "complete", result.stderr);
    assertEquals(result.warnings.length, 1, result.stderr);
    await assertWhole({ client }, "/demo/default/killed", onlyRun(dir.path));
    assertNoGap(onlyRun(dir.path));
  } finally {
    await em[Symbol.asyncDispose]();
  }
});

Deno.test("of two runs in a process the first may be finished long before the other, and the process ends by itself", async () => {
  for (const [mode, flags] of MODES) {
    await using server = await startShakyServer();
    using dir = tempDir();
    const live = startLive(
      `const first = await createRun({ name: "first", autoUpload: true });
      const second = await createRun({ name: "second", autoUpload: true });
      log(first); log(second);
      await end(first);
      for (let i = 0; i < 100; i++) { log(second); await pause(10); }
      say((await second.flush()).state);
      const third = await createRun({ name: "third", autoUpload: true });
      await end(second);
      log(third);
      await end(third);`,
      { dir: dir.path, config: server.config, flags: flags(dir.path) },
    );
    const result = await live.end();
    assertCalm(result, server.apiKey);
    assertEquals(result.reports.map(({ state }) => state), [
      "complete",
      "complete",
      "complete",
    ]);
    assertLess(result.afterLastWordMs, PROMPT_MS, mode);
    const runs = join(dir.path, ".em/runs");
    for (const { name } of Deno.readDirSync(runs)) {
      if (name === ".state") continue;
      const node = `/demo/default/${name.split("_")[0]}`;
      await assertWhole(server, node, join(runs, name));
    }
  }
});
