import { join } from "@std/path";
import { createHash } from "node:crypto";
import { assert, assertEquals } from "@std/assert";
import { Store } from "../../../src/server/store/store.ts";
import { startServer } from "../../../src/server/mod.ts";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { ConnectionError } from "../../../src/errors.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startChildServer } from "../support/child_server.ts";

function bytesOf(text: string): AsyncIterable<Uint8Array> {
  return ReadableStream.from([new TextEncoder().encode(text)]);
}

/** A store with the empty object `x` of a run. */
async function openStore(dataDir: string) {
  const store = new Store({ dataDir });
  if (store.users.names().length === 0) store.users.add("demo");
  const root = store.nodes.walk(["demo"])?.node;
  assert(root);
  const run = store.nodes.walk(["demo", "run"])?.node;
  const known = run?.name === "run" ? run : store.nodes.create(root, {
    name: "run",
    type: "Run",
    labels: [],
    description: "",
    extra: "",
  }, "demo");
  const address = { nodeId: known.id, key: "x" };
  if (store.objects.get(address) === undefined) {
    const content = await store.contents.write(bytesOf(""));
    await store.contents.putObject(address, content, { contentType: "a/b" });
  }
  const append = (offset: number, text: string) =>
    store.appends.append(address, { offset, source: bytesOf(text) });
  const read = async () => {
    const object = store.objects.get(address);
    assert(object);
    const segments = store.objects.segments(object);
    const range = { start: 0, end: object.size };
    return await new Response(await store.files.read(segments, { range }))
      .text();
  };
  return { store, address, append, read };
}

Deno.test("bytes that a crash left behind an object's end are not seen, and the next append covers them", async () => {
  using dir = tempDir();
  let file = "";
  {
    const { store, address, append } = await openStore(dir.path);
    using _store = store;
    await append(0, "whole;");
    file = store.objects.get(address)?.file ?? "";
  }
  const path = join(dir.path, "objects", file.slice(0, 2), file);
  Deno.writeTextFileSync(path, "torn record that was never", { append: true });
  const { store, append, read } = await openStore(dir.path);
  using _store = store;
  assertEquals(await read(), "whole;");
  const result = await append(6, "next;");
  assert(result.state === "appended");
  assertEquals(await read(), "whole;next;");
  assertEquals(
    result.object.md5,
    createHash("md5").update("whole;next;").digest("hex"),
  );
});

Deno.test("an append reads nothing of the object but after a restart, and then once", async () => {
  using dir = tempDir();
  for (const [at, reads] of [[0, 0], [30, 1]] as const) {
    const { store, append } = await openStore(dir.path);
    using _store = store;
    let fed = 0;
    const feed = store.files.feed.bind(store.files);
    store.files.feed = (segments, take) => {
      fed++;
      return feed(segments, take);
    };
    for (let i = 0; i < 3; i++) {
      const { state } = await append(at + 10 * i, "0123456789");
      assertEquals(state, "appended");
    }
    assertEquals(fed, reads);
  }
});

Deno.test("SIGKILL in the middle of appends loses no acknowledged byte, and leaves no other", async () => {
  using dir = tempDir();
  let apiKey = "";
  let acknowledged = "";
  const path = "/demo/run/log";
  const record = (i: number) => `record ${i} `.repeat(1 + (i * 7919) % 30_000);
  let next = 0;
  for (let round = 0; round < 4; round++) {
    await using server = await startChildServer(dir.path);
    apiKey ||= server.apiKey ?? "";
    const client = new AIStoreClient({ host: server.url, apiKey });
    if (round === 0) {
      await client.createNode({
        parent: "/demo",
        name: "run",
        labels: [],
        description: "",
        type: "Run",
        extra: "",
      });
      await client.putObject(path, new Uint8Array());
    }
    const until = next + 10 + 3 * round;
    const work = (async () => {
      let offsetBytes = acknowledged.length;
      for (;; next++) {
        const source = new TextEncoder().encode(record(next));
        const result = await client.appendObject(path, { source, offsetBytes });
        if (result.state === "mismatch") {
          // The answer was lost with the server, not what it said.
          assertEquals(result.offsetBytes, offsetBytes + source.length);
        }
        acknowledged += record(next);
        offsetBytes = acknowledged.length;
      }
    })();
    const ended = work.catch((error) => error);
    await waitFor("some appends", () => next > until || undefined);
    await server.kill();
    const error = await ended;
    assert(error instanceof ConnectionError, String(error));
  }
  await using server = await startServer({ dataDir: dir.path, port: 0 });
  const client = new AIStoreClient({ host: server.url, apiKey });
  const text = await new Response(await client.getObject(path)).text();
  assert(text === acknowledged || text === acknowledged + record(next));
  for await (
    const { checksum, size_bytes } of client.listObjects("/demo/run")
  ) {
    assertEquals(size_bytes, text.length);
    assertEquals(checksum, createHash("md5").update(text).digest("hex"));
  }
});
