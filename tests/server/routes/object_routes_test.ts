import { createHash } from "node:crypto";
import { assert, assertEquals } from "@std/assert";
import { form, openFixture } from "../support/fixture.ts";
import { asStream } from "../support/held_form.ts";

const OBJECTS = "/apis/v1/objects";

Deno.test("POST objects answers the record, and GET gives back the bytes", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const contents: Uint8Array<ArrayBuffer>[] = [
    new Uint8Array(),
    new TextEncoder().encode("alpha\n"),
    new TextEncoder().encode("\r\n--x\r\n\r\n--"),
    crypto.getRandomValues(new Uint8Array(60_000)),
    new Uint8Array(3_000_000).fill(45),
  ];
  for (const [index, content] of contents.entries()) {
    const path = `/demo/run/d/e/中 文 &+%#?${index}.txt`;
    const md5 = createHash("md5").update(content).digest("hex");
    const record = await server.json(`POST ${OBJECTS}`, {
      query: { path },
      body: form(content),
    });
    assertEquals(Object.entries(record), [
      ["checksum", md5],
      ["content_type", "application/octet-stream"],
      ["mtime", 1795420800],
      ["path", path.slice("/demo/run/".length)],
      ["path_type", "object"],
      ["physical_address", record.physical_address],
      ["size_bytes", content.length],
    ]);
    const response = await server.call(`GET ${OBJECTS}`, { query: { path } });
    assertEquals(new Uint8Array(await response.arrayBuffer()), content);
    assertEquals(response.headers.get("etag"), `"${md5}"`);
    assertEquals(
      response.headers.get("content-length"),
      String(content.length),
    );
    assertEquals(
      response.headers.get("content-type"),
      "application/octet-stream",
    );
  }
});

Deno.test("an object keeps the media type that its sender named", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const body = new FormData();
  body.append(
    "content",
    new Blob(["{}"], { type: "application/json" }),
    "x.json",
  );
  const query = { path: "/demo/run/x.json" };
  await server.json(`POST ${OBJECTS}`, { query, body });
  const response = await server.call(`HEAD ${OBJECTS}`, { query });
  assertEquals(response.headers.get("content-type"), "application/json");
  assertEquals(response.headers.get("content-length"), "2");
  assertEquals(await response.text(), "");
});

Deno.test("an upload to an existing key replaces it and leaves no old bytes", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  for (const content of ["one", "two", "three"]) {
    await server.put("/demo/run/x", content);
  }
  assertEquals(server.files().length, 1);
  const query = { path: "/demo/run/x" };
  assertEquals(await server.text(`GET ${OBJECTS}`, { query }), "200 three");
});

Deno.test("GET honours one range", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put("/demo/run/x", "0123456789");
  await server.put("/demo/run/empty", "");
  const table: [string, number, string, string | null][] = [
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=7-99", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=10-", 416, "the range lies outside of the object", "bytes */10"],
    ["bytes=-0", 416, "the range lies outside of the object", "bytes */10"],
    ["bytes=4-2", 200, "0123456789", null],
    ["bytes=0-1,3-4", 200, "0123456789", null],
    ["bytes=-", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
  ];
  for (const [range, status, body, contentRange] of table) {
    const response = await server.call(`GET ${OBJECTS}`, {
      query: { path: "/demo/run/x" },
      headers: { range },
    });
    assertEquals(
      [
        response.status,
        await response.text(),
        response.headers.get("content-range"),
      ],
      [status, body, contentRange],
      range,
    );
    if (status < 300) {
      assertEquals(
        response.headers.get("content-length"),
        String(body.length),
        range,
      );
    }
  }
  assertEquals(
    await server.text(`GET ${OBJECTS}`, { query: { path: "/demo/run/empty" } }),
    "200 ",
  );
});

Deno.test("objects are deleted one at a time or many at once", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  for (const key of ["a", "b", "c"]) await server.put(`/demo/run/${key}`, key);
  const query = { path: "/demo/run/a" };
  assert((await server.call(`DELETE ${OBJECTS}`, { query })).ok);
  for (const method of ["GET", "DELETE"]) {
    assertEquals(
      await server.text(`${method} ${OBJECTS}`, { query }),
      "404 object not found [/demo/run/a]",
    );
  }
  const json = { node: "/demo/run", paths: ["b", "gone"] };
  assertEquals(await server.json(`POST ${OBJECTS}/delete`, { json }), {
    deleted: 1,
  });
  assertEquals(server.files().length, 1);
});

Deno.test("a query that is not UTF-8 is refused, so that two keys never become one", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  for (const tail of ["%ff", "%", "%e4%b8"]) {
    assertEquals(
      await server.text(`POST ${OBJECTS}?path=/demo/run/x${tail}`, {
        body: form("x"),
      }),
      "400 invalid query: it is not percent-encoded UTF-8",
    );
  }
});

Deno.test("concurrent uploads to one key: one of them wins whole", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const contents = Array.from(
    { length: 12 },
    (_, i) => String(i).repeat(200_000 + i),
  );
  await Promise.all(
    contents.map((content) => server.put("/demo/run/x", content)),
  );
  const response = await server.call(`GET ${OBJECTS}`, {
    query: { path: "/demo/run/x" },
  });
  const text = await response.text();
  assert(contents.includes(text));
  assertEquals(server.files().length, 1);
});

Deno.test("a download that began before its object was replaced ends with the old bytes", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const old = "o".repeat(2_000_000);
  await server.put("/demo/run/x", old);
  const response = await server.call(`GET ${OBJECTS}`, {
    query: { path: "/demo/run/x" },
  });
  await server.put("/demo/run/x", "new");
  await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/run" } });
  assertEquals(await response.text(), old);
});

Deno.test("an object whose node is deleted while it is received is refused and leaves nothing", async () => {
  using server = openFixture();
  const id = await server.make("/demo/run", "Run");
  const { body, headers } = await asStream(form("late"), async () => {
    await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/run" } });
  });
  const query = { path: "/demo/run/x" };
  assertEquals(
    await server.text(`POST ${OBJECTS}`, { query, body, headers }),
    `404 node not found [${id}]`,
  );
  assertEquals(server.files(), []);
});
