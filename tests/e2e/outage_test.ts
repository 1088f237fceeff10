import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { startEm } from "../cli/em_process.ts";
import {
  type Fault,
  once,
  type RequestInfo,
  type Script,
} from "../support/faulty_server.ts";
import {
  type LiveOptions,
  type LiveResult,
  runPrintedCommand,
  startLive,
} from "../support/live_script.ts";
import { onlyRun } from "../support/script.ts";
import {
  checksumsOf,
  configFor,
  localChecksums,
  type ShakyServer,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** How long a process may go on when its work is done; a request that holds it would do so for 30 s. */
const PROMPT_MS = 6_000;

function isPut({ method, path }: RequestInfo): boolean {
  return /^(POST|PATCH)$/.test(method) && path === "/apis/v1/objects";
}

function answer(
  status: number,
  body = "",
  headers: Record<string, string> = {},
): Fault {
  return { kind: "answer", status, body, headers };
}

/** Asserts what holds on every bad day: no crash, no key, no stack trace, nothing on stderr but the library's own lines. */
function assertCalm(result: LiveResult, apiKey: string): void {
  assertEquals([result.code, result.signal], [0, null], result.stderr);
  assert(
    !(result.stderr + result.stdout).includes(apiKey),
    "the key is secret",
  );
  const others = result.stderr.split("\n").filter((line) =>
    line !== "" && !/^EM (INFO|WARNING): /.test(line)
  );
  assertEquals(others, [], "nothing else is said");
  assertEquals(
    result.warnings.length,
    new Set(result.warnings).size,
    "each warning once",
  );
}

async function assertWhole(
  server: Pick<ShakyServer, "client">,
  node: string,
  run: string,
): Promise<void> {
  assertEquals(await checksumsOf(server.client, node), localChecksums(run));
}

/** Asserts that a run holds every record from the first to the last. */
function assertNoGap(run: string): void {
  const { records, problem } = parseMetrics(
    Deno.readFileSync(join(run, "metrics/train.yaml")),
  );
  assertEquals(problem, undefined);
  assertEquals(
    records.map(({ sequence }) => sequence.step),
    records.map((_, index) => index + 1),
  );
}

async function arrived(server: ShakyServer, path: string): Promise<void> {
  const [node = "", key = ""] = path.split(" ");
  await waitFor(
    path,
    async () =>
      (await checksumsOf(server.client, node))[key] === undefined
        ? undefined
        : true,
  );
}

function sizeOf(file: string): number {
  return Deno.statSync(file).size;
}

Deno.test("a server that is away for three seconds costs one warning, and everything is there at the end", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "away", autoUpload: true });
    await logUntil(run, "end");
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  await arrived(server, "/demo/default/away metrics/train.yaml");
  await server.faulty.down();
  const downAt = Date.now();
  await live.heard("nothing is lost");
  const metrics = join(onlyRun(dir.path), "metrics/train.yaml");
  const before = sizeOf(metrics);
  await waitFor(
    "log() goes on",
    () =>
      Date.now() > downAt + 3_000 && sizeOf(metrics) > before
        ? true
        : undefined,
  );
  await server.faulty.up();
  await live.heard("answers again");
  live.tell("end");
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.warnings.length, 1, result.stderr);
  assertEquals(
    result.infos.filter((line) => line.includes("answers again")).length,
    1,
  );
  const [report] = result.reports;
  assertEquals([report?.status, report?.state], ["Complete", "complete"]);
  const run = onlyRun(dir.path);
  await assertWhole(server, "/demo/default/away", run);
  assertNoGap(run);
});

/** What nginx says when there is nobody behind it. */
const NGINX_502 = `<html>\r
<head><title>502 Bad Gateway</title></head>\r
<body>\r
<center><h1>502 Bad Gateway</h1></center>\r
<hr><center>nginx</center>\r
</body>\r
</html>\r
`;

