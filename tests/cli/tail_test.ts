import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { setSession } from "../../src/aistore/session.ts";
import { startTestServer } from "../support/em_server.ts";
import { putNode, recordsOf, writeRun } from "../support/plain_run.ts";
import { ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { startEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";

const LOG = "one\n\ttwo\x1b[2J\n10%\r20%\r\nfünf\n";
const append = { append: true };

Deno.test("em tail shows the last lines, here and on a server, and none disturbs the terminal", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { url: host, apiKey, client } = server;
  setSession({ host, apiKey, user: "demo", timeoutMs: undefined });
  const filler = "x".repeat(1000) + "\n";
  const run = writeRun(dir.path, {
    log: filler.repeat(200) + LOG + "open",
    metrics: { train: { loss: Array.from({ length: 900 }, (_, at) => at) } },
  });
  const path = await putNode(client, run, { folder: "/demo/t" });
  const last = "\ttwo\\x1b[2J\n20%\nfünf\nopen\n";
  const table: [args: string[], stdout: string][] = [
    [["-n", "0"], ""],
    [["-n", "1"], "open\n"],
    [["-n", "4"], last],
    [["-n", "7"], `${filler}${filler}one\n${last}`],
    [["-n", "150"], `${filler.repeat(145)}one\n${last}`],
    [["-n", "1000"], `${filler.repeat(200)}one\n${last}`],
    [
      ["-n", "2", "-m"],
      "fünf\nopen\ntrain step 898 epoch 1 loss=898\ntrain step 899 epoch 1 loss=899\n",
    ],
  ];
  for (const place of [run, path]) {
    for (const [args, stdout] of table) {
      const outcome = await runWith(["tail", place, ...args]);
      assertEquals(outcome, { code: 0, stdout, stderr: "" }, `${args}`);
    }
  }
  const json = await runWith(["tail", path, "-n", "1", "-m", "--json"]);
  const [line, record] = json.stdout.trim().split("\n").map((text) =>
    JSON.parse(text)
  );
  assertEquals(line, { log: "open" });
  assertEquals(record.metrics.values, { loss: 899 });
});

Deno.test("em tail --follow shows what comes, and ends with the run", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path, {
    metadata: { status: "Running", endTimestamp: null },
    log: "first\n",
  });
  await using em = startEm(["tail", run, "-f", "-m"], { dir: dir.path });
  await em.waitFor("first\n");
  Deno.writeTextFileSync(join(run, "stdout.log"), "sec", append);
  Deno.writeTextFileSync(join(run, "stdout.log"), "ond\n", append);
  Deno.writeTextFileSync(
    join(run, "metrics", "val.yaml"),
    recordsOf({ loss: [0.5] }),
  );
  await em.waitFor("second\n");
  await em.waitFor("val step 0 epoch 1 loss=0.5\n");
  Deno.writeTextFileSync(join(run, "stdout.log"), "third", append);
  const path = join(run, "metadata.yaml");
  const text = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(`${path}.new`, text.replace("Running", "Complete"));
  Deno.renameSync(`${path}.new`, path);
  const { code } = await em.end();
  assertEquals(code, 0);
  assert(em.seen.stdout.endsWith("third\n"), em.seen.stdout);
  assertEquals(em.seen.stderr, "em: the run has ended: Complete\n");
});

Deno.test("em tail --follow ends with Ctrl-C", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path, {
    metadata: { status: "Running", endTimestamp: null },
    log: "first\n",
  });
  await using em = startEm(["tail", run, "-f"], { dir: dir.path });
  await em.waitFor("first\n");
  em.child.kill("SIGINT");
  assertEquals((await em.end()).code, 0);
  assertEquals(em.seen, { stdout: "first\n", stderr: "" });
});

Deno.test("em tail --follow ends when nobody reads any more", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path, {
    metadata: { status: "Running", endTimestamp: null },
    log: "first\n",
  });
  const main = fromFileUrl(new URL("src/cli/main.ts", ROOT));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", main, "tail", run, "-f"],
    cwd: fromFileUrl(ROOT),
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  let code: number | undefined;
  const ended = child.status.then((status) => code = status.code);
  await waitFor("the end", () => {
    Deno.writeTextFileSync(join(run, "stdout.log"), "more\n", append);
    return code;
  });
  assertEquals(await ended, 0);
});
