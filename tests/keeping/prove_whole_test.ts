import { assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import type { ObjectRecord } from "../../src/aistore/protocol.ts";
import {
  type Difference,
  listingOf,
  proveWhole,
} from "../../src/keeping/prove_whole.ts";
import { startTestServer, type TestServer } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";

type Change = (object: ObjectRecord) => ObjectRecord;

/** A client whose listings are changed on their way. */
class Listing extends AIStoreClient {
  readonly #change: Change;

  constructor({ url: host, apiKey }: TestServer, change: Change) {
    super({ host, apiKey });
    this.#change = change;
  }

  override async *listObjects(node: string): AsyncGenerator<ObjectRecord> {
    for await (const object of super.listObjects(node)) {
      yield this.#change(object);
    }
  }
}

const NODE = "/demo/run";

async function upload({ client }: TestServer, dir: string): Promise<void> {
  await client.createNode({
    parent: "/demo",
    name: "run",
    labels: [],
    description: "",
    type: "Run",
    extra: "",
  });
  for (const { name } of Deno.readDirSync(dir)) {
    const bytes = Deno.readFileSync(join(dir, name));
    await client.putObject(`${NODE}/${name}`, bytes);
  }
}

Deno.test("proveWhole() takes for proven only what it has read and the server names by MD5", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  for (const name of ["a.bin", "b.bin"]) {
    Deno.writeFileSync(join(dir.path, name), new Uint8Array(300_000));
  }
  await upload(server, dir.path);
  const seen: number[] = [];
  const prove = (change: Change) =>
    proveWhole(dir.path, {
      client: new Listing(server, change),
      node: NODE,
      onProgress: (doneBytes, totalBytes) => seen.push(doneBytes / totalBytes),
    });
  const { listing, ...whole } = await prove((object) => object);
  const there = { client: server.client, node: NODE };
  assertEquals(listing, await listingOf(there));
  assertEquals(whole, { objects: 2, bytes: 600_000, differences: [] });
  assertEquals(seen.at(-1), 1);

  const sizes = { bytesHere: 300_000, bytesThere: 300_000 };
  const only = (key: string, problem: Difference["problem"]) => [{
    key,
    problem,
    ...sizes,
  }];
  // What is so small is read back where the checksum proves nothing.
  const odd = await prove((object) => ({ ...object, checksum: "odd" }));
  assertEquals(odd.differences, []);
  const other = await prove((object) =>
    object.path === "b.bin" ? { ...object, checksum: "0".repeat(32) } : object
  );
  assertEquals(other.differences, only("b.bin", "different"));

  // Somebody writes to a file while it is compared: the same bytes are proof of nothing then.
  let isTouched = false;
  const touched = await proveWhole(dir.path, {
    client: server.client,
    node: NODE,
    onProgress() {
      if (isTouched) return;
      isTouched = true;
      for (const name of ["a.bin", "b.bin"]) {
        Deno.utimeSync(join(dir.path, name), 0, 0);
      }
    },
  });
  assertEquals(touched.differences.map(({ problem }) => problem), [
    "changed",
    "changed",
  ]);

  await server.client.putObject(`${NODE}/b.bin`, new Uint8Array(1));
  assertNotEquals(listing, await listingOf(there));
});
