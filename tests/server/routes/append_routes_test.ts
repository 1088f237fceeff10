import { createHash } from "node:crypto";
import { assert, assertEquals, assertMatch } from "@std/assert";
import * as fc from "fast-check";
import { type Fixture, form, openFixture } from "../support/fixture.ts";

const OBJECTS = "/apis/v1/objects";
const query = { path: "/demo/run/log.yaml" };
const md5 = (content: string | Uint8Array) =>
  createHash("md5").update(content).digest("hex");

function append(
  server: Fixture,
  offset: number | string,
  body: BodyInit,
  path = query.path,
): Promise<Response> {
  return server.call(`PATCH ${OBJECTS}`, {
    query: { path },
    body,
    headers: {
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offset),
    },
  });
}

async function content(server: Fixture): Promise<string> {
  return await server.text(`GET ${OBJECTS}`, { query });
}

Deno.test("PATCH at the object's end makes it longer, and answers the record of the whole", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(query.path, "one");
  server.time = new Date("2026-11-23T09:00:00Z");
  const response = await append(server, 3, "two");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("upload-offset"), "6");
  const record = await response.json();
  assertEquals(Object.entries(record), [
    ["checksum", md5("onetwo")],
    ["content_type", "application/octet-stream"],
    ["mtime", server.time.getTime() / 1000],
    ["path", "log.yaml"],
    ["path_type", "object"],
    ["physical_address", record.physical_address],
    ["size_bytes", 6],
  ]);
  assertEquals(await content(server), "200 onetwo");
  const listed = await server.json(`GET ${OBJECTS}/ls`, {
    query: { path: "/demo/run" },
  });
  assertEquals(listed.data, [record]);
  const empty = await append(server, 6, "");
  assertEquals([empty.status, (await empty.json()).size_bytes], [200, 6]);
});

Deno.test("PATCH anywhere else is refused with the true length, and changes nothing", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(query.path, "one");
  for (const offset of [0, 2, 4, 99]) {
    const response = await append(server, offset, "two");
    assertEquals(response.status, 409);
    assertEquals(response.headers.get("upload-offset"), "3");
    assertEquals(
      await response.text(),
      "offset mismatch: the object has 3 bytes [/demo/run/log.yaml]",
    );
  }
  assertEquals(await content(server), "200 one");
  assertEquals(server.files().length, 1);
});

Deno.test("PATCH is refused like POST where there is no object, no right, or no proper header", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const tail = async (response: Promise<Response>) =>
    `${(await response).status} ${await (await response).text()}`;
  assertEquals(
    await tail(append(server, 0, "x")),
    "404 object not found [/demo/run/log.yaml]",
  );
  assertEquals(server.files(), []);
  await server.put(query.path, "one");
  for (const offset of ["", "-1", "1.5", "0x3", "3 ", "1e1", "9".repeat(20)]) {
    const answer = await tail(append(server, offset, "x"));
    const trimmed = offset === "3 ";
    assertEquals(
      trimmed ? answer.slice(0, 3) : answer,
      trimmed
        ? "200"
        : '400 invalid header: "upload-offset" must be a number of bytes',
      offset,
    );
  }
  const headers = { "upload-offset": "4" };
  assertEquals(
    await server.text(`PATCH ${OBJECTS}`, { query, body: "x", headers }),
    "400 invalid content type: it must be application/offset+octet-stream",
  );
  assertEquals(
    await server.text(`PATCH ${OBJECTS}`, {
      query,
      body: "x",
      headers: { "content-type": "application/offset+octet-stream" },
    }),
    '400 invalid header: "upload-offset" must be a number of bytes',
  );
  assertEquals(
    await tail(append(server, 0, "x", "/demo/none/x")),
    "404 node not found [/demo/none]",
  );
  for (const [user, wanted] of [["eve", "403 permission denied"]] as const) {
    assertEquals(
      await server.text(`PATCH ${OBJECTS}`, { query, user, headers }),
      wanted,
    );
  }
  assertEquals(await content(server), "200 onex");
});

Deno.test("appends of every size, in every order with replacements, give what was sent, whole and in ranges", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const sizes = fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 250_000, max: 600_000 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(sizes, fc.constantFrom("append", "append", "replace")),
        {
          minLength: 1,
          maxLength: 8,
        },
      ),
      fc.nat(),
      fc.nat(),
      async (steps, from, length) => {
        let wanted = "";
        await server.put(query.path, wanted);
        for (const [at, [size, step]] of steps.entries()) {
          const text = String.fromCharCode(97 + at).repeat(size);
          if (step === "replace") {
            await server.put(query.path, text);
            wanted = text;
            continue;
          }
          const response = await append(server, wanted.length, text);
          wanted += text;
          assertEquals(response.status, 200);
          assertEquals((await response.json()).checksum, md5(wanted));
        }
        const start = from % (wanted.length + 1);
        const end = Math.min(wanted.length, start + length % 700_000);
        const whole = await content(server);
        assert(whole === `200 ${wanted}`);
        if (start >= end) return;
        const range = await server.text(`GET ${OBJECTS}`, {
          query,
          headers: { range: `bytes=${start}-${end - 1}` },
        });
        assert(range === `206 ${wanted.slice(start, end)}`);
      },
    ),
    { numRuns: 25 },
  );
  await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/run" } });
  assertEquals(server.files(), []);
});

