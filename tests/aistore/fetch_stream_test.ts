import { assertEquals, assertRejects } from "@std/assert";
import { fetchStream } from "../../src/aistore/fetch_stream.ts";
import { FileChangedError, formFrame } from "../../src/aistore/form_body.ts";

interface Received {
  readonly length: string | null;
  readonly isChunked: boolean;
  /** `undefined` if it did not come whole. */
  readonly bytes: Uint8Array | undefined;
}

/** A server that keeps what it gets, and reads no body before it is allowed to. */
function startSink(isAllowed: Promise<void> = Promise.resolve()) {
  const received: Received[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, async (request) => {
    await isAllowed;
    const bytes = await request.bytes().catch(() => undefined);
    received.push({
      length: request.headers.get("content-length"),
      isChunked: request.headers.has("transfer-encoding"),
      bytes,
    });
    return new Response("kept", { status: 201 });
  });
  return {
    url: new URL(`http://127.0.0.1:${server.addr.port}/x`),
    received,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A file of so many bytes, which counts how often it is read. */
function countingFile(content: Uint8Array) {
  let at = 0;
  return {
    reads: 0,
    read(buffer: Uint8Array): Promise<number | null> {
      this.reads++;
      const piece = content.subarray(at, at + buffer.length);
      buffer.set(piece);
      at += piece.length;
      return Promise.resolve(piece.length === 0 ? null : piece.length);
    },
  };
}

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);

Deno.test("fetchStream() sends a part of a file with its length, in its frame, as it is read", async () => {
  await using sink = startSink();
  const frame = formFrame("a.bin");
  for (const more of [{}, { frame }]) {
    const chunks: number[] = [];
    const answer = await fetchStream(sink.url, {
      method: "POST",
      headers: { "content-type": "x/y" },
      part: {
        file: countingFile(CONTENT),
        sizeBytes: 200_000,
        onChunk: (chunk) => chunks.push(chunk.length),
      },
      signal: new AbortController().signal,
      fetch,
      ...more,
    });
    assertEquals([answer.status, answer.text], [201, "kept"]);
    assertEquals(chunks, [65_536, 65_536, 65_536, 3_392]);
  }
  const [plain, form] = sink.received;
  assertEquals([plain?.length, plain?.isChunked], ["200000", false]);
  assertEquals(plain?.bytes, CONTENT.subarray(0, 200_000));
  const { head, tail } = frame;
  assertEquals(form?.length, `${head.length + 200_000 + tail.length}`);
  assertEquals(
    form?.bytes?.subarray(head.length, -tail.length),
    CONTENT.subarray(0, 200_000),
  );
});

Deno.test("fetchStream() of a file that was shortened says so, and the server does not take it for whole", async () => {
  await using sink = startSink();
  await assertRejects(
    () =>
      fetchStream(sink.url, {
        method: "POST",
        headers: {},
        part: { file: countingFile(CONTENT), sizeBytes: CONTENT.length + 1 },
        signal: new AbortController().signal,
        fetch,
      }),
    FileChangedError,
  );
  assertEquals(sink.received.filter(({ bytes }) => bytes !== undefined), []);
});

Deno.test("fetchStream() that is aborted reads no more of the file, of which it has read ahead little", async () => {
  const allowed = Promise.withResolvers<void>();
  await using sink = startSink(allowed.promise);
  const file = countingFile(new Uint8Array(200 * 1024 * 1024));
  const abort = new AbortController();
  const { promise: isFull, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sending = fetchStream(sink.url, {
    method: "POST",
    headers: {},
    part: {
      file,
      sizeBytes: 200 * 1024 * 1024,
      // The way is full when nothing more is asked for.
      onChunk() {
        clearTimeout(timer);
        timer = setTimeout(resolve, 300);
      },
    },
    signal: abort.signal,
    fetch,
  });
  const rejected = assertRejects(() => sending);
  await isFull;
  abort.abort();
  await rejected;
  const { reads } = file;
  allowed.resolve();
  assertEquals(reads < 100 * 1024 * 1024 / 65_536, true, `${reads} reads`);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(file.reads, reads);
});
