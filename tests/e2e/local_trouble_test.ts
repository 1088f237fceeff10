import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runPrintedCommand, startLive } from "../support/live_script.ts";
import { onlyRun } from "../support/script.ts";
import {
  checksumsOf,
  localChecksums,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { assertCalm, assertWhole, isPut } from "../support/bad_day.ts";

Deno.test("a process that may open no more files goes on when it may again", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "files", autoUpload: true });
    log(run);
    await run.flush();
    const files = [];
    try { for (;;) files.push(Deno.openSync("/dev/null")); } catch (error) { say(error.code); }
    log(run);
    say("FULL " + JSON.stringify(brief(await run.flush({ timeoutMs: 5_000 }))));
    for (const file of files) file.close();
    await end(run);`,
    {
      dir: dir.path,
      config: server.config,
      prefix: ["sh", "-c", `ulimit -n 80; exec "$@"`, "sh"],
    },
  );
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertStringIncludes(result.stdout, "EMFILE");
  const full = JSON.parse(/FULL (.*)/.exec(result.stdout)?.[1] ?? "{}");
  assertEquals(full.state, "pending");
  assertEquals(result.reports[0]?.state, "complete", result.stderr);
  await assertWhole(server, "/demo/default/files", onlyRun(dir.path));
  const again = server.faulty.requests.filter((request) =>
    isPut(request) && request.query.get("path")?.endsWith("/git.yaml")
  );
  assertEquals(
    again.length,
    1,
    "what could not be seen for a while is not sent again",
  );
});

/** File names that something on the way might take for something else. */
const ODD_NAMES = [
  "a b",
  "#1",
  "50%",
  "%41",
  "what?",
  "1+1=2&x",
  "学 习 ü",
  "e\u0301",
  `quote"'`,
  "semi;colon",
  "n".repeat(200),
  ".hidden",
  "tab\tand\nline",
  "back\\slash",
  "[x]{y}",
  "~",
];

Deno.test("whatever happens in the run directory, the server has in the end what is there", async () => {
  await using server = await startShakyServer();
  server.faulty.script = (request) =>
    isPut(request) ? { kind: "delay", ms: 30 } : undefined;
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "busy", autoUpload: true });
    const path = (name) => run.local + "/" + name;
    const bytes = (size) => { const all = new Uint8Array(size); for (let i = 0; i < size; i += 60_000) crypto.getRandomValues(all.subarray(i, i + 60_000)); return all; };
    const names = ${JSON.stringify(ODD_NAMES)};
    Deno.mkdirSync(path("odd names/dir #1 %2F?"), { recursive: true });
    for (const name of names) {
      Deno.writeTextFileSync(path("odd names/" + name), name);
      Deno.writeTextFileSync(path("odd names/dir #1 %2F?/" + name), "below " + name);
    }
    Deno.mkdirSync(path("empty/deep"), { recursive: true });
    Deno.writeTextFileSync(path("nothing"), "");
    Deno.symlinkSync("loop", path("loop"));
    Deno.symlinkSync("..", path("empty/up"));
    Deno.symlinkSync("/etc/hostname", path("out"));
    Deno.writeTextFileSync(path("deleted"), "soon gone");
    Deno.mkdirSync(path("deleted dir"));
    Deno.writeTextFileSync(path("deleted dir/x"), "soon gone");
    log(run);
    say((await run.flush()).state);
    Deno.removeSync(path("deleted"));
    Deno.removeSync(path("deleted dir"), { recursive: true });
    const big = Deno.openSync(path("big.bin"), { write: true, create: true });
    for (let i = 0; i < 30; i++) {
      big.writeSync(bytes(1_000_000));
      Deno.writeFileSync(path("checkpoint.tmp"), bytes(3_000_000));
      Deno.renameSync(path("checkpoint.tmp"), path("checkpoint.bin"));
      Deno.writeTextFileSync(path("rewritten"), "x".repeat(i));
      log(run);
      if (i % 10 === 5) run.flush({ timeoutMs: 5_000 });
      await pause(30);
    }
    big.close();
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.warnings, []);
  assertEquals(result.stdout.split("\n")[0], "complete");
  assertEquals(
    result.reports[0],
    {
      status: "Complete",
      state: "complete",
      node: "/demo/default/busy",
      pending: [],
      refused: [],
    },
  );
  const local = localChecksums(onlyRun(dir.path));
  assertEquals(
    Object.keys(local).filter((key) => key.startsWith("odd names")).length,
    2 * ODD_NAMES.length,
  );
  const there = await checksumsOf(server.client, "/demo/default/busy");
  // What is deleted here stays there.
  for (const key of ["deleted", "deleted dir/x"]) {
    assertEquals(key in there, true, key);
    delete there[key];
  }
  delete there["checkpoint.tmp"];
  assertEquals(there, local);
});

