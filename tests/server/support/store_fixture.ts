import { join } from "@std/path";
import { assert, assertEquals } from "@std/assert";
import type { ObjectRow } from "../../../src/server/store/objects.ts";
import { Store, type StoreOptions } from "../../../src/server/store/store.ts";
import { filesBelow } from "./fixture.ts";

/** A store with the runs a and b. */
export function openStore(
  dataDir: string,
  options: Partial<StoreOptions> = {},
) {
  const store = new Store({ dataDir, unusedGraceMs: 0, ...options });
  if (store.users.names().length === 0) store.users.add("demo");
  const root = store.nodes.walk(["demo"])?.node;
  assert(root);
  const runOf = (name: string) =>
    store.nodes.walk(["demo", name])?.rest.length === 0
      ? store.nodes.walk(["demo", name])?.node.id ?? ""
      : store.nodes.create(root, {
        name,
        type: "Run",
        labels: [],
        description: "",
        extra: "",
      }, "demo").id;
  const [a = "", b = ""] = ["a", "b"].map(runOf);
  return {
    store,
    a,
    b,
    async put(nodeId: string, key: string, bytes: Uint8Array) {
      return await store.contents.putObject(
        { nodeId, key },
        await store.contents.write(ReadableStream.from([bytes])),
        { contentType: "a/b" },
      );
    },
    async read(nodeId: string, key: string) {
      const object = store.objects.get({ nodeId, key });
      assert(object, key);
      return new Uint8Array(
        await new Response(
          await store.files.read(store.objects.segments(object), {
            range: { start: 0, end: object.size },
          }),
        ).arrayBuffer(),
      );
    },
    async append(nodeId: string, key: string, bytes: Uint8Array) {
      const offset = store.objects.get({ nodeId, key })?.size ?? 0;
      const result = await store.appends.append({ nodeId, key }, {
        offset,
        source: ReadableStream.from([bytes]),
      });
      assertEquals(result.state, "appended");
    },
    files: () => filesBelow(join(dataDir, "objects")).length,
    firstFile: (object: ObjectRow) => store.objects.segments(object)[0]?.file,
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