Deno.test("whatever a server or gateway does to a few requests, everything arrives, and once", async (t) => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const faults: readonly (readonly [name: string, fault: Fault])[] = [
    ["503", answer(503, "busy")],
    ["503 with Retry-After", answer(503, "busy", { "retry-after": "1" })],
    ["429 with Retry-After", answer(429, "slowly", { "retry-after": "1" })],
    ["500", answer(500, "oops")],
    ["reset before the body", { kind: "reset", when: "before-body" }],
    ["reset within the body", { kind: "reset", when: "mid-body" }],
    ["reset after the body", { kind: "reset", when: "after-body" }],
    ["answer lost", { kind: "reset", when: "after-handling" }],
    ["reset within the answer", { kind: "reset", when: "mid-answer" }],
    ["slow", { kind: "delay", ms: 300 }],
    [
      "page with 200",
      answer(200, "<!DOCTYPE html><title>Maintenance</title>", {
        "content-type": "text/html",
      }),
    ],
    [
      "page with 404",
      answer(404, "<html>default backend - 404</html>", {
        "content-type": "text/html",
      }),
    ],
    ["redirect to a login page", answer(302, "", { location: "/login" })],
    ["page with 502", answer(502, NGINX_502)],
    ["corrupt answer", { kind: "corrupt" }],
  ];
  const live = startLive(
    `const run = await createRun({ name: "shaky", autoUpload: true });
    for (let i = 0; i < ${faults.length}; i++) {
      await told(i);
      for (let j = 0; j < 50; j++) log(run);
      run.hparams["n" + i] = i;
      say("FLUSH " + i + " " + (await run.flush({ timeoutMs: 20_000 })).state);
    }
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  await arrived(server, "/demo/default/shaky stdout.log");
  for (const [index, [name, fault]] of faults.entries()) {
    await t.step(name, async () => {
      const before = server.faulty.requests.length;
      server.faulty.script = once(isPut, fault, 2);
      live.tell(`${index}`);
      await live.heard(`FLUSH ${index} `);
      const hit = server.faulty.requests.slice(before).filter((request) =>
        request.fault !== undefined
      );
      assertEquals(hit.length, 2, "the fault has happened");
      const run = onlyRun(dir.path);
      const there = await checksumsOf(server.client, "/demo/default/shaky");
      const here = localChecksums(run);
      for (const file of ["metrics/train.yaml", "hyperparameters.yaml"]) {
        assertEquals(there[file], here[file], file);
      }
    });
  }
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.stdout.match(/FLUSH \d+ complete/g)?.length, 15);
  assertEquals(result.reports[0]?.state, "complete");
  assertEquals(result.warnings.length, 1, result.stderr);
  await assertWhole(server, "/demo/default/shaky", onlyRun(dir.path));
});

Deno.test("createRun() at a server that stumbles makes one node, and delivers to it", async (t) => {
  const isNew = ({ method, path }: RequestInfo) =>
    method === "POST" && path === "/apis/v1/nodes";
  const scripts: readonly (readonly [name: string, script: () => Script])[] = [
    [
      "nodes are made, but no answer comes",
      () => once(isNew, { kind: "reset", when: "after-handling" }, 6),
    ],
    ["a burst of 503", () => once(() => true, answer(503), 3)],
    [
      "a gateway with nobody behind it",
      () => once(() => true, answer(502, NGINX_502), 3),
    ],
    [
      "300 ms late",
      () => () => ({ kind: "delay", ms: 300 }),
    ],
    [
      "objects cannot be listed at first",
      () => {
        const lost = once(isNew, { kind: "reset", when: "after-handling" }, 4);
        const list = once(
          ({ path }) => path === "/apis/v1/objects/ls",
          answer(503),
        );
        return (request) => lost(request) ?? list(request);
      },
    ],
  ];
  for (const [name, script] of scripts) {
    await t.step(name, async () => {
      await using server = await startShakyServer();
      server.faulty.script = script();
      using dir = tempDir();
      const live = startLive(
        `const run = await createRun({ name: "start", autoUpload: true });
        for (let i = 0; i < 20; i++) log(run);
        await end(run);`,
        { dir: dir.path, config: server.config },
      );
      const result = await live.end();
      assertCalm(result, server.apiKey);
      assertEquals(result.reports[0]?.state, "complete", result.stderr);
      const warnings = result.warnings.filter((line) =>
        !line.includes("is slow to answer")
      );
      assertEquals(
        warnings.length,
        name === "300 ms late" ? 0 : 1,
        result.stderr,
      );
      const nodes = await Array.fromAsync(
        server.client.listNodes("/demo/default"),
      );
      assertEquals(nodes.map((node) => node.name), ["start"]);
      await assertWhole(server, "/demo/default/start", onlyRun(dir.path));
    });
  }
});

/** Flags with which the package's own modules cannot be read, so that delivery shares the script's thread. */
function mainThreadFlags(dir: string): string[] {
  return [
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    "--allow-run=git",
    `--allow-read=${dir}`,
    `--allow-write=${dir}`,
  ];
}

const MODES = [["worker", () => ["-A"]], ["main", mainThreadFlags]] as const;

Deno.test("a server that hangs holds up neither createRun(), nor log(), nor finish(), nor the end of the process", async (t) => {
  const hangs: readonly (readonly [name: string, script: Script])[] = [
    ["from the start", () => ({ kind: "hang" })],
    ["for objects", (request) => isPut(request) ? { kind: "hang" } : undefined],
  ];
  const cases = MODES.flatMap(([mode, flags]) =>
    hangs.map(([name, script]) => ({ mode, flags, name, script }))
  );
  const run = async (
    { mode, flags, name, script }: (typeof cases)[number],
  ): Promise<void> => {
    await using server = await startShakyServer();
    server.faulty.script = script;
    using dir = tempDir();
    const live = startLive(
      `const time = async (what) => { const start = performance.now(); await what(); return performance.now() - start; };
      const logs = (run) => time(async () => { for (let i = 0; i < 5_000; i++) { log(run); if (i % 100 === 0) await pause(0); } });
      const local = await createRun({ name: "local" });
      await logs(local);
      const without = await logs(local);
      await local.finish();
      let run;
      const create = await time(async () => run = await createRun({ name: "hang", autoUpload: true }));
      const logging = await logs(run);
      const finish = await time(() => end(run, { timeoutMs: 500 }));
      say("TIMES " + JSON.stringify({ without, create, logging, finish }));`,
      { dir: dir.path, config: server.config, flags: flags(dir.path) },
    );
    const result = await live.end();
    const times = JSON.parse(/TIMES (.*)/.exec(result.stdout)?.[1] ?? "{}");
    const about = `${mode}, ${name}: ${JSON.stringify(times)} ${result.stderr}`;
    assertCalm(result, server.apiKey);
    assertLess(times.create, 3_000 + PROMPT_MS, about);
    assertLess(times.logging, 10 * times.without + 1_000, about);
    assertLess(times.finish, 500 + PROMPT_MS, about);
    assertLess(result.afterLastWordMs, PROMPT_MS, about);
    const [report] = result.reports;
    assertEquals([report?.status, report?.state], ["Complete", "pending"]);
    assertEquals(
      report?.pending.some(({ path }) => path === "metrics/train.yaml"),
      true,
      about,
    );
    const [unanswered, , ...more] = result.warnings.filter((line) =>
      !line.includes("shares the thread")
    ).reverse();
    assertEquals(more, [], about);
    assertStringIncludes(unanswered ?? "", "complete it with: ");
    server.faulty.script = () => undefined;
    const printed = await runPrintedCommand(unanswered ?? "", {
      dir: dir.path,
      config: server.config,
    });
    assertEquals(printed.code, 0, printed.output);
    const hung = [...Deno.readDirSync(join(dir.path, ".em/runs"))].find((
      entry,
    ) => entry.name.startsWith("hang"));
    await assertWhole(
      server,
      "/demo/default/hang",
      join(dir.path, ".em/runs", hung?.name ?? ""),
    );
  };
  for (const one of cases) {
    await t.step({
      name: `${one.mode} thread, ${one.name}`,
      fn: () => run(one),
    });
  }
});

Deno.test("a file that the server refuses is named with the reason, and the others arrive", async () => {
  await using server = await startShakyServer();
  server.faulty.script = (request) =>
    isPut(request) && request.query.get("path")?.endsWith("/model.bin")
      ? answer(413, "<html>413 Request Entity Too Large</html>")
      : undefined;
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "large", autoUpload: true });
    log(run);
    Deno.writeFileSync(run.local + "/model.bin", new Uint8Array(2_000_000));
    Deno.writeFileSync(run.local + "/other.bin", new Uint8Array(2_000_000));
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  const result = await live.end();
  assertCalm(result, server.apiKey);
  const [report] = result.reports;
  assertEquals([report?.status, report?.state], ["Complete", "refused"]);
  assertEquals(report?.refused.map(({ path }) => path), ["model.bin"]);
  assertStringIncludes(report?.refused[0]?.reason ?? "", "413");
  assertEquals(report?.pending, []);
  assertEquals(result.warnings.length, 2, "at once, and at the end");
  for (const line of result.warnings) assertStringIncludes(line, "model.bin");
  const { "model.bin": _, ...others } = localChecksums(onlyRun(dir.path));
  assertEquals(await checksumsOf(server.client, "/demo/default/large"), others);
});

Deno.test("a process that may open no more files goes on when it may again", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "files", autoUpload: true });
    log(run);
    await run.flush();
    const files = [];
    try { for (;;) files.push(Deno.openSync("/dev/null")); } catch (error) { say(error.code); }
    log(run);
    say("FULL " + JSON.stringify(brief(await run.flush({ timeoutMs: 5_000 }))));
    for (const file of files) file.close();
    await end(run);`,
    {
      dir: dir.path,
      config: server.config,
      prefix: ["sh", "-c", `ulimit -n 80; exec "$@"`, "sh"],
    },
  );
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertStringIncludes(result.stdout, "EMFILE");
  const full = JSON.parse(/FULL (.*)/.exec(result.stdout)?.[1] ?? "{}");
  assertEquals(full.state, "pending");
  assertEquals(result.reports[0]?.state, "complete", result.stderr);
  await assertWhole(server, "/demo/default/files", onlyRun(dir.path));
  const again = server.faulty.requests.filter((request) =>
    isPut(request) && request.query.get("path")?.endsWith("/git.yaml")
  );
  assertEquals(
    again.length,
    1,
    "what could not be seen for a while is not sent again",
  );
});

