import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import { setSession } from "../../src/aistore/session.ts";
import { runWith } from "./fake_io.ts";
import { startTestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";

const FIXTURES = fromFileUrl(new URL("../fixtures/", import.meta.url));

function listedRun(parent: string, lr: number): string {
  return writeRun(parent, {
    metadata: { name: "list", labels: ["CNN", "\x1b[31mred"] },
    hparams: { lr, optimizer: { name: "sgd" } },
    metrics: { val: { accuracy: [1 - lr, 1 - lr / 2], loss: [NaN] } },
  });
}

Deno.test("em ls lists runs and artifacts of both SDKs, and those that cannot be read", async () => {
  using dir = tempDir();
  const all = join(dir.path, ".em", "runs");
  Deno.mkdirSync(join(all, "broken_261123_082118_aaaaaa"), { recursive: true });
  Deno.writeTextFileSync(
    join(all, "broken_261123_082118_aaaaaa", "metadata.yaml"),
    "kind: Run\nname: [\n",
  );
  const { code, stdout } = await runWith([
    "ls",
    join(FIXTURES, "c08_artifacts"),
    dir.path,
    "--json",
  ]);
  assertEquals(code, 0);
  const list: Record<string, unknown>[] = JSON.parse(stdout);
  assertEquals(
    list.map(({ type, alternativeName, status }) => [
      type,
      alternativeName,
      status,
    ]),
    [
      ["Run", "mnist_torch_261123_082118_6fauz3", "Complete"],
      ["Artifact", "mnist_torch_saved_model_261123_082118_3elffe", null],
      ["Artifact", "mnist_dataset_261123_082118_x7xbfg", null],
      ["Run", "broken_261123_082118_aaaaaa", null],
    ],
  );
  assertEquals(list[2]?.labels, ["dataset", "MNIST"]);
  assertStringIncludes(String(list[3]?.problem), "metadata.yaml");
});

Deno.test("em ls shows, sorts and filters by hyperparameters and metrics, and no label disturbs the terminal", async () => {
  using dir = tempDir();
  for (const lr of [0.1, 0.3, 0.2]) listedRun(join(dir.path, "runs"), lr);
  const columns = ["--columns", "lr,optimizer.name,val.accuracy,val/none"];
  const { code, stdout, stderr } = await runWith([
    "ls",
    join(dir.path, "runs"),
    ...columns,
    ...["--sort", "val.accuracy", "--limit", "2", "--filter", "list cnn"],
  ], { terminal: { columns: 200, hasColors: false } });
  assertEquals([code, stderr], [0, ""]);
  const cells = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
  assertEquals(
    cells.map((row) => row.slice(-5)),
    [
      ["lr", "optimizer.name", "val.accuracy", "val/none", "LABELS"],
      ["0.3", "sgd", "0.85", "CNN, \\x1b[31mred"],
      ["0.2", "sgd", "0.9", "CNN, \\x1b[31mred"],
    ].map((row, at) => at === 0 ? row : [cells[at]?.at(-5) ?? "", ...row]),
  );
  const none = await runWith([
    "ls",
    join(dir.path, "runs"),
    "--filter",
    "list nothing",
  ]);
  assertEquals(none, { code: 0, stdout: "", stderr: "em: nothing is there\n" });
});

Deno.test("em ls says what a column is called that was named without the metric's type, and --json does not", async () => {
  using dir = tempDir();
  const runs = join(dir.path, "runs");
  for (const type of ["train", "val"]) {
    writeRun(runs, {
      hparams: { lr: 0.1 },
      metrics: {
        [type]: { loss: [1, 2], "\x1b[31mred": [1] },
        test: { top5: [1] },
      },
    });
  }
  const ls = (columns: string, ...flags: string[]) =>
    runWith(["ls", runs, "--columns", columns, ...flags]);
  const table: [string, string][] = [
    ["loss", 'em: no run has "loss" (Did you mean train.loss or val.loss?)\n'],
    ["lr,top5", 'em: no run has "top5" (Did you mean test.top5?)\n'],
    [
      "\x1b[31mred",
      String
        .raw`em: no run has "\x1b[31mred" (Did you mean train.\x1b[31mred or val.\x1b[31mred?)` +
      "\n",
    ],
    ["none", ""],
    ["lr,train.loss", ""],
  ];
  for (const [columns, said] of table) {
    const { code, stderr } = await ls(columns);
    assertEquals([code, stderr], [0, said], columns);
  }
  const { stderr, stdout } = await ls("loss", "--json");
  assertEquals(stderr, "");
  assertStringIncludes(stdout, '"loss": null');
});

Deno.test("em ls says that a run was killed, and that one goes on", async () => {
  using dir = tempDir();
  const run = listedRun(join(dir.path, "runs"), 0.1);
  const path = join(run, "metadata.yaml");
  const text = Deno.readTextFileSync(path)
    .replace("status: Complete", "status: Running")
    .replace(/endTimestamp: .*/, "endTimestamp: null");
  Deno.writeTextFileSync(path, text);
  const statuses: string[] = [];
  const note = join(dir.path, "runs", ".state", basename(run));
  Deno.mkdirSync(note, { recursive: true });
  const look = async () => {
    const { stdout } = await runWith(["ls", run]);
    statuses.push(stdout.split("\n")[1]?.split(/ {2,}/)[2] ?? "");
  };
  const owner = { pid: 1, hostname: Deno.hostname(), since: "" };
  Deno.writeTextFileSync(join(note, "process.json"), JSON.stringify(owner));
  await look();
  {
    using held = Deno.openSync(join(note, "process.json"), { read: true });
    held.lockSync(true);
    await look();
  }
  assertEquals(statuses, ["Error (killed)", "Running"]);
});

Deno.test("em ls lists a folder of a server, with what its runs hold", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { url: host, apiKey } = server;
  setSession({ host, apiKey, user: "demo", timeoutMs: undefined });
  for (const lr of [0.1, 0.2]) {
    const run = listedRun(join(dir.path, "runs"), lr);
    await putNode(server.client, run, { folder: "/demo/cv/list" });
  }
  const { code, stdout, stderr } = await runWith([
    ...["ls", "cv/list", "--json", "--columns", "lr,val.accuracy"],
    ...["--sort", "lr"],
  ]);
  assertEquals([code, stderr], [0, ""]);
  const rows: { path: string; status: string; columns: unknown }[] = JSON.parse(
    stdout,
  );
  assertEquals(
    rows.map(({ status, columns }) => [status, columns]),
    [0.1, 0.2].map((
      lr,
    ) => ["Complete", { lr, "val.accuracy": 1 - lr / 2 }]),
  );
  const above = await runWith(["ls", "/demo/cv"]);
  assertStringIncludes(above.stdout, "Folder");
  const one = await runWith(["ls", rows[0]?.path ?? ""]);
  assertStringIncludes(one.stdout, "Complete");
  const missing = await runWith(["ls", "cv/none"]);
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertStringIncludes(missing.stderr, 'em: "/demo/cv/none" is not a ');
});
