import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { EXCHANGE } from "../exchange/imported.ts";
import { madeRun, START_MS } from "../exchange/made_run.ts";
import { startTestServer } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";

const RECORDS = [
  { type: "train", values: { loss: 0.5, acc: NaN }, step: 1, timeMs: START_MS },
  { type: "val", values: { loss: -0 }, step: 1, epoch: 2, timeMs: START_MS },
];

Deno.test("em export writes text to stdout, and a file only where none is", async () => {
  using dir = tempDir();
  const run = await madeRun(dir.path, RECORDS);
  const long = "type,name,step,epoch,time,value\n" +
    "train,loss,1,,TIME,0.5\ntrain,acc,1,,TIME,NaN\nval,loss,1,2,TIME,-0\n";
  const table: [string[], string][] = [
    [["--to", "csv"], long],
    [
      ["--to", "csv", "--wide"],
      "type,step,epoch,time,loss,acc\ntrain,1,,TIME,0.5,NaN\nval,1,2,TIME,-0,\n",
    ],
    [
      ["--to", "jsonl"],
      '{"type":"train","step":1,"epoch":null,"time":"TIME","values":{"loss":0.5,"acc":"NaN"}}\n' +
      '{"type":"val","step":1,"epoch":2,"time":"TIME","values":{"loss":-0}}\n',
    ],
  ];
  for (const [flags, expected] of table) {
    const { code, stdout, stderr } = await runWith(["export", run, ...flags]);
    assertEquals([code, stderr], [0, ""]);
    assertEquals(
      stdout.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+[+-][\d:]+/g, "TIME"),
      expected,
    );
  }
  const path = join(dir.path, "out.csv");
  const args = ["export", run, "--to", "csv", "-o", path, "--json"];
  const first = await runWith(args);
  assertEquals(first.code, 0);
  assertEquals(JSON.parse(first.stdout), {
    run,
    format: "csv",
    path,
    records: 2,
    notes: [],
  });
  const again = await runWith(args);
  assertEquals([again.code, again.stdout], [1, ""]);
  assertMatch(again.stderr, /^em: "[^"]+" is there already: .+\n$/);
  assertEquals((await runWith([...args, "--force"])).code, 0);
  const logs = [
    "export",
    run,
    "--to",
    "tensorboard",
    "-o",
    join(dir.path, "tb"),
  ];
  assertEquals((await runWith(logs)).code, 0);
  const twice = await runWith(logs);
  assertEquals(twice.code, 1);
  assertMatch(twice.stderr, /^em: "[^"]+" is not empty: .+\n$/);
  const written = [...Deno.readDirSync(dir.path)].map(({ name }) => name);
  assertEquals(written.filter((name) => name.includes(".part")), []);
});

Deno.test("em import makes runs that em export and em upload take, and em export reads them from the server", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  Deno.writeTextFileSync(join(dir.path, "t9k.yaml"), server.config);
  const env = { T9K_CONFIG: join(dir.path, "t9k.yaml") };
  const em = (...args: string[]) => runEm(args, { dir: dir.path, env });

  const made = await em("import", "mlflow", join(EXCHANGE, "mlflow"), "--json");
  assertEquals(made.code, 0, made.stderr);
  const [run] = JSON.parse(made.stdout).filter((
    { status }: { status: string },
  ) => status === "Complete");
  assertMatch(run.path, /\/\.em\/runs\/first-try_\d{6}_\d{6}_[a-z0-9]{6}$/);
  const local = await em("export", run.path, "--to", "jsonl");
  assertEquals([local.code, local.stderr], [0, ""]);
  assertEquals(local.stdout.trimEnd().split("\n").length, run.records);

  const sent = await em("upload", run.path, "-m");
  assertEquals(sent.code, 0, sent.stderr);
  const remote = await em("export", "default/first-try", "--to", "jsonl");
  assertEquals(remote, local);
  const asked = ["--host", server.url, "--to", "jsonl"];
  assertEquals(await em("export", "default/first-try", ...asked), local);
  const missing = await em("export", "default/nothing", "--to", "csv");
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertMatch(missing.stderr, /default\/nothing/);
});

Deno.test("names from elsewhere cannot disturb the terminal", async () => {
  using dir = tempDir();
  const run = join(dir.path, "evil\u001b[2J");
  Deno.mkdirSync(join(run, "metrics"), { recursive: true });
  Deno.writeTextFileSync(
    join(run, "meta.yaml"),
    'run_id: abc\nrun_name: "x\\e[31m"\nstart_time: 1000\nstatus: 3\n',
  );
  Deno.writeTextFileSync(join(run, "metrics", "a"), "\u001b[2J\n");
  const into = join(dir.path, "runs");
  const done = await runWith(["import", "mlflow", run, "--into", into]);
  assertEquals(done.code, 0, done.stderr);
  assert(!done.stdout.includes("\u001b") && !done.stderr.includes("\u001b"));
  assertMatch(done.stderr, /left out a line of the metric "a"/);
});

Deno.test("em import goes on after what cannot be read, and ends with 1", async () => {
  using dir = tempDir();
  const store = join(dir.path, "mlruns");
  for (
    const [run, meta] of [["a", "run_id: ["], ["b", "run_id: b\nstatus: 3"]]
  ) {
    Deno.mkdirSync(join(store, "1", `${run}`), { recursive: true });
    Deno.writeTextFileSync(
      join(store, "1", `${run}`, "meta.yaml"),
      `${meta}\n`,
    );
  }
  const into = join(dir.path, "runs");
  const args = ["import", "mlflow", store, "--into", into, "--json"];
  const { code, stdout, stderr } = await runWith(args);
  assertEquals(code, 1);
  const done = JSON.parse(stdout).map(({ source }: { source: string }) =>
    source
  );
  assertEquals(done, [`MLflow: ${join(store, "1", "b")}`]);
  assertMatch(stderr, /meta\.yaml.+\nem: 1 of 2 not imported\n$/s);
  const runs = [...Deno.readDirSync(into)].map(({ name }) => name).sort();
  assertEquals(runs.length, 2, runs.join());
});
