import { assert, assertEquals } from "@std/assert";
import { EmClient } from "../../src/reading/em_client.ts";
import { listRemote } from "../../src/reading/list_remote.ts";
import { RemoteSource } from "../../src/reading/remote_source.ts";
import { tailRun } from "../../src/reading/run_tail.ts";
import { startTestServer } from "../support/em_server.ts";
import { putNode, recordsOf, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const encoder = new TextEncoder();

/** A client that takes the server for one that speaks nothing but AIStore. */
class PlainClient extends EmClient {
  override get isOwn(): boolean {
    return false;
  }
}

Deno.test("listRemote() says the same of a folder whatever the server can do", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { url: host, apiKey, client } = server;
  for (const status of ["Complete", "Error"] as const) {
    const run = writeRun(dir.path, {
      metadata: { status, name: status },
    });
    await putNode(client, run, { folder: "/demo/list", name: status });
  }
  await client.createNode({
    ...{ parent: "/demo/list", name: "empty", labels: [], description: "" },
    ...{ type: "Run", extra: "" },
  });
  const node = await client.node("/demo/list");
  assert(node);
  const own = new EmClient({ host, apiKey });
  await own.userInfo();
  assert(own.isOwn);
  const read = async (client: EmClient) => {
    const entries = await listRemote({ client, node });
    return entries.map(({ path, status, durationMs }) =>
      `${path} ${status} ${durationMs}`
    ).sort();
  };
  const wanted = [
    "/demo/list/Complete Complete 65000",
    "/demo/list/Error Error 65000",
    "/demo/list/empty null null",
  ];
  assertEquals(await read(new PlainClient({ host, apiKey })), wanted);
  assertEquals(await read(own), wanted);
});

Deno.test("tailRun() follows a run on a server by ranges, and ends with it", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { url: host, apiKey, client } = server;
  const running = { status: "Running", endTimestamp: null } as const;
  const run = writeRun(dir.path, { metadata: running, log: "first\n" });
  const path = await putNode(client, run, { folder: "/demo/live" });
  const node = await client.node(path);
  assert(node);
  const source = new RemoteSource(new PlainClient({ host, apiKey }), node);
  const lines: string[] = [];
  const values: unknown[] = [];
  const ended = tailRun(source, {
    lines: 10,
    follow: true,
    pauseMs: 5,
    onLines: (some) => lines.push(...some),
    onRecord: (record) => values.push(record.values),
  });
  await waitFor("line 1", () => lines[0]);
  const log = `${path}/stdout.log`;
  const append = (text: string, offsetBytes: number) =>
    client.appendObject(log, { source: encoder.encode(text), offsetBytes });
  await append("second\nthi", 6);
  await waitFor("line 2", () => lines[1]);
  await append("rd\n", 16);
  await waitFor("line 3", () => lines[2]);
  await client.putObject(
    `${path}/metrics/val.yaml`,
    encoder.encode(recordsOf({ loss: [0.5] })),
  );
  await append("last", 19);
  const metadata = await Deno.readTextFile(`${run}/metadata.yaml`);
  await client.putObject(
    `${path}/metadata.yaml`,
    encoder.encode(metadata.replace("Running", "Complete")),
  );
  assertEquals(await ended, "Complete");
  assertEquals(lines, ["first", "second", "third", "last"]);
  assertEquals(values, [{ loss: 0.5 }]);
});
