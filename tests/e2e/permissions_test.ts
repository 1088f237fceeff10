import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { onlyRun, ROOT, runScript } from "../support/script.ts";
import { startTestServer } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";

const LOCAL_RUN = [
  "--allow-read=.em",
  "--allow-write=.em",
  "--allow-env=EM_RUN_PARENT_DIR",
];

const SCRIPT = `
  import { createRun } from "@t9k/em";
  const run = await createRun({ name: "scoped", hparams: { lr: 0.1 } });
  console.log("printed");
  run.log("train", { loss: 1 }, { step: 1 });
  run.hparams.lr = 0.2;
  console.log("records " + run.metrics.train?.length);
  console.log("status " + (await run.finish()).status);
`;

function checkRun(dir: string): void {
  const read = (file: string) => Deno.readTextFileSync(join(dir, file));
  assertEquals(decodeRunMetadata(read("metadata.yaml")).status, "Complete");
  assertEquals(read("hyperparameters.yaml"), "lr: 0.2\n");
  assertEquals(read("stdout.log"), "printed\nrecords 1\n");
  const platform = parseYaml(read("platform.yaml")) as Record<string, unknown>;
  assertEquals(platform.hostname, null);
  assertEquals(platform.deno, Deno.version.deno);
  assertEquals(
    (parseYaml(read("git.yaml")) as Record<string, unknown>).commit,
    null,
  );
}

Deno.test("a local run needs no more than its directory and one variable, and says in one line what is left out", async () => {
  using dir = tempDir();
  const result = await runScript(SCRIPT, { dir: dir.path, flags: LOCAL_RUN });
  assertEquals(result.code, 0, result.stderr);
  assertEquals(result.stdout, "printed\nrecords 1\nstatus Complete\n");
  const warnings = result.stderr.split("\n").filter((line) =>
    line !== "" && !line.startsWith("EM INFO:")
  );
  assertEquals(warnings.length, 1, result.stderr);
  for (
    const flag of [
      "--allow-sys=hostname",
      "--allow-sys=osRelease",
      "--allow-run=git",
    ]
  ) {
    assertStringIncludes(warnings[0] ?? "", flag);
  }
  checkRun(onlyRun(dir.path));
});

Deno.test("a local run without the variable uses the default directory and says so", async () => {
  using dir = tempDir();
  const result = await runScript(SCRIPT, {
    dir: dir.path,
    flags: LOCAL_RUN.slice(0, 2),
  });
  assertEquals(result.code, 0, result.stderr);
  assertStringIncludes(result.stderr, "--allow-env=EM_RUN_PARENT_DIR");
  checkRun(onlyRun(dir.path));
});

Deno.test("EM_RUN_PARENT_DIR moves the runs, and only that directory needs to be allowed", async () => {
  using dir = tempDir();
  const result = await runScript(SCRIPT, {
    dir: dir.path,
    flags: [
      "--allow-read=elsewhere/runs",
      "--allow-write=elsewhere/runs",
      "--allow-env=EM_RUN_PARENT_DIR",
    ],
    env: { EM_RUN_PARENT_DIR: "elsewhere/runs" },
  });
  assertEquals(result.code, 0, result.stderr);
  checkRun(onlyRun(dir.path, "elsewhere/runs"));
});

Deno.test("a missing permission that a run cannot do without is an error with the flag, before anything is written", async () => {
  for (
    const [flags, flag] of [[LOCAL_RUN.slice(1), "--allow-read=.em/runs"], [
      LOCAL_RUN.slice(0, 1),
      "--allow-write=.em/runs",
    ]] as const
  ) {
    using dir = tempDir();
    const result = await runScript(SCRIPT, { dir: dir.path, flags });
    assertEquals(result.code, 1);
    assertStringIncludes(result.stderr, flag);
    assertStringIncludes(result.stderr, "PermissionError");
    assertEquals([...Deno.readDirSync(dir.path)].map((entry) => entry.name), [
      "main.ts",
    ]);
  }
});

