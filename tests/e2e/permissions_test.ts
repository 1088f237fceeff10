import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { onlyRun, ROOT, runScript } from "../support/script.ts";
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

Deno.test({
  name: "on a terminal nothing is ever asked",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    using dir = tempDir();
    Deno.writeTextFileSync(join(dir.path, "main.ts"), SCRIPT);
    const config = new URL("deno.json", ROOT).pathname;
    const command = [
      Deno.execPath(),
      "run",
      `--config=${config}`,
      "--no-check",
      ...LOCAL_RUN,
      "main.ts",
    ].join(" ");
    // "script" runs a command on a terminal of its own. A question would wait for an answer that never comes.
    const child = new Deno.Command("script", {
      args: ["--quiet", "--return", "--command", command, "/dev/null"],
      cwd: dir.path,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(20_000),
    }).spawn();
    const { code, stdout } = await child.output();
    const screen = new TextDecoder().decode(stdout);
    assertEquals(code, 0, screen);
    assertMatch(screen, /status Complete/);
    assertEquals(/\[y\/n|Allow\?/i.test(screen), false, screen);
    checkTerminalRun(onlyRun(dir.path));
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
