import {
  assert,
  assertEquals,
  assertGreater,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import {
  filesOf,
  startTestServer,
  type TestServer,
} from "../support/em_server.ts";
import {
  onlyRun,
  runScript,
  type ScriptResult,
  spawnScript,
} from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Runs a script whose t9k config file leads to a server. */
function runWith(
  server: Pick<TestServer, "config">,
  code: string,
  dir: string,
): Promise<ScriptResult> {
  return runScript(code, prepare(server, dir));
}

function prepare(server: Pick<TestServer, "config">, dir: string) {
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, server.config);
  return { dir, env: { T9K_CONFIG: path } };
}

const IMPORT = `import { createRun, upload } from "@t9k/em";`;

Deno.test("what finish() calls complete is on the server byte for byte, and was sent about once", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const result = await runWith(
    server,
    `${IMPORT}
    const run = await createRun({ name: "whole", hparams: { lr: 0.1 }, labels: ["b", "a"], description: "x", autoUpload: true });
    console.log("a line");
    for (let step = 1; step <= 500; step++) run.log(step % 5 ? "train" : "val", { loss: 1 / step }, { step });
    Deno.mkdirSync(run.local + "/checkpoints/1", { recursive: true });
    Deno.writeFileSync(run.local + "/checkpoints/1/学 习.bin", new Uint8Array(3_000_000).fill(7));
    run.hparams.lr = 0.2;
    const { status, upload } = await run.finish();
    if (upload.state === "off") throw new Error("off");
    Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ status, state: upload.state, sent: upload.sentBytes })));`,
    dir.path,
  );
  assertEquals(result.code, 0, result.stderr);
  const run = onlyRun(dir.path);
  const local = filesOf(run);
  assertEquals(await server.objects("/demo/default/whole"), local);
  const answer = JSON.parse(result.stdout.split("\n").at(-1) ?? "");
  assertEquals([answer.status, answer.state], ["Complete", "complete"]);
  const bytes = [...local.values()].reduce(
    (sum, text) => sum + new TextEncoder().encode(text).length,
    0,
  );
  assert(
    answer.sent <= 2 * bytes,
    `${answer.sent} bytes were sent for ${bytes}`,
  );
  const node = await server.client.node("/demo/default/whole");
  assertEquals([node?.type, node?.labels, node?.description], ["Run", [
    "a",
    "b",
  ], "x"]);
  const { remote, status } = decodeRunMetadata(
    local.get("metadata.yaml") ?? "",
  );
  assertEquals(status, "Complete");
  assertEquals(
    remote.map(({ action, host, path, id }) => ({ action, host, path, id })),
    [
      {
        action: "upload",
        host: server.url,
        path: "/demo/default/whole",
        id: node?.id ?? "",
      },
    ],
  );
});

Deno.test("a loop that never yields still has its records on the server before it ends", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const child = spawnScript(
    `${IMPORT}
    const run = await createRun({ name: "busy", autoUpload: true });
    const end = Date.now() + 5_000;
    for (let step = 1; Date.now() < end; step++) {
      run.log("train", { loss: 1 / step }, { step });
      for (const until = Date.now() + 5; Date.now() < until;);
    }
    console.error("loop end");
    await run.finish();`,
    prepare(server, dir.path),
  );
  const output = child.output();
  let loopEnded = false;
  output.then(() => loopEnded = true);
  const records = async () => {
    const text =
      (await server.objects("/demo/default/busy")).get("metrics/train.yaml") ??
        "";
    return parseMetrics(new TextEncoder().encode(text)).records.length;
  };
  const early = await waitFor(
    "records on the server",
    async () => await records() || undefined,
  );
  const later = await waitFor("more records", async () => {
    const count = await records();
    return count > early ? count : undefined;
  });
  assertEquals(
    loopEnded,
    false,
    "the loop was over before its records arrived",
  );
  assertGreater(later, early);
  assertEquals((await output).code, 0);
  assertEquals(
    await server.objects("/demo/default/busy"),
    filesOf(onlyRun(dir.path)),
  );
});

