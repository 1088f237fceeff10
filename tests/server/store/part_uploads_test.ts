import { createHash } from "node:crypto";
import { join } from "@std/path";
import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { Database } from "../../../src/server/store/database.ts";
import { MIGRATIONS } from "../../../src/server/store/schema.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { filesBelow } from "../support/fixture.ts";

const encoder = new TextEncoder();

function makeRun(store: Store): string {
  store.users.add("demo");
  const root = store.nodes.walk(["demo"])?.node;
  assert(root);
  return store.nodes.create(root, {
    name: "run",
    type: "Run",
    labels: [],
    description: "",
    extra: "",
  }, "demo").id;
}

/** Sends a part in pieces, so that others come between them. */
async function send(
  store: Store,
  uploadId: string,
  [number, text]: readonly [number, string],
): Promise<{ partNumber: number; etag: string }> {
  const source = (async function* () {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += 1000) {
      yield await Promise.resolve(bytes.slice(at, at + 1000));
    }
  })();
  const part = await store.parts.write({ uploadId, number }, source);
  await store.parts.put(uploadId, part);
  return { partNumber: number, etag: part.etag };
}

async function contentOf(store: Store, nodeId: string): Promise<string> {
  const object = store.objects.get({ nodeId, key: "x" });
  assert(object);
  const range = { start: 0, end: object.size };
  const segments = store.objects.segments(object);
  return await new Response(await store.files.read(segments, { range })).text();
}

Deno.test("parts in any order, at the same time, sent twice or broken off, become what they are by number", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 5000 }), {
    minLength: 1,
    maxLength: 6,
  });
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path, unusedGraceMs: 0 });
  const nodeId = makeRun(store);
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (sizes, waves, step) => {
        const uploadId = store.uploads.begin({ nodeId, key: "x" });
        const texts = sizes.map((size, at) =>
          String.fromCharCode(97 + at).repeat(size)
        );
        const last = new Map<number, string>();
        for (const wave of waves) {
          await Promise.all(wave.map(async (at, i) => {
            const number = step * (at % texts.length) + 1;
            if (i % 3 === 2) {
              const broken = (async function* () {
                yield await Promise.resolve(encoder.encode("broken"));
                throw new Error("reset");
              })();
              await store.parts.write({ uploadId, number }, broken)
                .catch(() => {});
            } else await send(store, uploadId, [number, `old ${i}`]);
          }));
        }
        const references = await Promise.all(
          texts.map((text, at) => {
            last.set(at, text);
            return send(store, uploadId, [step * at + 1, text]);
          }),
        );
        const object = await store.parts.complete(uploadId, references);
        const whole = texts.join("");
        assertEquals(object.size, whole.length);
        assertEquals(
          object.md5,
          createHash("md5").update(whole).digest("hex"),
        );
        assert(await contentOf(store, nodeId) === whole);
        assertEquals(
          filesBelow(join(dir.path, "objects")).length,
          texts.length,
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("an upload whose parts came before a restart is completed after it", async () => {
  using dir = tempDir();
  let uploadId = "";
  let nodeId = "";
  const references = [];
  {
    using store = new Store({ dataDir: dir.path });
    nodeId = makeRun(store);
    uploadId = store.uploads.begin({ nodeId, key: "x" });
    references.push(await send(store, uploadId, [1, "one;"]));
    references.push(await send(store, uploadId, [2, "two;"]));
  }
  using store = new Store({ dataDir: dir.path });
  assertEquals(store.uploads.parts(uploadId).length, 2);
  references.push(await send(store, uploadId, [3, "three;"]));
  const object = await store.parts.complete(uploadId, references);
  assertEquals(await contentOf(store, nodeId), "one;two;three;");
  assertEquals(
    object.md5,
    createHash("md5").update("one;two;three;").digest("hex"),
  );
});

Deno.test("a part that is sent again while its first try stands still takes its place", async () => {
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path });
  const nodeId = makeRun(store);
  const uploadId = store.uploads.begin({ nodeId, key: "x" });
  const hanging = Promise.withResolvers<void>();
  const stalled = store.parts.write(
    { uploadId, number: 1 },
    (async function* () {
      yield encoder.encode("half of th");
      await hanging.promise;
      throw new Error("reset");
    })(),
  );
  const reference = await send(store, uploadId, [1, "the whole part"]);
  const object = await store.parts.complete(uploadId, [reference]);
  assertEquals(
    object.md5,
    createHash("md5").update("the whole part").digest("hex"),
  );
  hanging.resolve();
  await stalled.catch(() => {});
  assertEquals(await contentOf(store, nodeId), "the whole part");
});

Deno.test("what a server of the first version stored is there, grows, and is completed", async () => {
  using dir = tempDir();
  const write = (file: string, text: string) => {
    const folder = join(dir.path, "objects", file.slice(0, 2));
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(join(folder, file), text);
  };
  const object = "aa" + "0".repeat(30);
  const part = "bb" + "0".repeat(30);
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  write(object, "stored before");
  write(part, "a part");
  {
    using database = new Database(join(dir.path, "aistore.db"));
    database.migrate(MIGRATIONS.slice(0, 1));
    const run = (sql: string, ...values: (string | number | null)[]) =>
      database.command(sql)(...values);
    const time = "2026-11-23T08:00:00.000Z";
    run("INSERT INTO users VALUES ('demo', ?)", time);
    for (
      const [id, parent, name, type] of [
        ["root", null, "demo", "Folder"],
        ["run", "root", "run", "Run"],
      ]
    ) {
      run(
        "INSERT INTO nodes VALUES (?, ?, 'demo', ?, ?, ?, '[]', '', '', 'demo', ?)",
        id ?? "",
        parent ?? null,
        name ?? "",
        type ?? "",
        type === "Run" ? 2 : 0,
        time,
      );
    }
    run(
      "INSERT INTO objects VALUES ('run', 'x', ?, 13, ?, 'a/b', 1)",
      object,
      md5("stored before"),
    );
    run("INSERT INTO uploads VALUES ('up', 'run', 'y', ?)", time);
    run("INSERT INTO parts VALUES ('up', 1, ?, 6, ?)", part, md5("a part"));
  }
  const now = () => new Date("2026-11-23T09:00:00.000Z");
  using store = new Store({ dataDir: dir.path, now });
  assertEquals(await contentOf(store, "run"), "stored before");
  const grown = await store.appends.append({ nodeId: "run", key: "x" }, {
    offset: 13,
    source: ReadableStream.from([encoder.encode(", and after")]),
  });
  assert(grown.state === "appended");
  assertEquals(grown.object.md5, md5("stored before, and after"));
  assertEquals(await contentOf(store, "run"), "stored before, and after");
  const completed = await store.parts.complete("up", [
    { partNumber: 1, etag: md5("a part") },
  ]);
  assertEquals([completed.key, completed.md5], ["y", md5("a part")]);
});