Deno.test("a key that stops working in mid-run is told once, log() goes on, and the printed command completes the run", async (t) => {
  const KEY = "00000000-0000-0000-0000-000000000000";
  const table = [
    answer(401, "Unauthorized"),
    answer(403, "permission denied"),
    answer(400, `api key ${KEY} not found\n`),
  ];
  for (const fault of table) {
    const status = fault.kind === "answer" ? fault.status : 0;
    await t.step(`${status}`, async () => {
      await using server = await startShakyServer();
      using dir = tempDir();
      const options = { dir: dir.path, config: server.config };
      const live = startLive(
        `const run = await createRun({ name: "key", autoUpload: true });
        await logUntil(run, "more");
        await logUntil(run, "end");
        await end(run, { timeoutMs: 3000 });`,
        options,
      );
      await arrived(server, "/demo/default/key metrics/train.yaml");
      server.faulty.script = () => fault;
      live.tell("more");
      await live.heard("refused the API key");
      const run = onlyRun(dir.path);
      const before = sizeOf(join(run, "metrics/train.yaml"));
      await waitFor(
        "log() goes on",
        () =>
          sizeOf(join(run, "metrics/train.yaml")) > before ? true : undefined,
      );
      live.tell("end");
      const result = await live.end();
      assertCalm(result, server.apiKey);
      const [report] = result.reports;
      assertEquals(
        [report?.status, report?.state, report?.error],
        ["Complete", "pending", "AuthenticationError"],
      );
      assertEquals(result.warnings.length, 2, result.stderr);
      server.faulty.script = () => undefined;
      const printed = await runPrintedCommand(
        result.warnings[1] ?? "",
        options,
      );
      assertEquals(printed.code, 0, printed.output);
      await assertWhole(server, "/demo/default/key", run);
      assertNoGap(run);
    });
  }
});

