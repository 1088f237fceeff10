import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { parse } from "@std/yaml";
import { startTestServer } from "../support/em_server.ts";
import { isAlive } from "../support/is_alive.ts";
import { onlyRun, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm, startEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";

const RECORDED = /^EM INFO: Run "default" is recorded in "[^"]+"\n/;

interface Recorded {
  readonly status: string;
  readonly log: string;
  readonly hparams: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly dir: string;
}

/** The only run below a directory. */
function recorded(dir: string): Recorded {
  const run = onlyRun(dir);
  const read = (name: string) => Deno.readTextFileSync(join(run, name));
  const metadata = parse(read("metadata.yaml")) as Record<string, unknown>;
  return {
    dir: run,
    status: String(metadata.status),
    metadata,
    log: read("stdout.log"),
    hparams: parse(read("hyperparameters.yaml")),
  };
}

Deno.test("em exec ends with the program's exit code, and the run with the status that it means", async () => {
  const table: [string, number, string, RegExp][] = [
    ["echo out; echo err >&2", 0, "Complete", /^$/],
    ["exit 3", 3, "Error", /"sh" ended with exit code 3; .* status Error\n$/],
    ["kill -KILL $$", 137, "Error", /"sh" was ended by SIGKILL; /],
    ["kill -INT $$; sleep 9", 130, "Error", /"sh" was ended by SIGINT; /],
  ];
  for (const [script, code, status, why] of table) {
    using dir = tempDir();
    const result = await runEm(["exec", "--", "sh", "-c", script], {
      dir: dir.path,
    });
    assertEquals(result.code, code, script);
    assertEquals(result.stdout, code === 0 ? "out\n" : "", script);
    assertMatch(result.stderr, RECORDED);
    const rest = result.stderr.replace(RECORDED, "").replace(/^err\n/, "");
    assertMatch(rest, why);
    const { status: noted, log } = recorded(dir.path);
    assertEquals(noted, status, script);
    assertEquals(log.split("\n").sort().join(""), code ? "" : "errout");
  }
});

Deno.test("em exec hands signals to the program, waits for its end, and notes Error", async () => {
  const signals = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;
  for (const [signal, code] of Object.entries(signals)) {
    using dir = tempDir();
    const script =
      "echo started $$; trap 'echo cleaned; trap - TERM INT HUP; kill -" +
      `${signal.slice(3)} $$' TERM INT HUP; while :; do sleep 0.05; done`;
    await using em = startEm(["exec", "sh", "-c", script], { dir: dir.path });
    await em.waitFor("started");
    em.child.kill(signal as Deno.Signal);
    assertEquals((await em.end()).code, code, signal);
    const { status, log } = recorded(dir.path);
    assertEquals(status, "Error", signal);
    assertMatch(log, /^started \d+\n(?:\w+\n)?cleaned\n$/);
    const pid = Number(/\d+/.exec(log)?.[0]);
    assert(!isAlive(pid), signal);
  }
});

Deno.test("em exec takes name, labels, description and hyperparameters, which win over the config file", async () => {
  using dir = tempDir();
  Deno.writeTextFileSync(
    join(dir.path, "run.yaml"),
    "name: from_file\nlabels: [file]\nhparams: {lr: 0.5, optimizer: {name: sgd, momentum: 0.9}}\n",
  );
  const args = ["--config", "run.yaml", "-n", "typed", "-l", "a", "-l", "b"];
  args.push("-d", "what for", "--durability", "power");
  for (
    const hparam of [
      "lr=1e-3",
      "optimizer.name=adam",
      "layers=[64, 32]",
      "day=2020-01-01",
      "note=a: b",
      "glob=*.png",
      "equation=a=b",
      "quoted='1'",
      "none=",
      "__proto__.x=1",
    ]
  ) args.push("-p", hparam);
  const { code, stderr } = await runEm(["exec", ...args, "true", "--name"], {
    dir: dir.path,
  });
  assertEquals(code, 0, stderr);
  const { metadata, hparams } = recorded(dir.path);
  const { name, labels, description } = metadata;
  assertEquals([name, labels, description], ["typed", ["a", "b"], "what for"]);
  const expected = JSON.parse(
    '{"lr":0.001,"optimizer":{"name":"adam","momentum":0.9},"layers":[64,32],"day":"2020-01-01","note":"a: b",' +
      '"glob":"*.png","equation":"a=b","quoted":"1","none":null,"__proto__":{"x":1}}',
  );
  assertEquals(JSON.stringify(hparams), JSON.stringify(expected));
});

