import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import { form, openFixture } from "./support/fixture.ts";
import { asStream } from "./support/held_form.ts";

const OBJECTS = "/apis/v1/objects";

Deno.test("GET and HEAD answer 304 for what the client has, and honour a range only of the object it means", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put("/demo/run/x", "0123456789");
  const query = { path: "/demo/run/x" };
  const etag = `"${createHash("md5").update("0123456789").digest("hex")}"`;
  type Headers = Record<string, string>;
  const table: [Headers, number, string][] = [
    [{ "if-none-match": etag }, 304, ""],
    [{ "if-none-match": `W/${etag}` }, 304, ""],
    [{ "if-none-match": `"x", ${etag}` }, 304, ""],
    [{ "if-none-match": "*" }, 304, ""],
    [{ "if-none-match": etag, "range": "bytes=0-1" }, 304, ""],
    [{ "if-none-match": '"x"' }, 200, "0123456789"],
    [{ "if-none-match": etag.slice(1, -1) }, 200, "0123456789"],
    [{ "if-match": etag }, 200, "0123456789"],
    [{ "if-match": `"x", ${etag}` }, 200, "0123456789"],
    [{ "if-match": "*" }, 200, "0123456789"],
    [
      { "if-match": '"x"' },
      412,
      "a precondition of the request is not met",
    ],
    [
      { "if-match": `W/${etag}` },
      412,
      "a precondition of the request is not met",
    ],
    [{ "range": "bytes=2-3", "if-range": etag }, 206, "23"],
    [{ "range": "bytes=2-3", "if-range": '"x"' }, 200, "0123456789"],
    [{ "range": "bytes=2-3", "if-range": `W/${etag}` }, 200, "0123456789"],
    [
      { "range": "bytes=2-3", "if-range": new Date(2e12).toUTCString() },
      200,
      "0123456789",
    ],
    [{ "range": "bytes=90-", "if-range": '"x"' }, 200, "0123456789"],
  ];
  for (const [headers, status, body] of table) {
    const message = JSON.stringify(headers);
    const response = await server.call(`GET ${OBJECTS}`, { query, headers });
    assertEquals(
      [response.status, await response.text()],
      [status, body],
      message,
    );
    if (status < 400) assertEquals(response.headers.get("etag"), etag, message);
    const head = await server.call(`HEAD ${OBJECTS}`, { query, headers });
    assertEquals(head.status, status === 206 ? 200 : status, message);
    if (status !== 412) assertEquals(await head.text(), "");
    if (head.status === 200) {
      assertEquals(head.headers.get("content-length"), "10", message);
    }
  }
  await server.put("/demo/run/x", "other");
  assertEquals(
    await server.text(`GET ${OBJECTS}`, {
      query,
      headers: { "if-none-match": etag },
    }),
    "200 other",
  );
});

Deno.test("POST objects replaces only what the client means to replace", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const query = { path: "/demo/run/x" };
  const put = async (content: string, headers: Record<string, string>) => {
    const body = form(content);
    const answer = await server.text(`POST ${OBJECTS}`, {
      query,
      headers,
      body,
    });
    return answer.slice(0, 3);
  };
  const etagOf = (text: string) =>
    `"${createHash("md5").update(text).digest("hex")}"`;
  assertEquals(await put("no", { "if-match": "*" }), "412");
  assertEquals(await put("no", { "if-match": etagOf("one") }), "412");
  assertEquals(await put("one", { "if-none-match": "*" }), "201");
  assertEquals(await put("no", { "if-none-match": "*" }), "412");
  assertEquals(await put("no", { "if-match": etagOf("other") }), "412");
  assertEquals(await put("no", { "if-none-match": etagOf("one") }), "412");
  assertEquals(await put("two", { "if-match": etagOf("one") }), "201");
  assertEquals(await server.text(`GET ${OBJECTS}`, { query }), "200 two");
  assertEquals(server.files().length, 1);

  const { body, headers } = await asStream(form("late"), async () => {
    await server.put("/demo/run/x", "meanwhile");
  });
  assertEquals(
    await server.text(`POST ${OBJECTS}`, {
      query,
      body,
      headers: { ...headers, "if-match": etagOf("two") },
    }),
    "412 a precondition of the request is not met",
  );
  assertEquals(await server.text(`GET ${OBJECTS}`, { query }), "200 meanwhile");
  assertEquals(server.files().length, 1);
});

Deno.test("of many uploads that each want to be the first, one is", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      server.text(`POST ${OBJECTS}`, {
        query: { path: "/demo/run/x" },
        headers: { "if-none-match": "*" },
        body: form(`${i}`.repeat(100_000)),
      })),
  );
  const created = answers.filter((answer) => answer.startsWith("201"));
  assertEquals(created.length, 1);
  assertEquals(server.files().length, 1);
});
