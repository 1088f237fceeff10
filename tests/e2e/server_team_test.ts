import {
  assert,
  assertEquals,
  assertFalse,
  assertNotEquals,
} from "@std/assert";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { runEm, startEm } from "../cli/em_process.ts";
import { startLive } from "../support/live_script.ts";
import { onlyRun } from "../support/script.ts";
import {
  checksumsOf,
  configFor,
  localChecksums,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const KEY = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

Deno.test("two users train at once; revoking the key of one in the middle loses nothing and does not touch the other", async () => {
  using dir = tempDir();
  using annDir = tempDir();
  using eveDir = tempDir();
  const args = ["serve", "--port", "0", "--user", "ann"];
  await using server = startEm(args, { dir: dir.path });
  await server.waitFor("Data in");
  const url = /at (\S+)/.exec(server.seen.stdout)?.[1] ?? "";
  const annKey = KEY.exec(server.seen.stdout)?.[0] ?? "";
  async function em(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await runEm(["serve", ...words], {
      dir: dir.path,
    });
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  }
  const eveKey = KEY.exec(await em("user", "add", "eve"))?.[0] ?? "";

  const train = (apiKey: string, path: string) =>
    startLive(
      `const run = await createRun({ name: "net", autoUpload: true });
      await logUntil(run, "end");
      await end(run, { timeoutMs: 5000 });`,
      { dir: path, config: configFor(url, apiKey) },
    );
  const ann = train(annKey, annDir.path);
  const eve = train(eveKey, eveDir.path);
  const annClient = new AIStoreClient({ host: url, apiKey: annKey });
  const eveClient = new AIStoreClient({ host: url, apiKey: eveKey });
  const metricsOf = async (client: AIStoreClient, node: string) =>
    (await checksumsOf(client, node))["metrics/train.yaml"];
  await waitFor(
    "both to upload",
    async () =>
      await metricsOf(annClient, "/ann/default/net") &&
      await metricsOf(eveClient, "/eve/default/net"),
  );
  const stranger = await fetch(
    `${url}/apis/v1/nodes/info?node=/ann/default/net&apikey=${eveKey}`,
  );
  assertEquals([stranger.status, await stranger.text()], [
    403,
    "permission denied",
  ]);

  await em("key", "revoke", "eve", "key-1");
  const before = await metricsOf(annClient, "/ann/default/net");
  await eve.heard("EM WARNING");
  await waitFor("ann's upload to go on", async () => {
    const now = await metricsOf(annClient, "/ann/default/net");
    return now !== before ? true : undefined;
  });
  ann.tell("end");
  eve.tell("end");
  const [annResult, eveResult] = await Promise.all([ann.end(), eve.end()]);
  assertEquals(annResult.reports[0]?.state, "complete");
  assertEquals(annResult.warnings, []);
  assertEquals(
    await checksumsOf(annClient, "/ann/default/net"),
    localChecksums(onlyRun(annDir.path)),
  );

  assertEquals([eveResult.code, eveResult.reports[0]?.status], [0, "Complete"]);
  assertNotEquals(eveResult.reports[0]?.state, "complete");
  assertFalse((eveResult.stdout + eveResult.stderr).includes(eveKey));
  const run = onlyRun(eveDir.path);
  const { records } = parseMetrics(
    Deno.readFileSync(join(run, "metrics/train.yaml")),
  );
  assertEquals(
    records.map(({ sequence }) => sequence.step),
    records.map((_, index) => index + 1),
  );

  const text = await em("key", "add", "eve", "--name", "second");
  const second = KEY.exec(text)?.[0] ?? "";
  const home = join(eveDir.path, "second");
  await Deno.mkdir(home);
  const config = join(home, "config.yaml");
  await Deno.writeTextFile(config, configFor(url, second));
  const completed = await runEm(["upload", run], {
    dir: home,
    env: { T9K_CONFIG: config },
  });
  assertEquals(completed.code, 0, completed.stderr);
  const secondClient = new AIStoreClient({ host: url, apiKey: second });
  assertEquals(
    await checksumsOf(secondClient, "/eve/default/net"),
    localChecksums(run),
  );

  assert((await em("key", "list", "eve")).includes("second"));
  server.child.kill("SIGTERM");
  const { code } = await server.end();
  assertEquals([code, server.seen.stderr], [0, ""]);
});
