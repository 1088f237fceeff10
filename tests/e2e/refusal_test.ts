import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  type LiveOptions,
  runPrintedCommand,
  startLive,
} from "../support/live_script.ts";
import { onlyRun } from "../support/script.ts";
import {
  checksumsOf,
  localChecksums,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import {
  answer,
  arrived,
  assertCalm,
  assertNoGap,
  assertWhole,
  isPut,
  mainThreadFlags,
  sizeOf,
} from "../support/bad_day.ts";

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
      // Where the server denies one thing, another key may not help.
      assertEquals(
        result.warnings[1]?.includes("log in with a key that is good"),
        status !== 403,
        result.warnings[1],
      );
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

Deno.test("a key that stops working while several runs are delivered is told once, and told when it works again", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const live = startLive(
    `const runs = await Promise.all(["a", "b", "c", "d"].map((name) => createRun({ name, autoUpload: true })));
    const logAllUntil = async (word) => { while (!isThere("told-" + word)) { for (const run of runs) log(run); await pause(20); } };
    await logAllUntil("end");
    for (const run of runs) await end(run);`,
    { dir: dir.path, config: server.config },
  );
  for (const name of ["a", "b", "c", "d"]) {
    await arrived(server, `/demo/default/${name} metrics/train.yaml`);
  }
  const before = server.faulty.requests.length;
  server.faulty.script = () => answer(401, "Unauthorized");
  await live.heard("refused the API key");
  await waitFor(
    "more attempts",
    () => server.faulty.requests.length >= before + 4 ? true : undefined,
  );
  server.faulty.script = () => undefined;
  await live.heard("takes the API key again");
  live.tell("end");
  const result = await live.end();
  assertCalm(result, server.apiKey);
  assertEquals(result.warnings.length, 1, result.stderr);
  const again = result.infos.filter((line) => line.includes("takes the API"));
  assertEquals(again.length, 1, result.stderr);
  assertEquals(
    result.reports.map(({ state }) => state),
    Array(4).fill("complete"),
  );
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
