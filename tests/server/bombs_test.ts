/** Bodies that are small for who sends them, and would be large for who is careless with them. */
import { gzipSync } from "node:zlib";
import { assertEquals, assertLess } from "@std/assert";
import { tempDir } from "../support/temp_dir.ts";
import { startChildServer } from "./support/child_server.ts";

const MIB = 2 ** 20;
const BOUNDARY = "b0undary";
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const field = (name: string, content: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\n${content}\r\n`;

interface Bomb {
  readonly what: string;
  readonly call: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: () => BodyInit;
  readonly answer: string;
}

/** A body of many pieces, which nobody has in memory. */
function endless(piece: string, count: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(piece);
  let left = count;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(bytes);
      else controller.close();
    },
  });
}

/** Blanks, packed. */
function packed(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(new Uint8Array(length).fill(0x20)));
}

const BOMBS: readonly Bomb[] = [
  {
    what: "JSON that is 512 MiB when it is unpacked",
    call: "POST nodes",
    headers: { "content-encoding": "gzip" },
    body: () => packed(512 * MIB),
    answer: "400 invalid body: it is not a JSON object in UTF-8",
  },
  {
    what: "a form that is 256 MiB when it is unpacked",
    call: "POST objects",
    headers: { "content-encoding": "gzip", "content-type": FORM },
    body: () => packed(256 * MIB),
    answer: "400 invalid form: unexpected end of form",
  },
  {
    what: "JSON of more than 1 MiB",
    call: "POST nodes",
    body: () => endless(" ".repeat(65_536), 4096),
    answer: "413 the body is too large: 1048576 bytes are allowed",
  },
  {
    what: "JSON that is a million deep",
    call: "POST nodes",
    body: () => `{"parent":${"[".repeat(MIB - 100)}`,
    answer: "400 invalid body: it is not a JSON object in UTF-8",
  },
  {
    what: "JSON that is half a million deep, and whole",
    call: "POST nodes",
    body: () => `{"parent":${"[".repeat(500_000)}${"]".repeat(500_000)}}`,
    answer: '400 invalid body: "parent" must be a text',
  },
  {
    what: "half a million labels",
    call: "POST nodes",
    body: () =>
      `{"parent":"/demo","name":"n","type":"Run","labels":[${
        Array(250_000).fill('""').join(",")
      }]}`,
    answer: "400 invalid labels: there are 250000, 256 are allowed",
  },
  {
    what: "a quarter of a million parts",
    call: "POST graphs",
    body: () => `{"graphs":[${Array(500_000).fill("0").join(",")}]}`,
    answer: "400 invalid body: a JSON object was expected",
  },
  {
    what: "a form of a million fields",
    call: "POST objects",
    headers: { "content-type": FORM },
    body: () => endless(field("other", "x").repeat(500), 2000),
    answer: "400 invalid form: it has more than 16 fields",
  },
  {
    what: "a field with a header without an end",
    call: "POST objects",
    headers: { "content-type": FORM },
    body: () => endless(`--${BOUNDARY}\r\nX: ${"x".repeat(65_536)}`, 2000),
    answer: "400 invalid form: malformed part header",
  },
  {
    what: "128 MiB before the first field",
    call: "POST objects",
    headers: { "content-type": FORM },
    body: () => endless("x".repeat(65_536), 2048),
    answer: "400 invalid form: unexpected end of form",
  },
  {
    what: "a boundary of 8000 characters in a body of its like",
    call: "POST objects",
    headers: {
      "content-type": `multipart/form-data; boundary=${"-".repeat(8000)}`,
    },
    body: () => endless("-".repeat(65_536), 512),
    answer: "400 invalid form: its boundary has more than 70 characters",
  },
];

Deno.test("bodies that would take memory or time are refused for little of either", async () => {
  using dir = tempDir();
  await using server = await startChildServer(dir.path);
  const apikey = server.apiKey ?? "";
  const ask = async (call: string, init: RequestInit = {}) => {
    const [method = "", path] = call.split(" ");
    const query = new URLSearchParams({ path: "/demo/run/x", apikey });
    const response = await fetch(`${server.url}/apis/v1/${path}?${query}`, {
      method,
      ...init,
    });
    return `${response.status} ${await response.text()}`;
  };
  const run = JSON.stringify({ parent: "/demo", name: "run", type: "Run" });
  assertEquals((await ask("POST nodes", { body: run })).slice(0, 4), "201 ");
  // What a body of any kind costs is there before.
  const once = field("content", "x".repeat(2 * MIB)) + `--${BOUNDARY}--`;
  const headers = { "content-type": FORM };
  await ask("POST objects", { body: once, headers });
  const before = server.peakMemoryBytes();
  for (const { what, call, headers = {}, body, answer } of BOMBS) {
    assertEquals(await ask(call, { body: body(), headers }), answer, what);
    const grown = server.peakMemoryBytes() - before;
    assertLess(grown, 192 * MIB, `${what}: ${grown} bytes more`);
  }
});