Deno.test("of appends at the same place one wins, and the others are told the new length", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(query.path, "start");
  const tails = Array.from(
    { length: 8 },
    (_, i) => String(i).repeat(i % 2 ? 1000 + i : 400_000 + i),
  );
  const answers = await Promise.all(
    tails.map((tail) => append(server, 5, tail)),
  );
  const statuses = answers.map(({ status }) => status);
  assertEquals(statuses.filter((status) => status === 200).length, 1);
  assertEquals(statuses.filter((status) => status === 409).length, 7);
  const winner = tails[statuses.indexOf(200)] ?? "";
  for (const answer of answers) {
    assertEquals(
      answer.headers.get("upload-offset"),
      String(5 + winner.length),
    );
    await answer.body?.cancel();
  }
  assert(await content(server) === `200 start${winner}`);
});

Deno.test("an append that meets a replacement gives the one or the other, never a mixture", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  for (let round = 0; round < 20; round++) {
    const size = round % 2 ? 10 : 300_000;
    const tail = "t".repeat(size);
    await server.put(query.path, "a".repeat(100));
    const [appended] = await Promise.all([
      append(server, 100, tail),
      server.put(query.path, "b".repeat(round % 3 ? 50 : 100)),
    ]);
    const text = (await content(server)).slice(4);
    assertMatch(text, /^b+t*$/);
    const { status } = appended;
    const record = await appended.text();
    assert(status === 200 || status === 409, record);
    assertEquals(
      server.files().length,
      text.includes("t") && size > 10 ? 2 : 1,
    );
    const [listed] = (await server.json(`GET ${OBJECTS}/ls`, {
      query: { path: "/demo/run" },
    })).data;
    assertEquals([listed.checksum, listed.size_bytes], [
      md5(text),
      text.length,
    ]);
  }
});

Deno.test("an append that breaks off appends nothing, and the next one goes where it would have", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(query.path, "one");
  for (const length of [10, 500_000]) {
    const body = ReadableStream.from((async function* () {
      yield await Promise.resolve(new Uint8Array(length));
      throw new Error("connection reset");
    })());
    const response = await append(server, 3, body);
    assertEquals(response.status, 400);
    assertEquals(await response.text(), "invalid body: it broke off");
    assertEquals(server.files().length, 1);
  }
  assertEquals((await append(server, 3, "two")).status, 200);
  assertEquals(await content(server), "200 onetwo");
  assertEquals(server.reports, []);
});

Deno.test("a download that began before an append ends with the bytes that were there", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const old = "o".repeat(2_000_000);
  await server.put(query.path, old);
  const response = await server.call(`GET ${OBJECTS}`, { query });
  assertEquals((await append(server, old.length, "new")).status, 200);
  assert(await response.text() === old);
  assert(await content(server) === `200 ${old}new`);
});

Deno.test("an object whose node is deleted while bytes for it are received is gone for good", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  for (const length of [10, 500_000]) {
    await server.put(query.path, "one");
    const body = ReadableStream.from((async function* () {
      yield new Uint8Array(length);
      await server.json(`DELETE ${OBJECTS}`, { query });
      yield new Uint8Array(1);
    })());
    const response = await append(server, 3, body);
    assertEquals(
      `${response.status} ${await response.text()}`,
      "404 object not found [/demo/run/log.yaml]",
    );
    assertEquals(server.files(), []);
  }
});

Deno.test("an object that came in parts grows like any other", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const parts = [];
  const upload = `${OBJECTS}/multipart`;
  const { uploadId } = await server.json(`POST ${upload}`, { query });
  for (const partNumber of [1, 2]) {
    const { eTag } = await server.json(`PUT ${upload}/${uploadId}`, {
      query: { ...query, partNumber: String(partNumber) },
      body: form(`part ${partNumber};`),
    });
    parts.push({ etag: eTag, partNumber });
  }
  await server.json(`POST ${upload}/${uploadId}`, { query, json: { parts } });
  const response = await append(server, 14, "tail");
  assertEquals((await response.json()).checksum, md5("part 1;part 2;tail"));
  assertEquals(await content(server), "200 part 1;part 2;tail");
  assertEquals(server.files().length, 2);
});
