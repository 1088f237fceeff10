import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { login } from "../../src/aistore/login.ts";
import type { ProgressOutput } from "../../src/progress.ts";
import { startTestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runWith } from "./fake_io.ts";

/** A terminal, and what is waited for until a line of progress was seen on it. */
function terminal() {
  const texts: string[] = [];
  const { promise: isSeen, resolve } = Promise.withResolvers<void>();
  const output: ProgressOutput = {
    isTerminal: () => true,
    write(text) {
      texts.push(text);
      resolve();
    },
  };
  return { texts, isSeen, output };
}

const ERASED = "\r\x1b[K";

/** The first line of progress. */
function shownIn([first = ""]: readonly string[]): string {
  assert(first.startsWith(ERASED), first);
  return first.slice(ERASED.length);
}

Deno.test("em export and em ls say on a terminal how far they are while a server takes its time", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const metrics = { train: { loss: [1, 0.5] }, val: { loss: [1, 2, 3] } };
  const run = writeRun(dir.path, { metrics, hparams: { lr: 0.1 } });
  await putNode(server.client, run, { folder: "/demo/cv", name: "a" });
  const target = join(dir.path, "m.csv");
  const cases: [args: string[], held: string, shown: RegExp][] = [
    [
      ["export", "cv/a", "--to", "csv", "-o", target, "--json"],
      "/a/metrics/val.yaml",
      /^Exporting "\/demo\/cv\/a": \d+ % of \d+ B/,
    ],
    [
      ["ls", "cv", "--columns", "lr", "--json"],
      "/hyperparameters.yaml",
      /^Listing: columns of 0 of 1 node$/,
    ],
  ];
  for (const [args, held, shown] of cases) {
    const { texts, isSeen, output } = terminal();
    let wasHeld = false;
    await using slow = await startFaultyServer({
      async handler(request) {
        const url = new URL(request.url);
        if (decodeURIComponent(url.search).includes(held)) {
          wasHeld = true;
          await isSeen;
        }
        url.port = new URL(server.url).port;
        return await fetch(new Request(url, request));
      },
    });
    await login({ host: slow.url, apiKey: server.apiKey });
    const { code, stderr } = await runWith(args, { progress: output });
    assertEquals([code, stderr], [0, ""]);
    assert(wasHeld, args.join(" "));
    assertMatch(shownIn(texts), shown);
    assertEquals(texts.at(-1), ERASED);
  }
});

Deno.test("em import says on a terminal how far it is, also where nothing ever waits", async () => {
  using dir = tempDir();
  const store = join(dir.path, "mlruns", "1", "a");
  Deno.mkdirSync(join(store, "metrics"), { recursive: true });
  Deno.writeTextFileSync(
    join(store, "meta.yaml"),
    "run_id: a\nrun_name: long\nstart_time: 1000\nstatus: 3\n",
  );
  const lines = Array.from({ length: 150_000 }, (_, at) => `${at} 0.5 ${at}\n`);
  Deno.writeTextFileSync(join(store, "metrics", "loss"), lines.join(""));
  const { texts, output } = terminal();
  const { code, stdout, stderr } = await runWith(
    ["import", "mlflow", "mlruns", "--into", "runs", "--json"]
      .map((arg) => /runs$/.test(arg) ? join(dir.path, arg) : arg),
    { progress: output },
  );
  assertEquals([code, stderr], [0, ""]);
  assertEquals(JSON.parse(stdout)[0].records, 150_000);
  assertMatch(
    shownIn(texts),
    /^Importing "[^"]+mlruns": 0 of 1 run, \d+ records?$/,
  );
  assertEquals(texts.at(-1), ERASED);
});

Deno.test("em export shows no progress among the lines that it writes to the same terminal", async () => {
  using dir = tempDir();
  const run = writeRun(dir.path, { metrics: { train: { loss: [1] } } });
  const unwanted = () => {
    throw new Error("nobody is to look where progress is shown");
  };
  const progress = { isTerminal: unwanted, write: unwanted };
  const { code, stderr } = await runWith(["export", run, "--to", "csv"], {
    progress,
    terminal: { columns: 80, hasColors: false },
  });
  assertEquals([code, stderr], [0, ""]);
});