Deno.test("a node that is deleted on the server in mid-run is not made again by itself, but by upload()", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "gone", autoUpload: true });
    await logUntil(run, "end");
    await end(run);
    await told("upload");
    for (const { report } of await upload(run.local)) say("AGAIN " + JSON.stringify(brief(report)));`,
    { dir: dir.path, config: server.config },
  );
  await arrived(server, "/demo/default/gone metrics/train.yaml");
  await server.client.deleteNode("/demo/default/gone");
  await live.heard("deleted");
  live.tell("end");
  await live.heard("END ");
  assertEquals(
    await Array.fromAsync(server.client.listNodes("/demo/default")),
    [],
  );
  live.tell("upload");
  const result = await live.end();
  assertCalm(result, server.apiKey);
  const [report] = result.reports;
  assertEquals([report?.status, report?.state], ["Complete", "refused"]);
  assertMatch(
    report?.message ?? "",
    /"\/demo\/default\/gone" is no longer on AIStore server .*deleted/,
  );
  assertEquals(result.warnings.length, 2, result.stderr);
  const again = JSON.parse(/AGAIN (.*)/.exec(result.stdout)?.[1] ?? "{}");
  assertEquals([again.state, again.node], ["complete", "/demo/default/gone"]);
  await assertWhole(server, "/demo/default/gone", onlyRun(dir.path));
});

Deno.test("a refusal that comes when createRun() has long returned is told, and the printed command puts it right", async (t) => {
  const table = [
    {
      name: "missing folder",
      options: `folder: "x/y"`,
      error: "FolderNotFoundError",
      node: /^\/demo\/x\/y\/late$/,
    },
    {
      name: "name taken",
      options: `conflictStrategy: "error"`,
      error: "NodeExistsError",
      node: /^\/demo\/default\/late_/,
    },
  ];
  for (const { name, options, error, node } of table) {
    await t.step(name, async () => {
      await using server = await startShakyServer();
      for (
        const [path, type] of [["default", "Folder"], ["default/late", "Run"]]
      ) {
        await server.client.createNode({
          parent: join("/demo", path?.split("/").slice(0, -1).join("/") ?? ""),
          name: path?.split("/").at(-1) ?? "",
          type: type ?? "",
          labels: [],
          description: "",
          extra: "",
        });
      }
      using dir = tempDir();
      const live: LiveOptions = { dir: dir.path, config: server.config };
      await server.faulty.down();
      const script = startLive(
        `const run = await createRun({ name: "late", autoUpload: true, ${options} });
        say("CREATED");
        await logUntil(run, "end");
        await end(run);`,
        live,
      );
      await script.heard("CREATED");
      await server.faulty.up();
      await script.heard("finish() says how to upload it");
      script.tell("end");
      const result = await script.end();
      assertCalm(result, server.apiKey);
      const [report] = result.reports;
      assertEquals(
        [report?.status, report?.state, report?.error],
        ["Complete", "refused", error],
      );
      assertEquals(result.warnings.length, 3, result.stderr);
      const printed = await runPrintedCommand(result.warnings[2] ?? "", live);
      assertEquals(printed.code, 0, printed.output);
      const run = onlyRun(dir.path);
      const { remote } = await remoteOf(run);
      assertMatch(remote, node);
      await assertWhole(server, remote, run);
    });
  }
});

async function remoteOf(run: string): Promise<{ remote: string }> {
  const { decodeRunMetadata } = await import("../../src/format/metadata.ts");
  const path = join(run, "metadata.yaml");
  const { remote } = decodeRunMetadata(Deno.readTextFileSync(path));
  return { remote: remote.at(-1)?.path ?? "" };
}

Deno.test("without a thread of its own, createRun() still waits for a definite refusal", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `try { await createRun({ name: "main", folder: "x/y", autoUpload: true }); } catch (error) { say(error.name); }`,
    { dir: dir.path, config: server.config, flags: mainThreadFlags(dir.path) },
  );
  const result = await live.end();
  assertStringIncludes(result.stderr, "shares the thread");
  assertEquals(result.stdout, "FolderNotFoundError\n");
});

Deno.test("a server process that is killed in mid-run and started again has everything at the end", async () => {
  using dir = tempDir();
  let em = startEm(["serve", "--port", "0"], { dir: dir.path });
  try {
    await em.waitFor("Data in");
    const [, url = "", port = ""] =
      /^AIStore server at (http:\S+:(\d+)\S+)$/m.exec(em.seen.stdout) ?? [];
    const apiKey = /^API key: (\S+)/m.exec(em.seen.stdout)?.[1] ?? "";
    const client = new AIStoreClient({ host: url, apiKey });
    const live = startLive(
      `const run = await createRun({ name: "killed", autoUpload: true });
      Deno.writeFileSync(run.local + "/big.bin", crypto.getRandomValues(new Uint8Array(60_000)));
      await logUntil(run, "end");
      await end(run);`,
      { dir: dir.path, config: configFor(url, apiKey) },
    );
    const metrics = () => join(onlyRun(dir.path), "metrics/train.yaml");
    for (let kill = 0; kill < 3; kill++) {
      const node = "/demo/default/killed";
      const before = (await checksumsOf(client, node))["metrics/train.yaml"];
      await waitFor("an object of the run", async () => {
        const now = (await checksumsOf(client, node))["metrics/train.yaml"];
        return now === undefined || now === before ? undefined : now;
      });
      em.child.kill("SIGKILL");
      await em.end();
      await live.heard("nothing is lost");
      const size = sizeOf(metrics());
      await waitFor(
        "log() goes on",
        () => sizeOf(metrics()) > size + 3_000 ? true : undefined,
      );
      em = startEm(["serve", "--port", port], { dir: dir.path });
      await em.waitFor("Data in");
    }
    live.tell("end");
    const result = await live.end();
    assertCalm(result, apiKey);
    assertEquals(result.reports[0]?.state, "complete", result.stderr);
    assertEquals(result.warnings.length, 1, result.stderr);
    await assertWhole({ client }, "/demo/default/killed", onlyRun(dir.path));
    assertNoGap(onlyRun(dir.path));
  } finally {
    await em[Symbol.asyncDispose]();
  }
});

/** File names that something on the way might take for something else. */
const ODD_NAMES = [
  "a b",
  "#1",
  "50%",
  "%41",
  "what?",
  "1+1=2&x",
  "学 习 ü",
  "e\u0301",
  `quote"'`,
  "semi;colon",
  "n".repeat(200),
  ".hidden",
  "tab\tand\nline",
  "back\\slash",
  "[x]{y}",
  "~",
];