Deno.test("em exec names the script and its repository, not em's own", async () => {
  using dir = tempDir();
  Deno.writeTextFileSync(join(dir.path, "train.sh"), "true\n");
  await runEm(["exec", "sh", "train.sh"], { dir: dir.path });
  const git = parse(
    Deno.readTextFileSync(join(onlyRun(dir.path), "git.yaml")),
  ) as Record<string, unknown>;
  assertEquals(git.entrypoint, join(dir.path, "train.sh"));
  assertEquals(git.repo_path, null);
});

Deno.test("em exec --auto-upload delivers output, metrics and files of the program before it ends", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  Deno.writeTextFileSync(join(dir.path, "t9k.yaml"), server.config);
  const script =
    `echo 'EM_METRICS {"type":"train","step":1,"metrics":{"loss":0.5}}'; echo said; ` +
    `mkdir "$EM_RUN_DIR/checkpoints"; echo weights > "$EM_RUN_DIR/checkpoints/1.bin"; exit 4`;
  const { code, stdout, stderr } = await runEm(
    ["exec", "-u", "-f", "cv/mnist", "-m", "-n", "cnn", "sh", "-c", script],
    { dir: dir.path, env: { T9K_CONFIG: join(dir.path, "t9k.yaml") } },
  );
  assertEquals([code, stdout], [4, "said\n"], stderr);
  const objects = await server.objects("/demo/cv/mnist/cnn");
  assertEquals(objects.get("checkpoints/1.bin"), "weights\n");
  assertEquals(objects.get("stdout.log"), "said\n");
  assertMatch(objects.get("metrics/train.yaml") ?? "", /loss: 0\.5/);
  assertMatch(objects.get("metadata.yaml") ?? "", /^status: Error$/m);
});

Deno.test("em exec --resume goes on with the run of a program that failed, and begins a new one after it succeeded", async () => {
  using dir = tempDir();
  const exec = (step: number, code: number, lr = "0.1") => {
    const line = `EM_METRICS {"type":"train","step":${step},"metrics":{"n":1}}`;
    const command = ["sh", "-c", `echo '${line}'; exit ${code}`];
    const flags = ["--resume", "auto", "-p", `lr=${lr}`];
    return runEm(["exec", ...flags, "--", ...command], { dir: dir.path });
  };
  for (const [step, code] of [[1, 3], [2, 4], [3, 0]] as const) {
    assertEquals((await exec(step, code)).code, code);
  }
  const { dir: run } = recorded(dir.path);
  const metrics = Deno.readTextFileSync(join(run, "metrics/train.yaml"));
  assertEquals(metrics.match(/(?<=step: )\d/g), ["1", "2", "3"]);
  assertEquals(
    Deno.readTextFileSync(join(run, "attempts.yaml")).match(/(?<=status: ).*/g),
    ["Error", "Error", "Complete"],
  );
  assertEquals((await exec(1, 0)).code, 0);
  assertEquals([...Deno.readDirSync(join(dir.path, ".em/runs"))].length, 3);
});

Deno.test("em exec shows metrics and leaves stderr out if it is asked to", async () => {
  using dir = tempDir();
  const line = 'EM_METRICS {"type":"train","step":1,"metrics":{"loss":1}}';
  const { stdout } = await runEm(
    [
      "exec",
      "--show-metrics",
      "--no-capture-stderr",
      "sh",
      "-c",
      `echo '${line}'; echo err >&2`,
    ],
    { dir: dir.path },
  );
  assertEquals(stdout, `${line}\n`);
  const { log, dir: run } = recorded(dir.path);
  assertEquals(log, `${line}\n`);
  assertMatch(
    Deno.readTextFileSync(join(run, "metrics/train.yaml")),
    /loss: 1/,
  );
});

Deno.test("em exec goes on when nobody reads its output any more", async () => {
  using dir = tempDir();
  const child = spawnScript(
    `import { runCli } from "@t9k/em/cli";
    Deno.exit(await runCli(["exec", "sh", "-c", "yes | head -c 3000000; exit 6"]));`,
    { dir: dir.path },
  );
  await child.stdout.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 6);
  assertEquals(recorded(dir.path).log.length, 3_000_000);
});

Deno.test("em exec says what is wrong with a hyperparameter that is no YAML", async () => {
  const { code, stdout, stderr } = await runWith("exec -p a=[1 ls".split(" "));
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /^em: hyperparameter "a=\[1" is not YAML: /);
});
