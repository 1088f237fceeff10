import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import { onlyRun, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("createRun() needs no more for a config file than leave to read it", async () => {
  using dir = tempDir();
  Deno.writeTextFileSync(
    join(dir.path, "run.yaml"),
    "name: from_file\nhparams: {lr: 1e-3, day: 2020-01-01}\n",
  );
  const { code, stdout, stderr } = await runScript(
    `import { createRun } from "@t9k/em";
     const run = await createRun({ configPath: "run.yaml", name: "passed" });
     console.log(run.name, (await run.finish()).status);`,
    {
      dir: dir.path,
      flags: [
        "--allow-read=.em,run.yaml",
        "--allow-write=.em",
        "--allow-env=EM_RUN_PARENT_DIR",
      ],
    },
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "from_file Complete\n");
  assertStringIncludes(stderr, "hparams.lr: 1e-3 is 0.001 here");
  assertEquals(
    Deno.readTextFileSync(join(onlyRun(dir.path), "hyperparameters.yaml")),
    "lr: 0.001\nday: '2020-01-01'\n",
  );
});

const LOGIN = `
  import { login, logout } from "@t9k/em";
  try {
    const { host, user } = await login();
    console.log(host, user);
    logout();
  } catch (error) {
    console.log(error.name, error.message);
  }`;

Deno.test("login() needs no more for the t9k config file than two variables, the file and the server, and names what is missing", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const path = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(path, server.config);
  const env = "--allow-env=T9K_CONFIG,T9K_CONFIG_CONTEXT";
  const read = `--allow-read=${path}`;
  const net = `--allow-net=${new URL(server.url).host}`;
  const table: [flags: string[], wanted: string][] = [
    [[env, read, net], `${server.url} demo\n`],
    [[env, read], `run again with ${net}`],
    [
      [env, net],
      `No AIStore host is known: config file "${path}" names none as far as it may be read; ` +
      `run again with ${read}, call login({ host, apiKey })`,
    ],
    [
      [net],
      `run again with --allow-env=T9K_CONFIG,HOME,T9K_CONFIG_CONTEXT, call`,
    ],
  ];
  for (const [flags, wanted] of table) {
    const { code, stdout, stderr } = await runScript(LOGIN, {
      dir: dir.path,
      flags,
      env: { T9K_CONFIG: path },
    });
    assertEquals([code, stderr], [0, ""], flags.join(" "));
    assertStringIncludes(stdout, wanted);
  }
});
