import { createHash } from "node:crypto";
import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type HashedFile,
  HashThread,
} from "../../../src/server/store/hash_thread.ts";
import { LANE_BYTES } from "../../../src/server/limits.ts";
import { ObjectFiles } from "../../../src/server/store/object_files.ts";
import { PrefixHash } from "../../../src/server/store/prefix_hash.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";

const md5 = (...pieces: readonly Uint8Array[]) =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash("md5"))
    .digest("hex");
/** A part that is large enough for the thread. */
const large = (seed: number) =>
  Uint8Array.from({ length: LANE_BYTES + 1000 }, (_, at) => at * seed >> 5);

Deno.test("a HashThread sums files up in order, from any of them again, for several sums at once", async () => {
  using dir = tempDir();
  const contents = [1, 2, 3].map((seed) => large(seed));
  const paths = contents.map((content, at) => {
    const path = join(dir.path, `${at}`);
    Deno.writeFileSync(path, content);
    return path;
  });
  const [a, b, c] = contents as [Uint8Array, Uint8Array, Uint8Array];
  const thread = new HashThread();
  const [one, two] = [thread.begin(), thread.begin()];
  const take = (sum: number, at: number, file: number, size = a.length) =>
    thread.take(sum, { at, path: paths[file] ?? "", size });
  await Promise.all([
    take(one, 0, 0),
    take(two, 0, 2),
    take(one, 1, 1),
    take(two, 1, 0, 10),
  ]);
  assertEquals(await thread.digest(one, 2), md5(a, b));
  assertEquals(await thread.digest(two, 2), md5(c, a.subarray(0, 10)));
  await take(one, 1, 2);
  assertEquals(await thread.digest(one, 1), md5(a));
  assertEquals(await thread.digest(one, 2), md5(a, c));
  await assertRejects(() => thread.digest(one, 3), Error, "unknown");
  await assertRejects(() => take(one, 2, 0, a.length + 1), Error, "cut short");
  await thread.end(one);
  await assertRejects(() => thread.digest(one, 1), Error, "unknown");
  await thread.end(two);
  await thread.end(two);
});

/** A store with one run, and an upload of parts into it. */
function openStore(dataDir: string) {
  const store = new Store({ dataDir, unusedGraceMs: 0 });
  store.users.add("demo");
  const root = store.nodes.walk(["demo"])?.node;
  assert(root);
  const { id: nodeId } = store.nodes.create(root, {
    name: "run",
    type: "Run",
    labels: [],
    description: "",
    extra: "",
  }, "demo");
  const uploadId = store.uploads.begin({ nodeId, key: "x" });
  const send = async (number: number, content: Uint8Array) => {
    const part = await store.parts.write(
      { uploadId, number },
      (async function* () {
        for (let at = 0; at < content.length; at += 1 << 20) {
          yield await Promise.resolve(content.slice(at, at + (1 << 20)));
        }
      })(),
    );
    await store.parts.put(uploadId, part);
    return { partNumber: number, etag: part.etag };
  };
  return {
    store,
    uploadId,
    send,
    complete: (parts: readonly { partNumber: number; etag: string }[]) =>
      store.parts.complete(uploadId, parts),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}

const SMALL = new TextEncoder().encode("the end");

Deno.test("an upload of large parts, in any order and sent again, has the checksum of the whole", async () => {
  for (const order of [[1, 2, 3], [3, 2, 1], [2, 1, 2, 3], [1, 1, 3, 2]]) {
    using dir = tempDir();
    using upload = openStore(dir.path);
    const contents = [large(5), large(7), SMALL];
    const parts = new Map<number, { partNumber: number; etag: string }>();
    for (const number of order) {
      const content = contents[number - 1] ?? SMALL;
      parts.set(number, await upload.send(number, content));
    }
    const all = [1, 2, 3].flatMap((number) => parts.get(number) ?? []);
    const object = await upload.complete(all);
    assertEquals(object.md5, md5(...contents), `${order}`);
    assertEquals(
      object.size,
      contents.reduce((sum, { length }) => sum + length, 0),
    );
  }
});

Deno.test("what was uploaded in large parts can grow", async () => {
  using dir = tempDir();
  using upload = openStore(dir.path);
  const contents = [large(5), large(7)];
  const parts = [
    await upload.send(1, contents[0] ?? SMALL),
    await upload.send(2, contents[1] ?? SMALL),
  ];
  const { node_id: nodeId, key, size } = await upload.complete(parts);
  const result = await upload.store.appends.append({ nodeId, key }, {
    offset: size,
    source: ReadableStream.from([SMALL]),
  });
  assert(result.state === "appended");
  assertEquals(result.object.md5, md5(...contents, SMALL));
});

Deno.test("an upload of large parts that is given up lets its thread end", async () => {
  using dir = tempDir();
  using upload = openStore(dir.path);
  await upload.send(1, large(5));
  await upload.store.parts.abort(upload.uploadId);
  assertEquals(upload.store.uploads.get(upload.uploadId), undefined);
});

/** A thread that fails after so many files, as one that has died. */
class FailingThread extends HashThread {
  #left: number;

  constructor(files: number) {
    super();
    this.#left = files;
  }

  override take(id: number, file: HashedFile): Promise<void> {
    return this.#left-- > 0
      ? super.take(id, file)
      : Promise.reject(new Error());
  }

  override digest(id: number, count: number): Promise<string> {
    return this.#left-- > 0
      ? super.digest(id, count)
      : Promise.reject(new Error());
  }
}

Deno.test("where the thread fails the checksum is made without it", async () => {
  using dir = tempDir();
  const files = new ObjectFiles(dir.path);
  const contents = [large(5), large(7), SMALL];
  const parts = [];
  for (const content of contents) {
    parts.push(await files.write(ReadableStream.from([content])));
  }
  for (const failsAfter of [0, 1, 3, 4]) {
    const thread = new FailingThread(failsAfter);
    const prefix = new PrefixHash(files, thread, () => []);
    const whole = await prefix.finish(parts);
    assertEquals(whole.md5, md5(...contents), `${failsAfter}`);
    assertEquals(whole.hash === undefined, failsAfter === 4);
    await prefix[Symbol.asyncDispose]();
  }
});
