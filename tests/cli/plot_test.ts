import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeRun } from "../support/plain_run.ts";
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
