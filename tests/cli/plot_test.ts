import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { setSession } from "../../src/aistore/session.ts";
import { startTestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

Deno.test("em plot draws one curve in dots, with numbers at its axes", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path, {
    metrics: { train: { loss: [0, 1, 2, 3] } },
  });
  const { code, stdout, stderr } = await runWith([
    ...["plot", run, "loss", "--width", "24", "--height", "4"],
  ]);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout,
    `⣿ train/loss: last 3, f…
3 ┤                ⣀⡠⠔⠒⠉
  │          ⢀⣀⠤⠒⠊⠉
  │     ⣀⡠⠤⠒⠉⠁
0 ┤⣀⠤⠔⠒⠉
  └──────────┬─────────┬
   0        1.5        3
`,
  );
});

Deno.test("em plot keeps a spike of one step in a long run", async () => {
  using dir = tempDir();
  const loss = Array.from({ length: 20_000 }, (_, at) => at === 7777 ? 50 : 1);
  const run = writeRun(dir.path, { metrics: { train: { loss } } });
  const { stdout } = await runWith(["plot", run, "--height", "5"]);
  const [, top = "", ...below] = stdout.split("\n");
  assert(/^50 ┤ {20,40}\S{1,2}$/.test(top), stdout);
  for (const line of below.slice(0, 3)) assert(/│ +\S/.test(line), stdout);
});

Deno.test("em plot tells several runs and metrics apart, by characters or by colours", async () => {
  using dir = tempDir();
  const runs = [1, 100].map((most) =>
    writeRun(dir.path, {
      metrics: {
        "t\x1bx": { loss: [most, NaN, most / 10] },
        val: { loss: [most / 2, most / 5] },
      },
    })
  );
  const args = ["plot", runs[0] ?? "", "loss", "--with", runs[1] ?? ""];
  const plain = await runWith([...args, "--log-y"]);
  for (const mark of ["o", "+", "x", "*"]) {
    const count = plain.stdout.split("\n").slice(4)
      .filter((line) => line.includes(mark)).length;
    assert(count > 0, plain.stdout);
  }
  assertStringIncludes(plain.stdout, " t\\x1bx/loss: last 10, from 10 to 100");
  assert(plain.stdout.includes(" 100 ┤") && plain.stdout.includes(" 0.1 ┤"));
  const terminal = { columns: 60, hasColors: true };
  const painted = await runWith(args, { terminal });
  assertStringIncludes(painted.stdout, "\x1b[36m");
  assertStringIncludes(painted.stdout, "\x1b[33m");
  const json = JSON.parse((await runWith([...args, "--json"])).stdout);
  assertEquals(json.length, 4);
  assertEquals([json[0].type, json[0].nan, json[0].curve.length], [
    "t\x1bx",
    1,
    2,
  ]);
});

Deno.test("em plot says what there is where a metric is not", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path, { metrics: { train: { loss: [NaN] } } });
  const wrong = await runWith(["plot", run, "lss"]);
  assertEquals(wrong, {
    code: 1,
    stdout: "",
    stderr: 'em: there is no metric "lss", only train/loss\n',
  });
  const odd = await runWith(["plot", run]);
  assertEquals(odd.stderr, "em: there is nothing to draw\n");
  const none = await runWith(["plot", writeRun(dir.path)]);
  assertEquals([none.code, none.stdout], [1, ""]);
});

/** A record of the metric `loss`. */
function record(value: string, epoch: number | null, seconds: number): string {
  const time = new Date(START_MS + seconds * 1000).toISOString().slice(0, 19);
  return `- value:\n    loss: ${value}\n  sequence:\n    epoch: ${epoch}\n` +
    `    step: ${10 * seconds}\n    timestamp: '${time}.250000+00:00'\n`;
}

const START_MS = Date.UTC(2026, 10, 23, 8, 21, 18);

Deno.test("em plot draws over step, epoch, time and time since the start, here and on a server", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { url: host, apiKey, client } = server;
  setSession({ host, apiKey, user: "demo", timeoutMs: undefined });
  const run = writeRun(dir.path, {
    metadata: { startTimestamp: "2026-11-23T16:21:18+08:00" },
    metrics: { train: { loss: [1] } },
  });
  const records = [
    record("3.0", 1, 0),
    record("2.0", null, 90),
    record(".nan", 2, 180),
    record("1.0", 3, 7200),
  ];
  const file = join(run, "metrics", "train.yaml");
  Deno.writeTextFileSync(file, records.join(""));
  const remote = await putNode(client, run, { folder: "/demo/axes" });
  const table: Record<string, [number[], number[]]> = {
    step: [[0, 900, 72000], [1800]],
    epoch: [[1, 3], [2]],
    time: [
      [0, 90, 7200].map((s) => START_MS + s * 1000 + 250),
      [START_MS + 180_250],
    ],
    relative: [[250, 90_250, 7_200_250], [180_250]],
  };
  for (const [x, [places, marks]] of Object.entries(table)) {
    for (const path of [run, remote]) {
      const args = ["plot", path, "loss", "--x", x];
      const { stdout, stderr } = await runWith([...args, "--json"]);
      assertEquals(stderr, "");
      const [series] = JSON.parse(stdout);
      const starts = series.curve.map(({ x0 }: { x0: number }) => x0);
      assertEquals([starts, series.marks], [places, marks], `${path} ${x}`);
    }
  }
  const plain = ["plot", run, "loss", "--width", "60"];
  const relative = await runWith([...plain, "--x", "relative"]);
  assert(/^ +0\.3s +1h 00m +2h 00m$/m.test(relative.stdout), relative.stdout);
  assert(/^ +└─×─+┬─+┬$/m.test(relative.stdout), relative.stdout);
  const time = await runWith([...plain, "--x", "time"]);
  assert(/2026-11-2\d \d\d:21:18/.test(time.stdout), time.stdout);
  const none = writeRun(dir.path);
  Deno.writeTextFileSync(
    join(none, "metrics", "train.yaml"),
    record("1.0", null, 1),
  );
  const { stderr } = await runWith(["plot", none, "--x", "epoch"]);
  assertEquals(stderr, "em: there is nothing to draw over epoch\n");
  const wrong = await runWith([...plain, "--x", "epcoh"]);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, "Did you mean epoch?");
});