Deno.test("what may not be read is named with the reason, and the printed command completes it when it may", async (t) => {
  const mayDrop = Deno.uid() !== 0 || await hasSetpriv();
  await t.step({
    name: mayDrop
      ? "chmod 000"
      : "chmod 000: NOT TESTED, root reads everything and setpriv(1) is not here",
    ignore: !mayDrop,
    fn: unreadable,
  });
});

async function hasSetpriv(): Promise<boolean> {
  try {
    return (await new Deno.Command("setpriv", { args: ["--version"] }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function unreadable(): Promise<void> {
  await using server = await startShakyServer();
  using dir = tempDir();
  const options = { dir: dir.path, config: server.config };
  const live = startLive(
    `const run = await createRun({ name: "closed", autoUpload: true });
    log(run);
    Deno.writeTextFileSync(run.local + "/secret", "s", { mode: 0o000 });
    Deno.mkdirSync(run.local + "/closed");
    Deno.writeTextFileSync(run.local + "/closed/inside", "i");
    Deno.chmodSync(run.local + "/closed", 0o000);
    Deno.mkdirSync(run.local + "/open");
    Deno.writeTextFileSync(run.local + "/open/later", "l");
    await run.flush();
    Deno.chmodSync(run.local + "/open", 0o000);
    await end(run);`,
    {
      ...options,
      ...(Deno.uid() === 0
        ? {
          prefix: [
            "setpriv",
            "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-dac_override,-dac_read_search",
          ],
        }
        : {}),
    },
  );
  const result = await live.end();
  const run = onlyRun(dir.path);
  for (
    const [name, mode] of [["secret", 0o600], ["closed", 0o700], [
      "open",
      0o700,
    ]] as const
  ) {
    Deno.chmodSync(join(run, name), mode);
  }
  assertCalm(result, server.apiKey);
  const [report] = result.reports;
  assertEquals([report?.status, report?.state], ["Complete", "pending"]);
  assertEquals(report?.pending.map(({ path }) => path).sort(), [
    "closed/",
    "open/",
    "secret",
  ]);
  for (const { reason } of report?.pending ?? []) {
    assertStringIncludes(reason, "cannot be read");
  }
  const { secret: _, "closed/inside": __, ...others } = localChecksums(run);
  assertEquals(
    await checksumsOf(server.client, "/demo/default/closed"),
    others,
  );
  const printed = await runPrintedCommand(
    result.warnings.at(-1) ?? "",
    options,
  );
  assertEquals(printed.code, 0, printed.output);
  await assertWhole(server, "/demo/default/closed", run);
}

Deno.test("runs and artifacts in a place that nobody can write are uploaded whole, and it is said that this is not noted there", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const options = { dir: dir.path, config: server.config };
  const made = await startLive(
    `import { createArtifact } from "@t9k/em";
    const artifact = await createArtifact({ name: "data" });
    Deno.writeTextFileSync("a.txt", "a");
    await artifact.addFile("a.txt");
    const run = await createRun({ name: "archived" });
    run.markInput(artifact);
    log(run);
    await run.finish();`,
    options,
  ).end();
  assertEquals(made.code, 0, made.stderr);
  const run = onlyRun(dir.path);
  const artifact = onlyRun(dir.path, ".em/artifacts");
  // Nothing can be written beside them, as on a file system that is mounted read-only.
  for (const parent of [".em/runs", ".em/artifacts"]) {
    const state = join(dir.path, parent, ".state");
    Deno.removeSync(state, { recursive: true });
    Deno.writeTextFileSync(state, "");
  }
  const result = await startLive(
    `for (const path of [${JSON.stringify(run)}, ${JSON.stringify(artifact)}]) {
      for (const { report } of await upload(path)) say("STATE " + report?.state);
    }`,
    options,
  ).end();
  assertEquals(
    result.stdout,
    "STATE complete\nSTATE complete\n",
    result.stderr,
  );
  await assertWhole(server, "/demo/default/archived", run);
  await assertWhole(server, "/demo/default/data", artifact);
  for (const path of [run, artifact]) {
    const notes = result.warnings.filter((line) =>
      line.includes(`Cannot note in "${path}"`)
    );
    assertEquals(notes.length, 1, result.stderr);
  }
});