Deno.test("whatever happens in the run directory, the server has in the end what is there", async () => {
  await using server = await startShakyServer();
  server.faulty.script = (request) =>
    isPut(request) ? { kind: "delay", ms: 30 } : undefined;
  using dir = tempDir();
  const live = startLive(
    `const run = await createRun({ name: "busy", autoUpload: true });
    const path = (name) => run.local + "/" + name;
    const bytes = (size) => { const all = new Uint8Array(size); for (let i = 0; i < size; i += 60_000) crypto.getRandomValues(all.subarray(i, i + 60_000)); return all; };
    const names = ${JSON.stringify(ODD_NAMES)};
    Deno.mkdirSync(path("odd names/dir #1 %2F?"), { recursive: true });
    for (const name of names) {
      Deno.writeTextFileSync(path("odd names/" + name), name);
      Deno.writeTextFileSync(path("odd names/dir #1 %2F?/" + name), "below " + name);
    }
    Deno.mkdirSync(path("empty/deep"), { recursive: true });
    Deno.writeTextFileSync(path("nothing"), "");
    Deno.symlinkSync("loop", path("loop"));
    Deno.symlinkSync("..", path("empty/up"));
    Deno.symlinkSync("/etc/hostname", path("out"));
    Deno.writeTextFileSync(path("deleted"), "soon gone");
    Deno.mkdirSync(path("deleted dir"));
    Deno.writeTextFileSync(path("deleted dir/x"), "soon gone");
    log(run);
    say((await run.flush()).state);
    Deno.removeSync(path("deleted"));
    Deno.removeSync(path("deleted dir"), { recursive: true });
    const big = Deno.openSync(path("big.bin"), { write: true, create: true });
    for (let i = 0; i < 30; i++) {
      big.writeSync(bytes(1_000_000));
      Deno.writeFileSync(path("checkpoint.tmp"), bytes(3_000_000));
      Deno.renameSync(path("checkpoint.tmp"), path("checkpoint.bin"));
      Deno.writeTextFileSync(path("rewritten"), "x".repeat(i));
      log(run);
      if (i % 10 === 5) run.flush({ timeoutMs: 5_000 });
      await pause(30);
    }
    big.close();
    await end(run);`,
    { dir: dir.path, config: server.config },
  );
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.warnings, []);
  assertEquals(result.stdout.split("\n")[0], "complete");
  assertEquals(
    result.reports[0],
    {
      status: "Complete",
      state: "complete",
      node: "/demo/default/busy",
      pending: [],
      refused: [],
    },
  );
  const local = localChecksums(onlyRun(dir.path));
  assertEquals(
    Object.keys(local).filter((key) => key.startsWith("odd names")).length,
    2 * ODD_NAMES.length,
  );
  const there = await checksumsOf(server.client, "/demo/default/busy");
  // What is deleted here stays there.
  for (const key of ["deleted", "deleted dir/x"]) {
    assertEquals(key in there, true, key);
    delete there[key];
  }
  delete there["checkpoint.tmp"];
  assertEquals(there, local);
});

