import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { startTestServer, type TestServer } from "../support/em_server.ts";
import { type LocalJsr, startLocalJsr } from "../support/local_jsr.ts";
import { onlyRun } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** A machine that has Deno and nothing of this package: an empty folder and an empty cache. */
interface Stranger extends AsyncDisposable {
  /** The folder. */
  readonly dir: string;
  /** Starts Deno in the folder. */
  spawn(...args: string[]): Deno.ChildProcess;
}

const LIMIT_MS = 120_000;

async function meetStranger(jsr: LocalJsr): Promise<Stranger> {
  const home = tempDir();
  const dir = join(home.path, "project");
  const cache = join(home.path, "cache");
  Deno.mkdirSync(dir);
  Deno.mkdirSync(cache);
  // The npm registry is the real one, and what is known of it already need not be asked again.
  await shareNpmCache(cache);
  const running: Deno.ChildProcess[] = [];
  return {
    dir,
    spawn(...args) {
      const child = new Deno.Command(Deno.execPath(), {
        args,
        cwd: dir,
        clearEnv: true,
        env: {
          ...foreignEnv(),
          HOME: home.path,
          DENO_DIR: cache,
          JSR_URL: jsr.url,
          NO_COLOR: "1",
        },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        signal: AbortSignal.timeout(LIMIT_MS),
      }).spawn();
      running.push(child);
      return child;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((child) => child.status));
      home[Symbol.dispose]();
    },
  };
}

/** The environment without what concerns Deno or this package. */
function foreignEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      !/^(DENO|EM|T9K)_/.test(name)
    ),
  );
}

async function shareNpmCache(cache: string): Promise<void> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout));
  Deno.mkdirSync(npmCache, { recursive: true });
  Deno.symlinkSync(npmCache, join(cache, "npm"));
}

async function output(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const LOCAL_RUN = [
  "--no-prompt",
  "--allow-read=.em",
  "--allow-write=.em",
  "--allow-env=EM_RUN_PARENT_DIR",
];

Deno.test("from JSR, a local run needs no more than its directory and one variable", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meetStranger(jsr);
  Deno.writeTextFileSync(
    join(stranger.dir, "main.ts"),
    `
      import { createRun } from "jsr:@t9k/em";
      const run = await createRun({ name: "stranger", hparams: { lr: 0.1 } });
      const lr: number = run.hparams.lr;
      run.log("train", { loss: lr }, { step: 1 });
      console.log((await run.finish()).status);
    `,
  );
  const { code, stdout, stderr } = await output(
    stranger.spawn("run", "--check", ...LOCAL_RUN, "main.ts"),
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "Complete\n");
  assertEquals(jsr.missing, []);
  assertMatch(
    Deno.readTextFileSync(
      join(onlyRun(stranger.dir), "metrics/train.yaml"),
    ),
    /loss: 0\.1\b/,
  );
});

Deno.test("from JSR, a loop that never yields is delivered by a thread of its own, without leave to read the package", async () => {
  await using jsr = await startLocalJsr();
  await using server = await startTestServer();
  await using stranger = await meetStranger(jsr);
  Deno.writeTextFileSync(
    join(stranger.dir, "main.ts"),
    `
      import { createRun, login } from "jsr:@t9k/em";
      await login({ host: "${server.url}", apiKey: "${server.apiKey}" });
      const run = await createRun({ name: "stranger", autoUpload: true, makeFolder: true });
      const end = Date.now() + 60_000;
      run.log("train", { loss: 1 }, { step: 1 });
      const goOn = () => {
        try {
          Deno.statSync(".em/stop");
          return false;
        } catch {
          return Date.now() < end;
        }
      };
      while (goOn());
      console.log(Date.now() < end, (await run.finish()).upload.state);
    `,
  );
  const child = stranger.spawn(
    "run",
    ...LOCAL_RUN,
    `--allow-net=${new URL(server.url).host}`,
    "main.ts",
  );
  const result = output(child);
  const ended = result.then(({ stderr }) => {
    throw new Error(`The script has ended: ${stderr}`);
  });
  const arrived = waitFor(
    "the record",
    () => record(server),
  );
  assertMatch(await Promise.race([arrived, ended]), /loss: 1\.0\b/);
  Deno.writeTextFileSync(join(stranger.dir, ".em/stop"), "");
  const { code, stdout, stderr } = await result;
  await ended.catch(() => {});
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "true complete\n");
  assert(!stderr.includes("shares the thread"), stderr);
});

async function record(server: TestServer): Promise<string | undefined> {
  const objects = await server.objects("/demo/default/stranger");
  return objects.get("metrics/train.yaml");
}

Deno.test("from JSR, the em command runs, and serves", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meetStranger(jsr);
  const version = await output(
    stranger.spawn("run", "-A", "jsr:@t9k/em/cli", "--version"),
  );
  assertEquals(version.code, 0, version.stderr);
  assertMatch(version.stdout, /^\d+\.\d+\.\d+\n$/);

  const child = stranger.spawn(
    ...["run", "-A", "jsr:@t9k/em/cli", "serve", "--port", "0"],
  );
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let said = "";
    while (!said.includes("Data in")) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`It ended: ${said}${await stderr}`);
      said += value;
    }
    const [, url] = /^AIStore server at (\S+)$/m.exec(said) ?? [];
    const [, key = ""] = /^API key: (\S+)/m.exec(said) ?? [];
    const userinfo = new URL(`${url}/oauth2/userinfo`);
    userinfo.searchParams.set("apikey", key);
    const response = await fetch(userinfo);
    assertEquals(await response.json(), { preferred_username: "demo" });
    const [, pages = ""] = /^Pages: +(\S+)$/m.exec(said) ?? [];
    const page = await (await fetch(pages)).text();
    const [, script = ""] = /src="(app\.js[^"]*)"/.exec(page) ?? [];
    const code = await (await fetch(new URL(script, pages))).text();
    assert(code.length > 100_000, "the pages are part of the package");
  } finally {
    child.kill("SIGTERM");
    await reader.cancel();
  }
  await stderr;
  assertEquals((await child.status).code, 0);
});

Deno.test("from JSR, system metrics have a thread of their own without leave to read the package, and /tfjs needs nothing", async () => {
  await using jsr = await startLocalJsr();
  await using stranger = await meetStranger(jsr);
  Deno.writeTextFileSync(
    join(stranger.dir, "main.ts"),
    `
      import { createRun } from "jsr:@t9k/em";
      import { tfjsCallback, type TfjsModel } from "jsr:@t9k/em/tfjs";
      const run = await createRun({ name: "stranger", systemMetrics: { everyMs: 1000 } });
      const model: TfjsModel = { evaluate: () => 0.5, evaluateDataset: () => Promise.resolve(0.5) };
      // Only a thread of its own adds to it while this computes.
      let count = 0;
      while (count < 2) count = Deno.readTextFileSync(run.local + "/metrics/system.yaml").match(/step/g)?.length ?? 0;
      const { loss } = await tfjsCallback(run, model).evaluate();
      await run.finish();
      console.log(loss, count);
    `,
  );
  const { code, stdout, stderr } = await output(
    stranger.spawn("run", "--check", ...LOCAL_RUN, "main.ts"),
  );
  assertEquals(code, 0, stderr);
  assertEquals(stdout, "0.5 2\n");
  assertEquals(jsr.missing, []);
});