Deno.test("createRun() with autoUpload follows folder and conflict strategy", async (t) => {
  await using server = await startTestServer();
  const create = (options: string, body = "") =>
    `${IMPORT}
    try {
      const run = await createRun({ autoUpload: true, ${options} });
      ${body}
      const { upload } = await run.finish();
      if (upload.state === "off") throw new Error("off");
      console.error("RESULT", upload.state, upload.node?.path.replace(run.alternativeName, "ALTERNATIVE"));
    } catch (error) { console.error("RESULT", error.name, error.message); }`;
  const table:
    readonly (readonly [name: string, options: string, result: string])[] = [
      ["the default folder is made", `name: "a"`, "complete /demo/default/a"],
      [
        "a missing folder is refused",
        `name: "a", folder: "x/y"`,
        `FolderNotFoundError Folder "/demo/x/y" does not exist`,
      ],
      [
        "a missing folder is made when told to",
        `name: "a", folder: "x/y", makeFolder: true`,
        "complete /demo/x/y/a",
      ],
      [
        "an absolute folder",
        `name: "b", folder: "/demo/x/"`,
        "complete /demo/x/b",
      ],
      [
        "another user's folder",
        `name: "b", folder: "/other/x"`,
        "permission denied",
      ],
      [
        "new",
        `name: "a", conflictStrategy: "new"`,
        "complete /demo/default/ALTERNATIVE",
      ],
      ["skip", `name: "a", conflictStrategy: "skip"`, "skipped"],
      [
        "error",
        `name: "a", conflictStrategy: "error"`,
        `NodeExistsError Run "/demo/default/a" already exists`,
      ],
      [
        "replace",
        `name: "a", conflictStrategy: "replace"`,
        "complete /demo/default/a",
      ],
      [
        "replace does not touch a folder",
        `name: "y", folder: "x", conflictStrategy: "replace"`,
        "NodeExistsError Folder",
      ],
      [
        "a strategy that does not exist",
        `name: "a", conflictStrategy: "no" as "new"`,
        "RangeError",
      ],
    ];
  for (const [name, options, wanted] of table) {
    await t.step(name, async () => {
      using dir = tempDir();
      const result = await runWith(server, create(options), dir.path);
      const line = result.stderr.split("\n").find((text) =>
        text.startsWith("RESULT")
      ) ?? "";
      assertStringIncludes(line, wanted, result.stderr);
      assertEquals(result.code, 0);
      if (line.includes("Error")) {
        assertEquals(
          runsIn(dir.path),
          [],
          "a refused run leaves nothing behind",
        );
      }
    });
  }
  await t.step("replace removed the first run's objects", async () => {
    const metadata =
      (await server.objects("/demo/default/a")).get("metadata.yaml") ?? "";
    assertEquals(decodeRunMetadata(metadata).remote.length, 1);
    const names: string[] = [];
    for await (const node of server.client.listNodes("/demo/default")) {
      names.push(node.name);
    }
    assertEquals(names.filter((name) => name.startsWith("a")).length, 2);
  });
});

function runsIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(join(dir, ".em/runs"))].map((entry) =>
      entry.name
    ).filter((name) => name !== ".state");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("createRun() with autoUpload: a definite refusal rejects, an unreachable server does not", async (t) => {
  await using server = await startTestServer();
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  const loginPage = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response(null, {
        status: 302,
        headers: { location: "https://login.example.com/?next=/t9k" },
      }),
  );
  const failing = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, () => new Response("no", { status: 503 }));
  const leadTo = (from: string, to: string) => ({
    config: server.config.replace(from, to),
  });
  const host = new URL(server.url).host;
  const table = [
    ["nobody has logged in", { config: "" }, "NotLoggedInError"],
    [
      "wrong key",
      leadTo(server.apiKey, "00000000-0000-0000-0000-000000000000"),
      "AuthenticationError",
    ],
    ["malformed key", leadTo(server.apiKey, "SECRET"), "TypeError"],
    [
      "redirect",
      leadTo(host, `127.0.0.1:${loginPage.addr.port}`),
      "RedirectError",
    ],
    [
      "refused connection",
      leadTo(host, `127.0.0.1:${port}`),
      "created Complete pending",
    ],
    [
      "failing server",
      leadTo(host, `127.0.0.1:${failing.addr.port}`),
      "created Complete pending",
    ],
  ] as const;
  const code = `${IMPORT}
    const start = performance.now();
    try {
      const run = await createRun({ name: "a", autoUpload: true });
      run.log("train", { loss: 1 }, { step: 1 });
      const { status, upload } = await run.finish({ timeoutMs: 300 });
      console.error("RESULT", "created", status, upload.state);
    } catch (error) { console.error("RESULT", error.name, error.message); }`;
  for (const [name, config, wanted] of table) {
    await t.step(name, async () => {
      using dir = tempDir();
      const result = await runWith(config, code, dir.path);
      assertStringIncludes(result.stderr, `RESULT ${wanted}`);
      assertEquals(result.code, 0, result.stderr);
      assertEquals(
        result.stderr.includes(server.apiKey),
        false,
        "the key is secret",
      );
      const created = wanted.startsWith("created");
      assertEquals(runsIn(dir.path).length, created ? 1 : 0);
      if (!created) return;
      assertEquals(filesOf(onlyRun(dir.path)).has("metrics/train.yaml"), true);
      const warnings = result.stderr.split("\n").filter((line) =>
        line.startsWith("EM WARNING:")
      );
      assertEquals(warnings.length, 2, result.stderr);
      assertStringIncludes(warnings[1] ?? "", "em/cli upload .em/runs/a_");
    });
  }
  await loginPage.shutdown();
  await failing.shutdown();
});

