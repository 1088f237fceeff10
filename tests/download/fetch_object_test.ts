import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { fetchObject } from "../../src/download/fetch_object.ts";
import { startMd5Thread } from "../../src/download/md5_thread.ts";
import type { PlannedObject } from "../../src/download/plan.ts";
import { DownloadError, ResponseError } from "../../src/errors.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { inParts } from "../support/naming_server.ts";
import { tempDir } from "../support/temp_dir.ts";

const KEY = "00000000-0000-0000-0000-000000000000";
const MIB = 1024 * 1024;
const CONTENT = Uint8Array.from({ length: 3 * MIB }, (_, i) => (i >> 8) ^ i);
const OTHER = CONTENT.map((byte) => byte ^ 1);
const MD5 = createHash("md5").update(CONTENT).digest("hex");
const OBJECT = { key: "sub/big.bin", sizeBytes: CONTENT.length, md5: MD5 };

/** A request for the object. */
interface Asked {
  readonly range: string | null;
  readonly ifRange: string | null;
}

/** A server of one object, which answers as told, and a place to fetch it to. */
async function site(answer: (start: number, asked: Asked) => Response) {
  const dir = tempDir();
  const asked: Asked[] = [];
  const server = await startFaultyServer({
    handler: (request) => {
      const one = {
        range: request.headers.get("range"),
        ifRange: request.headers.get("if-range"),
      };
      asked.push(one);
      const start = Number(/^bytes=(\d+)-$/.exec(one.range ?? "")?.[1] ?? 0);
      return Promise.resolve(answer(start, one));
    },
  });
  const into = join(dir.path, "whole");
  const partialDir = join(dir.path, "partial");
  Deno.mkdirSync(partialDir);
  const positions: number[] = [];
  const fetch = (object: PlannedObject = OBJECT, stopAt = Infinity) => {
    const stop = new AbortController();
    return fetchObject(new AIStoreClient({ host: server.url, apiKey: KEY }), {
      nodePath: "/demo/cnn",
      object,
      partialDir,
      into,
      onPosition(bytes) {
        positions.push(bytes);
        if (bytes >= stopAt) stop.abort(new Error("stopped"));
      },
      signal: stop.signal,
    });
  };
  return {
    server,
    asked,
    into,
    positions,
    fetch,
    /** The beginnings of objects that are there. */
    partials: () =>
      [...Deno.readDirSync(partialDir)].map(({ name }) =>
        Deno.statSync(join(partialDir, name)).size
      ).filter((size) => size > 1000),
    /** Breaks an attempt off in the middle. */
    async interrupt(object: PlannedObject = OBJECT, stopAt = MIB) {
      await assertRejects(() => fetch(object, stopAt), Error, "stopped");
      asked.length = 0;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

const ETAG = '"one"';

function whole(content: Uint8Array = CONTENT, etag = ETAG): Response {
  return new Response(content as Uint8Array<ArrayBuffer>, {
    headers: { etag },
  });
}

function part(
  start: number,
  options: {
    readonly content?: Uint8Array;
    readonly range?: string | null;
    readonly etag?: string;
  } = {},
): Response {
  const { content = CONTENT, etag = ETAG } = options;
  const all = `bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}`;
  const { range = all } = options;
  return new Response(content.slice(start), {
    status: 206,
    headers: { etag, ...(range === null ? {} : { "content-range": range }) },
  });
}

Deno.test("fetchObject() fetches the rest alone of what was interrupted, if it is still the same", async () => {
  await using place = await site((start) => start > 0 ? part(start) : whole());
  await place.interrupt();
  const [size = 0] = place.partials();
  assert(size >= MIB && size < CONTENT.length, `${size}`);
  await place.fetch();
  assertEquals(place.asked, [{ range: `bytes=${size}-`, ifRange: ETAG }]);
  assertEquals(Deno.readFileSync(place.into), CONTENT);
  assertEquals(place.partials(), []);
  assertEquals(place.positions.at(-1), CONTENT.length);
  assertEquals(place.positions, place.positions.toSorted((a, b) => a - b));
});

Deno.test("fetchObject() needs no request when only the name was missing", async () => {
  await using place = await site((start) => start > 0 ? part(start) : whole());
  await place.interrupt();
  const dir = join(place.into, "..", "partial");
  const [partial = ""] = [...Deno.readDirSync(dir)].map(({ name }) => name)
    .filter((name) => !name.endsWith(".json"));
  Deno.writeFileSync(join(dir, partial), CONTENT);
  await place.fetch();
  assertEquals(place.asked, []);
  assertEquals(Deno.readFileSync(place.into), CONTENT);
});

Deno.test("fetchObject() fetches all of an object anew when its rest is not to be had, or is wrong", async () => {
  const last = CONTENT.length - 1;
  const total = CONTENT.length;
  const table: Readonly<Record<string, (start: number) => Response>> = {
    "whole: the range is ignored": () => whole(),
    "whole: the object is another one": () => whole(CONTENT, '"two"'),
    "the range is refused": () => new Response("outside", { status: 416 }),
    "the range is not understood": () => new Response("?", { status: 400 }),
    "no range is named": (start) => part(start, { range: null }),
    "another unit": (start) =>
      part(start, { range: `items ${start}-${last}/${total}` }),
    "another start": (start) =>
      part(start, { range: `bytes ${start - 1}-${last}/${total}` }),
    "the start of the object": (start) =>
      part(start, { range: `bytes 0-${last}/${total}` }),
    "another end": (start) =>
      part(start, { range: `bytes ${start}-${last - 1}/${total}` }),
    "another length": (start) =>
      part(start, { range: `bytes ${start}-${last}/${total + 1}` }),
    "nonsense": (start) => part(start, { range: "bytes ../../x" }),
    "another entity": (start) => part(start, { etag: '"two"' }),
    "other bytes": (start) => part(start, { content: OTHER }),
    "more than asked": (start) =>
      part(start, { content: new Uint8Array([...CONTENT, 1]) }),
    "less than asked": (start) =>
      part(start, { content: CONTENT.subarray(0, -1) }),
    "nothing": (start) => part(start, { content: new Uint8Array() }),
  };
  for (const [name, answer] of Object.entries(table)) {
    await using place = await site((start) =>
      start > 0 ? answer(start) : whole()
    );
    await place.interrupt();
    await place.fetch();
    assertEquals(Deno.readFileSync(place.into), CONTENT, name);
    assertEquals(place.partials(), [], name);
    const wholes = name.startsWith("whole") ? [true] : [true, false];
    assertEquals(place.asked.map(({ range }) => range !== null), wholes, name);
  }
});

Deno.test("fetchObject() gives up an object that is wrong twice, and leaves nothing of it", async () => {
  await using place = await site((start) =>
    start > 0 ? part(start, { content: OTHER }) : whole(OTHER)
  );
  await place.interrupt();
  const error = await assertRejects(() => place.fetch(), DownloadError);
  assertMatch(error.message, /"sub\/big\.bin" of "\/demo\/cnn": its MD5 is/);
  assertEquals(place.asked.map(({ range }) => range !== null), [true, false]);
  assertEquals(place.partials(), []);
  assertEquals(place.positions.at(-1), 0);
  await assertRejects(() => Deno.stat(place.into), Deno.errors.NotFound);
});

Deno.test("fetchObject() refuses a part of what it wants whole", async () => {
  await using place = await site(() => part(MIB));
  const error = await assertRejects(() => place.fetch(), DownloadError);
  assertMatch(error.message, /the server sends a part of it/);
  assertEquals(place.partials(), []);
});

Deno.test("fetchObject() keeps what came when the server refuses or breaks off, and goes on with it later", async () => {
  await using place = await site((start) => start > 0 ? part(start) : whole());
  await place.interrupt();
  const [first = 0] = place.partials();
  place.server.script = () => ({ kind: "answer", status: 503 });
  await assertRejects(() => place.fetch(), ResponseError, "503");
  assertEquals(place.partials(), [first]);
  place.server.script = () => undefined;
  await place.interrupt(OBJECT, first + MIB);
  const [second = 0] = place.partials();
  assert(second > first, `${second} after ${first}`);
  await place.fetch();
  assertEquals(Deno.readFileSync(place.into), CONTENT);
});

Deno.test("fetchObject() goes on with nothing that it could not verify, or that is of another object", async () => {
  const changed = createHash("md5").update(OTHER).digest("hex");
  const table: readonly (readonly [PlannedObject, Uint8Array])[] = [
    [{ ...OBJECT, md5: undefined }, CONTENT],
    [{ ...OBJECT, md5: changed }, OTHER],
    [{ ...OBJECT, key: "other" }, CONTENT],
  ];
  for (const [object, content] of table) {
    await using place = await site((start) =>
      start > 0 ? part(start, { content }) : whole(content)
    );
    await place.interrupt(object.md5 === undefined ? object : OBJECT);
    await place.fetch(object);
    assertEquals(place.asked, [{ range: null, ifRange: null }]);
    assertEquals(Deno.readFileSync(place.into), content);
  }
});

Deno.test("fetchObject() goes on with an object that came in parts, and proves it by their checksum", async () => {
  const object = { ...OBJECT, md5: undefined, inParts: inParts(CONTENT, MIB) };
  const table: readonly (readonly [Uint8Array, number])[] = [
    [CONTENT, 1],
    // The rest that comes is wrong: all of it is fetched anew.
    [OTHER, 2],
  ];
  for (const [content, requests] of table) {
    await using place = await site((start) =>
      start > 0 ? part(start, { content }) : whole()
    );
    await place.interrupt(object);
    await place.fetch(object);
    assertEquals(place.asked.length, requests);
    assert(place.asked[0]?.range?.startsWith("bytes="));
    assertEquals(Deno.readFileSync(place.into), CONTENT);
  }
});

Deno.test("fetchObject() names no weak entity tag, and no tag where there is none", async () => {
  for (const etag of ['W/"one"', "", "one", `"${"x".repeat(300)}"`]) {
    await using place = await site((start) =>
      start > 0 ? part(start, { etag }) : whole(CONTENT, etag)
    );
    await place.interrupt();
    await place.fetch();
    assertEquals(place.asked.map(({ ifRange }) => ifRange), [null], etag);
    assertEquals(Deno.readFileSync(place.into), CONTENT);
  }
});

/** What a server of this package names beside the bytes. */
function withCrc(response: Response, crc: string): Response {
  response.headers.set("x-em-crc32", crc);
  return response;
}

Deno.test("fetchObject() goes by the CRC-32 that a server names with the content that it lists", async () => {
  const etag = `"${MD5}"`;
  const good = crc32(CONTENT).toString(16).padStart(8, "0");
  for (const tag of [etag, `W/${etag}`]) {
    await using place = await site(() => withCrc(whole(CONTENT, tag), good));
    await place.fetch();
    assertEquals(Deno.readFileSync(place.into), CONTENT);
  }
  await using resumed = await site((start) =>
    withCrc(start > 0 ? part(start, { etag }) : whole(CONTENT, etag), good)
  );
  await resumed.interrupt();
  await resumed.fetch();
  assertEquals(resumed.asked.map(({ ifRange }) => ifRange), [etag]);
  assertEquals(Deno.readFileSync(resumed.into), CONTENT);

  await using damaged = await site(() => withCrc(whole(OTHER, etag), good));
  const error = await assertRejects(() => damaged.fetch(), DownloadError);
  assertMatch(error.message, /its CRC-32 is [0-9a-f]{8}, .* names/);
  assertEquals(damaged.partials(), []);
});

Deno.test("fetchObject() goes by the MD5 where no CRC-32 is named, or that of another content", async () => {
  const other = crc32(OTHER).toString(16).padStart(8, "0");
  const table: readonly (readonly [string, string])[] = [
    ['"another"', other],
    ["", other],
    [`"${MD5}"`, "none"],
    [`"${MD5}"`, ""],
  ];
  for (const [etag, crc] of table) {
    await using place = await site(() => withCrc(whole(OTHER, etag), crc));
    const error = await assertRejects(() => place.fetch(), DownloadError);
    assertMatch(error.message, /its MD5 is/, `${etag} ${crc}`);
    await using same = await site(() => withCrc(whole(CONTENT, etag), crc));
    await same.fetch();
    assertEquals(Deno.readFileSync(same.into), CONTENT);
  }
});

Deno.test("a thread computes the sums of several objects at once, and gives the memory back", async () => {
  const thread = await startMd5Thread();
  assert(thread !== undefined);
  try {
    const sum = async (id: number, content: Uint8Array) => {
      for (let at = 0; at < content.length; at += MIB) {
        const buffer = content.slice(at, at + MIB).buffer;
        const back = await thread.add(id, buffer, MIB);
        assertEquals([buffer.byteLength, back.byteLength], [0, MIB]);
      }
      return await thread.digest(id);
    };
    const [one, two, none] = await Promise.all([
      sum(1, CONTENT),
      sum(2, OTHER),
      thread.digest(3),
    ]);
    assertEquals(one, MD5);
    assertEquals(two, createHash("md5").update(OTHER).digest("hex"));
    assertEquals(none, "d41d8cd98f00b204e9800998ecf8427e");
  } finally {
    await thread[Symbol.asyncDispose]();
  }
  await assertRejects(() => thread.digest(1), Error, "has ended");
});
