import { assert, assertEquals, assertLess } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { stateDir } from "../../../src/local/layout.ts";
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import type { UploadReport } from "../../../src/upload/types.ts";
import { startChildServer } from "../../server/support/child_server.ts";
import { LARGE_BYTES, MIB, writeLargeFile } from "../support/large_file.ts";
import {
  INTENT,
  NODE,
  NODE_PATH,
  RunDir,
  Told,
  until,
} from "../support/support.ts";
import { KEY, LargeSend, sorted } from "../support/large_send.ts";

const CHILD = fromFileUrl(
  new URL("../support/deliver_child.ts", import.meta.url),
);

function uploadDirectory(setup: LargeSend): Promise<UploadReport> {
  return deliverOnce({
    dir: setup.dir.path,
    node: NODE,
    target: { host: setup.server.url, apiKey: setup.apiKey },
    intent: INTENT,
    timeoutMs: 60_000,
    reporter: new Told(),
  });
}

Deno.test("an upload after SIGKILL sends only the parts that are missing", async () => {
  await using setup = await LargeSend.open();
  setup.dir.write("metadata.yaml", "status: Complete\n");
  const { server } = setup;
  server.script = (request) =>
    request.method === "PUT" && Number(request.query.get("partNumber")) > 6
      ? { kind: "hang" }
      : undefined;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      CHILD,
      setup.dir.path,
      server.url,
      setup.apiKey,
    ],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  const done = () =>
    server.requests.filter(({ method, status }) =>
      method === "PUT" && status === 200
    ).length;
  await until("six parts", () => done() === 6, 60_000);
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  assertEquals(setup.remembered, 1);

  await server.down();
  await server.up();
  server.script = () => undefined;
  const since = server.requests.length;
  const report = await uploadDirectory(setup);
  assertEquals(report.state, "complete");
  const restBytes = LARGE_BYTES - 60 * MIB;
  assertEquals(report.sentBytes, restBytes + "status: Complete\n".length);
  const bodies = server.requests.slice(since).reduce(
    (sum, { bodyBytes }) => sum + bodyBytes,
    0,
  );
  assertLess(bodies, restBytes + 10_000);
  assertEquals(sorted(setup.sent(since)), [7, 8, 9, 10, 11]);
  await setup.assertArrived(`${NODE_PATH}/${KEY}`);
  assertEquals((await uploadDirectory(setup)).sentBytes, 0);
  const noted = [...Deno.readDirSync(stateDir(setup.dir.path))];
  assertEquals(noted.some(({ name }) => name === "multipart.json"), false);
});

Deno.test("a large upload takes little memory on both sides", async () => {
  using dir = new RunDir();
  writeLargeFile(`${dir.path}/${KEY}`, 512 * MIB);
  await using server = await startChildServer(`${dir.parent}/server`);
  const before = server.peakMemoryBytes();
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      CHILD,
      dir.path,
      server.url,
      server.apiKey ?? "",
    ],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  assert(success);
  const result = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals([result.state, result.sentBytes], ["complete", 512 * MIB]);
  assertLess(result.grownBytes, 128 * MIB);
  assertLess(server.peakMemoryBytes() - before, 128 * MIB);
});
