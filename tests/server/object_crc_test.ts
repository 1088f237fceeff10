import { crc32 } from "node:zlib";
import { assertEquals } from "@std/assert";
import { CRC32_HEADER } from "../../src/aistore/protocol.ts";
import { type Fixture, form, openFixture } from "./support/fixture.ts";

const OBJECTS = "/apis/v1/objects";
const path = "/demo/run/big.bin";
const digits = (text: string) => crc32(text).toString(16).padStart(8, "0");

/** The header of an object's answer, and whether it is that of the bytes. */
async function named(
  server: Fixture,
  options: { readonly path?: string; readonly method?: string } = {},
): Promise<string | null> {
  const { path: object = path, method = "GET" } = options;
  const response = await server.call(`${method} ${OBJECTS}`, {
    query: { path: object },
  });
  await response.body?.cancel();
  return response.headers.get(CRC32_HEADER);
}

async function append(
  server: Fixture,
  offset: number,
  body: string,
): Promise<void> {
  const response = await server.call(`PATCH ${OBJECTS}`, {
    query: { path },
    body,
    headers: {
      "content-type": "application/offset+octet-stream",
      "upload-offset": `${offset}`,
    },
  });
  assertEquals(response.status, 200, await response.text());
}

Deno.test("the bytes of an object come with the CRC-32 of the whole, however it was made", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(path, "one");
  assertEquals(await named(server), digits("one"));
  assertEquals(await named(server, { method: "HEAD" }), digits("one"));

  await append(server, 3, "two");
  assertEquals(await named(server), digits("onetwo"));
  const long = "three".repeat(200_000);
  await append(server, 6, long);
  assertEquals(await named(server), digits(`onetwo${long}`));

  const copy = "/demo/run/copy.bin";
  await server.json(`POST ${OBJECTS}/copy`, { json: { from: path, to: copy } });
  assertEquals(await named(server, { path: copy }), digits(`onetwo${long}`));

  const query = { path };
  const upload = await server.json(`POST ${OBJECTS}/multipart`, { query });
  const contents = ["a".repeat(70_000), "", "c"];
  const parts = [];
  for (const [at, content] of contents.entries()) {
    const { eTag } = await server.json(
      `PUT ${OBJECTS}/multipart/${upload.uploadId}`,
      { query: { ...query, partNumber: `${at + 1}` }, body: form(content) },
    );
    parts.push({ etag: eTag, partNumber: at + 1 });
  }
  await server.json(`POST ${OBJECTS}/multipart/${upload.uploadId}`, {
    query,
    json: { parts },
  });
  assertEquals(await named(server), digits(contents.join("")));
});

Deno.test("a range of an object comes with the CRC-32 of the whole", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(path, "one two");
  const response = await server.call(`GET ${OBJECTS}`, {
    query: { path },
    headers: { range: "bytes=4-" },
  });
  assertEquals([response.status, await response.text()], [206, "two"]);
  assertEquals(response.headers.get(CRC32_HEADER), digits("one two"));
});
