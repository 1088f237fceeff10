import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { readIntent } from "../../src/upload/notes/intent.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { runPrintedCommand } from "../support/live_script.ts";
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import { configFor, startShakyServer } from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Finishes a run whose server has gone away. */
const SCRIPT = `
  import { createRun, login } from "@t9k/em";
  const [host, apiKey, timeoutMs] = Deno.args;
  if (host) await login({ host, apiKey });
  const run = await createRun({ name: "end", autoUpload: true, folder: "a/b c", makeFolder: true });
  run.log("train", { loss: 1 }, { step: 1 });
  console.log("LOGGED");
  while (true) {
    try { Deno.statSync("told-finish"); break; } catch { await new Promise((resolve) => setTimeout(resolve, 10)); }
  }
  run.log("train", { loss: 1 }, { step: 2 });
  const finishing = run.finish({ timeoutMs: Number(timeoutMs ?? 60_000) });
  console.log("FINISHING", run.status);
  const { upload } = await finishing;
  console.log("END", upload.state);
`;

/** Everything is where it is by default. */
const PLAIN = { EM_RUN_PARENT_DIR: "", T9K_CONFIG_CONTEXT: "" };

function tell(dir: string): void {
  Deno.writeTextFileSync(join(dir, "told-finish"), "");
}

/** Reads a stream until it holds a text. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  text: string,
): Promise<void> {
  const decoder = new TextDecoder();
  for (let seen = ""; !seen.includes(text);) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Ended without "${text}": ${seen}`);
    seen += decoder.decode(value, { stream: true });
  }
}

Deno.test("Ctrl-C while finish() waits ends at once, by the signal, and says what is missing and the command", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await using server = await startShakyServer();
    using dir = tempDir();
    const config = join(dir.path, "t9k-config.yaml");
    Deno.writeTextFileSync(config, server.config);
    const child = spawnScript(SCRIPT, {
      dir: dir.path,
      env: { ...PLAIN, T9K_CONFIG: config },
    });
    const stderr = new Response(child.stderr).text();
    const reader = child.stdout.getReader();
    await readUntil(reader, "LOGGED");
    await server.faulty.down();
    tell(dir.path);
    await readUntil(reader, "FINISHING Complete");
    const killedAt = performance.now();
    child.kill(signal);
    const status = await child.status;
    await reader.cancel();
    assertEquals(status.signal, signal);
    assertLess(performance.now() - killedAt, 1500);
    const said = await stderr;
    const warning = said.split("\n").find((line) =>
      line.includes("not whole on the server yet")
    ) ?? "";
    assertMatch(warning, /nothing is lost, complete it with: deno run /, said);
    const run = onlyRun(dir.path);
    const { status: ended } = decodeRunMetadata(
      Deno.readTextFileSync(join(run, "metadata.yaml")),
    );
    assertEquals(ended, "Complete");
    await server.faulty.up();
    const { code, output } = await runPrintedCommand(warning, {
      dir: dir.path,
      config: server.config,
    });
    assertEquals(code, 0, output);
  }
});

Deno.test("the printed command works as printed, whatever server the configuration is for", async () => {
  await using server = await startShakyServer();
  await using other = await startTestServer();
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  const { url } = server.faulty;
  // The configuration is for another server, and names this one in another context.
  const second = configFor(url, server.apiKey);
  Deno.writeTextFileSync(config, other.config);
  const child = spawnScript(SCRIPT, {
    dir: dir.path,
    env: { ...PLAIN, T9K_CONFIG: config },
    args: [url, server.apiKey, "300"],
  });
  const reader = child.stdout.getReader();
  await readUntil(reader, "LOGGED");
  await server.faulty.down();
  tell(dir.path);
  const [{ code }, said] = await Promise.all([
    child.status,
    new Response(child.stderr).text(),
    readUntil(reader, "END pending"),
  ]);
  await reader.cancel();
  assertEquals(code, 0, said);
  const warning =
    said.split("\n").find((line) =>
      line.includes("not whole on the server yet")
    ) ?? "";
  assert(
    warning.includes(`log in once with "em login --host ${url} --api-key KEY"`),
    said,
  );
  await server.faulty.up();
  const both = other.config +
    second.slice(second.indexOf("- name")).replace("test", "second");
  const options = { dir: dir.path, config: both };
  const completed = await runPrintedCommand(warning, options);
  assertEquals(completed.code, 0, completed.output);
  const run = onlyRun(dir.path);
  assertEquals(readIntent(run)?.host, url);
  assertEquals(
    await server.client.node("/demo/a/b c/end") === undefined,
    false,
  );
  // Without a key for it, the command says which server is meant.
  const refused = await runPrintedCommand(warning, {
    ...options,
    config: other.config,
  });
  assertEquals(refused.code, 1);
  assert(refused.output.includes(`holds none for "${url}"`), refused.output);
});

Deno.test("finish() of a run that arrived leaves nothing for em sync, and finish({ timeoutMs: 0 }) does not wait", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  tell(dir.path);
  const { stdout, stderr } = await runScript(SCRIPT, {
    dir: dir.path,
    env: { ...PLAIN, T9K_CONFIG: config },
  });
  assert(stdout.endsWith("END complete\n"), stdout + stderr);
  const run = onlyRun(dir.path);
  assertEquals(await server.objects("/demo/a/b c/end"), filesOf(run));
  assert(readIntent(run)?.whole !== undefined);
  using second = tempDir();
  tell(second.path);
  const at = performance.now();
  const unwaited = await runScript(SCRIPT, {
    dir: second.path,
    env: { ...PLAIN, T9K_CONFIG: config },
    args: ["", "", "0"],
  });
  assertMatch(unwaited.stdout, /END (pending|complete)\n$/);
  // Who waits does so for a minute.
  assertLess(performance.now() - at, 30_000);
});
