import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { ConnectionError } from "../../src/errors.ts";
import { stateDir } from "../../src/local/layout.ts";
import { filesOf } from "../support/em_server.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  download,
  METADATA,
  NAME,
  serve,
  type Served,
} from "./support/served_node.ts";

Deno.test("downloadNode() goes on after failures that pass, and gives up after six attempts", async () => {
  await using server = await startFaultyServer({
    handler: serve([METADATA, { key: "a", body: "x".repeat(100_000) }]),
  });
  let failures = 0;
  server.script = ({ index }) => {
    if (index % 2 === 0) return undefined;
    failures++;
    return index % 4 === 1
      ? { kind: "answer", status: 503 }
      : { kind: "reset", when: "mid-answer" };
  };
  using dir = tempDir();
  const { isNew } = await download(server.url, dir.path);
  assert(isNew && failures > 0);

  server.script = ({ path }) =>
    path.endsWith("/ls") ? undefined : { kind: "answer", status: 503 };
  using other = tempDir();
  const before = server.requests.length;
  await assertRejects(() => download(server.url, other.path), Error, "503");
  assert(server.requests.length - before <= 1 + 2 * 6);
});

Deno.test("downloadNode() goes on for as long as every attempt brings something", async () => {
  const content = Uint8Array.from({ length: 12_000_000 }, (_, at) => at >> 9);
  const object: Served = {
    key: "big.bin",
    listed: {
      size_bytes: content.length,
      checksum: createHash("md5").update(content).digest("hex"),
    },
  };
  const honest = serve([METADATA, object]);
  const ranges: (string | null)[] = [];
  await using server = await startFaultyServer({
    handler(request) {
      if (!request.url.includes("%2Fbig.bin&")) return honest(request);
      const range = request.headers.get("range");
      ranges.push(range);
      const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
      const end = start + 1_600_000;
      const pieces = async function* () {
        yield content.slice(start, end);
        if (end >= content.length) return;
        // What was sent must be there before the connection breaks.
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw new Error("broken off");
      };
      const body = ReadableStream.from(pieces());
      const last = content.length - 1;
      return Promise.resolve(
        new Response(body, {
          status: range === null ? 200 : 206,
          headers: {
            "content-length": `${content.length - start}`,
            "content-range": `bytes ${start}-${last}/${content.length}`,
          },
        }),
      );
    },
  });
  using dir = tempDir();
  const { dir: path } = await download(server.url, dir.path);
  assertEquals(Deno.readFileSync(join(path, "big.bin")), content);
  assert(ranges.length > 6, `${ranges}`);
  assertEquals(ranges.filter((range) => range === null).length, 1);
});

Deno.test("downloadNode() goes on where it stopped", async () => {
  const objects: Served[] = [METADATA];
  for (let index = 10; index < 40; index++) {
    objects.push({ key: `d/${index}`, body: `${index}`.repeat(1000) });
  }
  await using server = await startFaultyServer({ handler: serve(objects) });
  using dir = tempDir();
  const isObject = ({ path }: { path: string }) => path === "/apis/v1/objects";
  let served = 0;
  server.script = (request) =>
    isObject(request) && ++served > 12
      ? { kind: "reset", when: "mid-answer" }
      : undefined;
  await assertRejects(() => download(server.url, dir.path), ConnectionError);
  assertEquals([...Deno.readDirSync(dir.path)].map((e) => e.name), [".state"]);
  const staging = join(stateDir(join(dir.path, NAME)), "download");
  const kept = filesOf(staging).size;
  assert(kept >= 8, `${kept}`);
  // What a crash leaves: half an object, and one that is no longer there.
  Deno.writeTextFileSync(join(staging, "d/39"), "39".repeat(10));
  Deno.writeTextFileSync(join(staging, "stale"), "x");
  Deno.mkdirSync(join(staging, "d/38"));

  server.script = () => undefined;
  const before = server.requests.length;
  const { dir: path } = await download(server.url, dir.path);
  const again = server.requests.slice(before).filter(isObject).length;
  assert(again <= objects.length - kept + 1, `${again} of ${objects.length}`);
  assertEquals(
    filesOf(path),
    new Map(objects.map(({ key, body = "" }) => [`${key}`, body])),
  );
});

Deno.test("downloadNode() ends when it is aborted, with the signal's reason", async () => {
  await using server = await startFaultyServer({
    handler: serve([METADATA, { key: "a" }]),
    script: ({ path }) =>
      path === "/apis/v1/objects" ? { kind: "hang" } : undefined,
  });
  using dir = tempDir();
  const controller = new AbortController();
  const ended = assertRejects(() =>
    download(server.url, dir.path, { signal: controller.signal })
  );
  while (server.requests.length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  controller.abort(new Error("enough"));
  assertEquals((await ended as Error).message, "enough");
});
