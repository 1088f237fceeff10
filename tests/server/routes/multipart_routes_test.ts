import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { crcETag } from "../../../src/aistore/protocol.ts";
import { form, openFixture } from "../support/fixture.ts";

const MULTIPART = "/apis/v1/objects/multipart";
const etagOf = (text: string) => crcETag(crc32(text));
const query = { path: "/demo/run/big.bin" };

Deno.test("parts become one object, in the order of their numbers", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(query.path, "what was there before");
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  assertMatch(uploadId, /^[0-9a-f-]{36}$/);
  const contents = ["a".repeat(300_000), "b".repeat(500_000), "c"];
  const parts = [];
  for (const number of [3, 1, 2]) {
    const content = contents[number - 1] ?? "";
    const { eTag } = await server.json(`PUT ${MULTIPART}/${uploadId}`, {
      query: { ...query, partNumber: String(number) },
      body: form(content),
    });
    assertEquals(eTag, etagOf(content));
    parts.push({ etag: number === 2 ? `"${eTag}"` : eTag, partNumber: number });
  }
  parts.sort((a, b) => a.partNumber - b.partNumber);
  assertEquals(
    await server.text("GET /apis/v1/objects", { query }),
    "200 what was there before",
  );
  const record = await server.json(`POST ${MULTIPART}/${uploadId}`, {
    query,
    json: { parts },
  });
  const whole = contents.join("");
  assertEquals(record.checksum, createHash("md5").update(whole).digest("hex"));
  assertEquals([record.path, record.size_bytes], ["big.bin", whole.length]);
  assertEquals(
    await server.text("GET /apis/v1/objects", { query }),
    `200 ${whole}`,
  );
  assertEquals(server.files().length, 3);
  assertEquals(
    await server.text(`POST ${MULTIPART}/${uploadId}`, {
      query,
      json: { parts },
    }),
    `404 upload not found [${uploadId}]`,
  );
});

Deno.test("a part may be sent again; the last one counts", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  const send = (content: string) =>
    server.json(`PUT ${MULTIPART}/${uploadId}`, {
      query: { ...query, partNumber: "1" },
      body: form(content),
    });
  const first = await send("first");
  const second = await send("second");
  assertEquals(server.files().length, 1);
  const complete = (etag: string) =>
    server.text(`POST ${MULTIPART}/${uploadId}`, {
      query,
      json: { parts: [{ etag, partNumber: 1 }] },
    });
  assertEquals(
    await complete(first.eTag),
    "400 invalid parts: part 1 was not received with that etag",
  );
  assertMatch(await complete(second.eTag), /^200 /);
  assertEquals(
    await server.text("GET /apis/v1/objects", { query }),
    "200 second",
  );
});

Deno.test("a multipart upload is refused where its path, number or parts are wrong", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  const upload = `${MULTIPART}/${uploadId}`;
  const part = (number: string, path = query.path) =>
    server.text(`PUT ${upload}`, {
      query: { path, partNumber: number },
      body: form("x"),
    });
  for (const number of ["0", "10001", "1.5", "x", ""]) {
    assertEquals(
      await part(number),
      '400 invalid query: "partNumber" must be a whole number from 1 to 10000',
    );
  }
  assertEquals(
    await part("1", "/demo/run/other"),
    `404 upload not found [${uploadId}]`,
  );
  assertEquals(
    await server.text(`PUT ${MULTIPART}/none`, {
      query: { ...query, partNumber: "1" },
      body: form("x"),
    }),
    "404 upload not found [none]",
  );
  assert((await part("1")).startsWith("200 "));
  assert((await part("2")).startsWith("200 "));
  const etag = etagOf("x");
  const table: [unknown, string][] = [
    [[], "400 invalid parts: there are none"],
    [
      [{ etag, partNumber: 2 }, { etag, partNumber: 1 }],
      "400 invalid parts: the numbers must rise",
    ],
    [
      [{ etag, partNumber: 1 }, { etag, partNumber: 1 }],
      "400 invalid parts: the numbers must rise",
    ],
    [
      [{ etag, partNumber: 3 }],
      "400 invalid parts: part 3 was not received with that etag",
    ],
    [[{ etag }], '400 invalid body: "partNumber" is missing'],
    ["x", '400 invalid body: "parts" must be a list of objects'],
  ];
  for (const [parts, wanted] of table) {
    assertEquals(
      await server.text(`POST ${upload}`, { query, json: { parts } }),
      wanted,
    );
  }
});

Deno.test("the parts that were received are listed, and every answer says that they can be", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const begun = await server.call(`POST ${MULTIPART}`, { query });
  assertEquals(
    begun.headers.get("x-em-capabilities"),
    "multipart-list, append",
  );
  const { uploadId } = await begun.json();
  const upload = `${MULTIPART}/${uploadId}`;
  assertEquals(await server.json(`GET ${upload}`, { query }), {
    uploadId,
    parts: [],
  });
  for (const [partNumber, content] of [["7", "seven"], ["2", ""]]) {
    await server.json(`PUT ${upload}`, {
      query: { ...query, partNumber: partNumber ?? "" },
      body: form(content ?? ""),
    });
  }
  assertEquals(await server.json(`GET ${upload}`, { query }), {
    uploadId,
    parts: [
      { partNumber: 2, size: 0, eTag: etagOf("") },
      { partNumber: 7, size: 5, eTag: etagOf("seven") },
    ],
  });
  for (
    const [path, id] of [["/demo/run/other", uploadId], [query.path, "none"]]
  ) {
    assertEquals(
      await server.text(`GET ${MULTIPART}/${id}`, {
        query: { path: path ?? "" },
      }),
      `404 upload not found [${id}]`,
    );
  }
});

Deno.test("an upload that is given up leaves nothing", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  const upload = `${MULTIPART}/${uploadId}`;
  await server.json(`PUT ${upload}`, {
    query: { ...query, partNumber: "1" },
    body: form("x"),
  });
  assertEquals(server.files().length, 1);
  assert((await server.call(`DELETE ${upload}`, { query })).ok);
  assertEquals(server.files(), []);
  assertEquals(
    await server.text(`DELETE ${upload}`, { query }),
    `404 upload not found [${uploadId}]`,
  );
});

Deno.test("while an upload is being completed nobody else touches it", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  const upload = `${MULTIPART}/${uploadId}`;
  const { eTag } = await server.json(`PUT ${upload}`, {
    query: { ...query, partNumber: "2" },
    body: form("x".repeat(20_000_000)),
  });
  const json = { parts: [{ etag: eTag, partNumber: 2 }] };
  // The checksum of a part without those before it is made at the end.
  const completed = server.store.parts.complete(uploadId, json.parts);
  const again = server.text(`POST ${upload}`, { query, json });
  const busy = `409 upload [${uploadId}] is being completed`;
  assertEquals(await server.text(`DELETE ${upload}`, { query }), busy);
  assertEquals((await completed).size, 20_000_000);
  assertMatch(await again, /^200 .*"size_bytes":20000000/);
});

Deno.test("the parts of an upload that nobody completes go after seven days, also from a server that goes on", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  await server.json(`PUT ${MULTIPART}/${uploadId}`, {
    query: { ...query, partNumber: "1" },
    body: form("x"),
  });
  const begun = server.time.getTime();
  const day = 24 * 3600 * 1000;
  for (const [days, files] of [[6.9, 1], [7.1, 0]] as const) {
    server.time = new Date(begun + days * day);
    await server.json(`POST ${MULTIPART}`, {
      query: { path: "/demo/run/other" },
    });
    assertEquals(server.files().length, files, `${days}`);
  }
});