/** Runs a script on a terminal of its own, where a question would wait for an answer that never comes. */
async function onTerminal(
  code: string,
  { dir, flags }: { readonly dir: string; readonly flags: readonly string[] },
): Promise<string> {
  Deno.writeTextFileSync(join(dir, "main.ts"), code);
  const config = new URL("deno.json", ROOT).pathname;
  const command = [
    Deno.execPath(),
    "run",
    `--config=${config}`,
    "--no-check",
    ...flags,
    "main.ts",
  ].join(" ");
  const child = new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", command, "/dev/null"],
    cwd: dir,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(20_000),
  }).spawn();
  const { code: exit, stdout } = await child.output();
  const screen = new TextDecoder().decode(stdout);
  assertEquals(exit, 0, screen);
  assertEquals(/\[y\/n|Allow\?/i.test(screen), false, screen);
  return screen;
}

Deno.test({
  name: "on a terminal nothing is ever asked",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using dir = tempDir();
    const screen = await onTerminal(SCRIPT, {
      dir: dir.path,
      flags: LOCAL_RUN,
    });
    assertMatch(screen, /status Complete/);
    checkTerminalRun(onlyRun(dir.path));
  },
});

Deno.test({
  name:
    "on a terminal no thread asks for anything: not uploads, system metrics, nor downloads",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using server = await startTestServer();
    using dir = tempDir();
    const { host } = new URL(server.url);
    const session = { host: server.url, apiKey: server.apiKey, user: "demo" };
    const screen = await onTerminal(
      `import { createRun, loadRun } from "@t9k/em";
      import { setSession } from "${ROOT}src/aistore/session.ts";
      setSession({ ...${JSON.stringify(session)}, timeoutMs: undefined });
      const run = await createRun({ name: "asked", autoUpload: true, systemMetrics: { everyMs: 1000 } });
      Deno.writeFileSync(run.local + "/large.bin", new Uint8Array(3e7));
      const { upload } = await run.finish();
      Deno.removeSync(run.local, { recursive: true });
      Deno.removeSync(run.local + "/../.state", { recursive: true });
      const again = await loadRun("default/asked");
      await again.finish();
      console.log("upload", upload.state, Object.keys(again.metrics).join());`,
      {
        dir: dir.path,
        flags: [
          "--allow-read=.em/runs," + ROOT.pathname,
          "--allow-write=.em/runs",
          `--allow-net=${host}`,
          "--allow-sys=cpus,systemMemoryInfo,statfs",
        ],
      },
    );
    assertMatch(screen, /upload complete system/);
  },
});

function checkTerminalRun(dir: string): void {
  assertEquals(
    decodeRunMetadata(Deno.readTextFileSync(join(dir, "metadata.yaml"))).status,
    "Complete",
  );
}

Deno.test("autoUpload without permission for the server's host is refused with the flag, and nothing is left behind", async () => {
  using dir = tempDir();
  const script = SCRIPT.replace(
    `name: "scoped"`,
    `name: "scoped", autoUpload: true`,
  )
    .replace(
      "const run",
      `
      const { currentSession: _, setSession } = await import(${
        JSON.stringify(import.meta.resolve("../../src/aistore/session.ts"))
      });
      setSession({ host: "http://127.0.0.1:9999/t9k/aistore/server", apiKey: "e4ccd2a3-3425-44b0-8b44-148bd303a0f9", user: "demo", timeoutMs: undefined });
      const run`,
    );
  const result = await runScript(script, {
    dir: dir.path,
    flags: [...LOCAL_RUN, `--allow-read=${new URL("src", ROOT).pathname}`],
  });
  assertEquals(result.code, 1, result.stderr);
  assertStringIncludes(result.stderr, "--allow-net=127.0.0.1:9999");
  assertEquals(
    [...Deno.readDirSync(join(dir.path, ".em/runs"))].filter((entry) =>
      entry.name !== ".state"
    ),
    [],
  );
});