Deno.test("what may not be read is named with the reason, and the printed command completes it when it may", async (t) => {
  const mayDrop = Deno.uid() !== 0 || await hasSetpriv();
  await t.step({
    name: mayDrop
      ? "chmod 000"
      : "chmod 000: NOT TESTED, root reads everything and setpriv(1) is not here",
    ignore: !mayDrop,
    fn: unreadable,
  });
});

async function hasSetpriv(): Promise<boolean> {
  try {
    return (await new Deno.Command("setpriv", { args: ["--version"] }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function unreadable(): Promise<void> {
  await using server = await startShakyServer();
  using dir = tempDir();
  const options = { dir: dir.path, config: server.config };
  const live = startLive(
    `const run = await createRun({ name: "closed", autoUpload: true });
    log(run);
    Deno.writeTextFileSync(run.local + "/secret", "s", { mode: 0o000 });
    Deno.mkdirSync(run.local + "/closed");
    Deno.writeTextFileSync(run.local + "/closed/inside", "i");
    Deno.chmodSync(run.local + "/closed", 0o000);
    Deno.mkdirSync(run.local + "/open");
    Deno.writeTextFileSync(run.local + "/open/later", "l");
    await run.flush();
    Deno.chmodSync(run.local + "/open", 0o000);
    await end(run);`,
    {
      ...options,
      ...(Deno.uid() === 0
        ? {
          prefix: [
            "setpriv",
            "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-dac_override,-dac_read_search",
          ],
        }
        : {}),
    },
  );
  const result = await live.end();
  const run = onlyRun(dir.path);
  for (
    const [name, mode] of [["secret", 0o600], ["closed", 0o700], [
      "open",
      0o700,
    ]] as const
  ) {
    Deno.chmodSync(join(run, name), mode);
  }
  assertCalm(result, server.apiKey);
  const [report] = result.reports;
  assertEquals([report?.status, report?.state], ["Complete", "pending"]);
  assertEquals(report?.pending.map(({ path }) => path).sort(), [
    "closed/",
    "open/",
    "secret",
  ]);
  for (const { reason } of report?.pending ?? []) {
    assertStringIncludes(reason, "cannot be read");
  }
  const { secret: _, "closed/inside": __, ...others } = localChecksums(run);
  assertEquals(
    await checksumsOf(server.client, "/demo/default/closed"),
    others,
  );
  const printed = await runPrintedCommand(
    result.warnings.at(-1) ?? "",
    options,
  );
  assertEquals(printed.code, 0, printed.output);
  await assertWhole(server, "/demo/default/closed", run);
}

Deno.test("of two runs in a process the first may be finished long before the other, and the process ends by itself", async () => {
  for (const [mode, flags] of MODES) {
    await using server = await startShakyServer();
    using dir = tempDir();
    const live = startLive(
      `const first = await createRun({ name: "first", autoUpload: true });
      const second = await createRun({ name: "second", autoUpload: true });
      log(first); log(second);
      await end(first);
      for (let i = 0; i < 100; i++) { log(second); await pause(10); }
      say((await second.flush()).state);
      const third = await createRun({ name: "third", autoUpload: true });
      await end(second);
      log(third);
      await end(third);`,
      { dir: dir.path, config: server.config, flags: flags(dir.path) },
    );
    const result = await live.end();
    assertCalm(result, server.apiKey);
    assertEquals(result.reports.map(({ state }) => state), [
      "complete",
      "complete",
      "complete",
    ]);
    assertLess(result.afterLastWordMs, PROMPT_MS, mode);
    const runs = join(dir.path, ".em/runs");
    for (const { name } of Deno.readDirSync(runs)) {
      if (name === ".state") continue;
      const node = `/demo/default/${name.split("_")[0]}`;
      await assertWhole(server, node, join(runs, name));
    }
  }
});