Deno.test("a process that ends without finish() leaves Error on the server too, when it is in reach", async (t) => {
  await using server = await startTestServer();
  const endings = [
    ["normal end", "", 0],
    ["Deno.exit", "Deno.exit(3);", 3],
    ["uncaught error", `throw new Error("boom");`, 1],
    [
      "SIGTERM",
      `Deno.kill(Deno.pid, "SIGTERM"); await new Promise((resolve) => setTimeout(resolve, 5_000));`,
      143,
    ],
  ] as const;
  for (const [index, [name, body, code]] of endings.entries()) {
    await t.step(name, async () => {
      using dir = tempDir();
      const result = await runWith(
        server,
        `${IMPORT}
        const run = await createRun({ name: "end${index}", autoUpload: true });
        run.log("train", { loss: 1 }, { step: 1 });
        ${body}`,
        dir.path,
      );
      assertEquals(result.code, code, result.stderr);
      const local = filesOf(onlyRun(dir.path));
      assertEquals(
        decodeRunMetadata(local.get("metadata.yaml") ?? "").status,
        "Error",
      );
      assertEquals(await server.objects(`/demo/default/end${index}`), local);
    });
  }
});

Deno.test("upload() completes what a killed process left behind, sending only what differs", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const killed = await runWith(
    server,
    `${IMPORT}
    const run = await createRun({ name: "killed", autoUpload: true });
    run.log("train", { loss: 1 }, { step: 1 });
    await run.flush();
    run.log("train", { loss: 1 }, { step: 2 });
    Deno.kill(Deno.pid, "SIGKILL");`,
    dir.path,
  );
  assertEquals(killed.signal, "SIGKILL", killed.stderr);
  const run = onlyRun(dir.path);
  const again = `${IMPORT}
    for (const { report } of await upload(${
    JSON.stringify(run)
  })) console.log(report?.state, report?.sentObjects, report?.node?.path);`;
  assertEquals(
    (await runWith(server, again, dir.path)).stdout,
    "complete 1 /demo/default/killed\n",
  );
  assertEquals(await server.objects("/demo/default/killed"), filesOf(run));
  assertEquals(
    (await runWith(server, again, dir.path)).stdout,
    "complete 0 /demo/default/killed\n",
  );
  assertEquals(
    decodeRunMetadata(filesOf(run).get("metadata.yaml") ?? "").status,
    "Running",
  );
});

Deno.test("run.upload() sends a local run, with the record that is on disk", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const result = await runWith(
    server,
    `${IMPORT}
    const run = await createRun({ name: "local" });
    run.log("train", { loss: 1 }, { step: 1 });
    await run.finish();
    const report = await run.upload({ folder: "later", makeFolder: true });
    await run.upload({ folder: "later" });
    console.log(report.state, run.remote.length, run.remote[0]?.path);`,
    dir.path,
  );
  assertEquals(result.stdout, "complete 1 /demo/later/local\n", result.stderr);
  assertEquals(
    await server.objects("/demo/later/local"),
    filesOf(onlyRun(dir.path)),
  );
});
