import { assert, assertEquals, assertGreater } from "@std/assert";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { onlyRun, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { IMPORT, prepare, runWith } from "../support/run_with.ts";

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
