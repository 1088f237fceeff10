import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { setSession } from "../../src/aistore/session.ts";
import { EmClient } from "../../src/reading/em_client.ts";
import { RemoteSource } from "../../src/reading/remote_source.ts";
import { LocalSource } from "../../src/reading/local_source.ts";
import { readSeries } from "../../src/reading/series_summary.ts";
import { startTestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

function describedRun(parent: string): string {
  const values = Array.from({ length: 300 }, (_, step) => 1 / (step + 1));
  return writeRun(parent, {
    metadata: {
      name: "told",
      labels: ["CNN"],
      description: "one\ntwo",
      associations: {
        input: [{ kind: "Artifact", name: "data_1", localDir: "x" }],
        output: [{ kind: "Model", id: "m-1", path: "team/net" }],
      },
    },
    hparams: { lr: 0.01, optimizer: { name: "sgd", betas: [0.9, 0.99] } },
    metrics: {
      train: { loss: [...values.slice(1), NaN], "\x1b[2Jclear": [1, 2, 3] },
      val: { accuracy: [0.5, Infinity, -Infinity, 0.25] },
    },
  });
}

Deno.test("em describe tells all of a run, and nothing in it disturbs the terminal", async () => {
  using dir = tempDir();
  const run = describedRun(dir.path);
  const terminal = { columns: 90, hasColors: false };
  const { code, stdout, stderr } = await runWith(["describe", run], {
    terminal,
  });
  assertEquals([code, stderr], [0, ""]);
  const wanted = [
    /^ {2}Status {7}Complete$/m,
    /^ {2}Duration {5}1m 05s$/m,
    /^ {2}Labels {7}CNN$/m,
    /^ {2}Description {2}one\\ntwo$/m,
    /^Hyperparameters\n {2}lr {15}0.01\n {2}optimizer.name {3}sgd\n {2}optimizer.betas {2}\[0.9,0.99\]$/m,
    /^ {2}train\/loss +300 +NaN +0.0033333 +0.5 +1 NaN +█/m,
    /^ {2}train\/\\x1b\[2Jclear +3 +3 +1 +3 +▁▅█$/m,
    /^ {2}val\/accuracy +4 +0.25 +0.25 +0.5 +1 Inf, 1 -Inf +█▁$/m,
    /^Inputs\n {2}Artifact {2}data_1$/m,
    /^Outputs\n {2}Model {2}team\/net \(m-1\)$/m,
    /^ {2}Commit +0123456789abcdef0123456789abcdef01234567 \(changed\)$/m,
  ];
  for (const part of wanted) assert(part.test(stdout), `${part}\n${stdout}`);
  for (const line of stdout.split("\n")) assert(line.length <= 90, line);
  const detailed = await runWith(["describe", run, "--detail"]);
  assertStringIncludes(detailed.stdout, "0.0033333 @298");
});

Deno.test("em describe says the same of a run on a server, whoever knows its metrics", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { url: host, apiKey, client } = server;
  setSession({ host, apiKey, user: "demo", timeoutMs: undefined });
  const run = describedRun(dir.path);
  const path = await putNode(client, run, { folder: "/demo/told" });
  const local = JSON.parse((await runWith(["describe", run, "--json"])).stdout);
  const remote = await runWith(["describe", path.slice(6), "--json"]);
  assertEquals([remote.code, remote.stderr], [0, ""]);
  const place = { path, host };
  assertEquals(JSON.parse(remote.stdout), { ...local, ...place });

  class PlainClient extends EmClient {
    override get isOwn(): boolean {
      return false;
    }
  }
  const node = await client.node(path);
  assert(node);
  const source = new RemoteSource(new PlainClient({ host, apiKey }), node);
  assertEquals(await source.knownSeries({ buckets: 64, x: "step" }), undefined);
  assertEquals(
    await readSeries(source),
    await readSeries(new LocalSource(run)),
  );
});

Deno.test("em describe counts system metrics, and shows them where more is wanted", async () => {
  using dir = tempDir();
  const loss = { loss: [2, 1] };
  const system = { cpu_percent: [10, 20], process_memory_gib: [1, 2] };
  const run = writeRun(dir.path, { metrics: { train: loss, system } });
  const brief = (await runWith(["describe", run])).stdout;
  assertStringIncludes(brief, "train/loss");
  assertStringIncludes(brief, "\n  2 system metrics, which --detail shows\n");
  assertEquals(brief.includes("cpu_percent"), false);
  const full = (await runWith(["describe", run, "--detail"])).stdout;
  assertStringIncludes(full, "system/cpu_percent");
  assertEquals(full.includes("--detail shows"), false);
  const alone = writeRun(dir.path, { metrics: { system } });
  const { stdout } = await runWith(["describe", alone]);
  assertStringIncludes(stdout, "Metrics\n  2 system metrics, which");
});

Deno.test("em describe tells of what is damaged or missing, and of artifacts", async () => {
  using dir = tempDir();
  const run = describedRun(dir.path);
  Deno.removeSync(join(run, "git.yaml"));
  Deno.writeTextFileSync(join(run, "platform.yaml"), "{");
  Deno.writeTextFileSync(join(run, "metrics/val.yaml"), "- x\n- y\n");
  const { code, stdout, stderr } = await runWith(["describe", run]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "train/loss");
  assertEquals(stderr.split("\n").length, 3, stderr);
  assertStringIncludes(stderr, 'em: Cannot read "platform.yaml"');
  assertStringIncludes(stderr, "em: metrics/val.yaml: ");
  Deno.removeSync(join(run, "metadata.yaml"));
  const none = await runWith(["describe", run]);
  assertEquals([none.code, none.stdout], [1, ""]);
  assertStringIncludes(
    none.stderr,
    "is not a directory of a run or an artifact",
  );
  const artifact = fromFileUrl(
    new URL(
      "../fixtures/c18_uploaded/artifacts/model_261123_082619_y25ezu",
      import.meta.url,
    ),
  );
  const told = await runWith(["describe", artifact]);
  assertStringIncludes(told.stdout, "Artifact model_261123_082619_y25ezu\n");
  assertStringIncludes(told.stdout, "  Files    2 files, 352 B\n");
});

Deno.test("em describe and em ls do not unfold what stands for far more than is written", async () => {
  using dir = tempDir();
  const run = describedRun(dir.path);
  const bomb = Array.from(
    { length: 40 },
    (_, at) =>
      `k${at}: &a${at} ${at === 0 ? "[x, y]" : `[*a${at - 1}, *a${at - 1}]`}\n`,
  )
    .join("");
  Deno.writeTextFileSync(join(run, "hyperparameters.yaml"), bomb);
  const told = await runWith(["describe", run]);
  assertEquals(told.code, 0);
  assertStringIncludes(told.stderr, "far more than is written");
  assertEquals((await runWith(["ls", run, "--columns", "k39"])).code, 0);
  const path = join(run, "metadata.yaml");
  Deno.writeTextFileSync(
    path,
    Deno.readTextFileSync(path).replace(/labels:\n- CNN/, "labels:\n- *a39")
      .replace(/^/, bomb),
  );
  const listed = await runWith(["ls", run]);
  assertEquals(listed.code, 0);
  assertStringIncludes(listed.stdout, "unreadable");
});
