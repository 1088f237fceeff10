import { createHash } from "node:crypto";
import { assert, assertEquals } from "@std/assert";
import { form, openFixture } from "../support/fixture.ts";

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

Deno.test("ls lists by key, page by page, until every object was seen", async () => {
  using server = openFixture();
  const id = await server.make("/demo/run", "Run");
  await server.make("/demo/run2", "Run");
  await server.put("/demo/run2/other", "");
  const ls = (query: Record<string, string>) =>
    server.json(`GET ${OBJECTS}/ls`, {
      query: { path: "/demo/run", ...query },
    });
  assertEquals(await ls({}), {
    pagination: { page: 1, size: 10, total: 0 },
    data: null,
  });
  const keys = ["b", "a/z", "a.txt", "a/b", "é", "Z"];
  for (const key of keys) await server.put(`/demo/run/${key}`, key);
  const all = await ls({ size: "1000", page: "1" });
  assertEquals(all.pagination, { page: 1, size: 1000, total: 6 });
  const paths = (page: { data: { path: string }[] | null }) =>
    page.data?.map(({ path }) => path);
  assertEquals(paths(all), ["Z", "a.txt", "a/b", "a/z", "b", "é"]);
  assertEquals(paths(await ls({ size: "4" })), ["Z", "a.txt", "a/b", "a/z"]);
  assertEquals(paths(await ls({ size: "4", page: "2" })), ["b", "é"]);
  assertEquals(paths(await ls({ size: "4", page: "3" })), undefined);
  assertEquals(await ls({ path: id }), await ls({}));
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

/** The bytes of a form, with something done before the last of them. */
async function asStream(data: FormData, beforeLast: () => Promise<void>) {
  const encoded = new Response(data);
  const headers = { "content-type": encoded.headers.get("content-type") ?? "" };
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const body = ReadableStream.from((async function* () {
    yield bytes.slice(0, -1);
    await beforeLast();
    yield bytes.slice(-1);
  })());
  return { body, headers };
}

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

Deno.test("ls finds keys by how they begin and by what is in them", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const keys = [
    "a%b",
    "axb",
    "metrics/train.yaml",
    "metrics/val.yaml",
    "Met",
    "é/x",
  ];
  for (const key of keys) await server.put(`/demo/run/${key}`, key);
  const ls = async (query: Record<string, string>) => {
    const { data, pagination } = await server.json(`GET ${OBJECTS}/ls`, {
      query: { path: "/demo/run", ...query },
    });
    const paths = data?.map(({ path }: { path: string }) => path).join(" ");
    return `${pagination.total}: ${paths}`;
  };
  const table: [Record<string, string>, string][] = [
    [{ prefix: "metrics/" }, "2: metrics/train.yaml metrics/val.yaml"],
    [{ prefix: "metrics/", size: "1", page: "2" }, "2: metrics/val.yaml"],
    [{ prefix: "Met" }, "1: Met"],
    [{ prefix: "é" }, "1: é/x"],
    [{ prefix: "a%" }, "1: a%b"],
    [{ prefix: "no" }, "0: undefined"],
    [{ search: "MET" }, "3: Met metrics/train.yaml metrics/val.yaml"],
    [{ search: "%" }, "1: a%b"],
    [{ prefix: "metrics", search: "val" }, "1: metrics/val.yaml"],
    [{ prefix: "", search: "", size: "2" }, "6: Met a%b"],
  ];
  for (const [query, wanted] of table) {
    assertEquals(await ls(query), wanted, JSON.stringify(query));
  }
});

Deno.test("POST objects/copy copies an object, some of a node, or all, with their types and checksums", async () => {
  using server = openFixture();
  await server.make("/demo/a", "Run");
  const b = await server.make("/demo/b", "Artifact");
  const big = "b".repeat(1_000_000);
  for (const [key, text] of [["x", "one"], ["d/y", "two"], ["big", big]]) {
    await server.put(`/demo/a/${key}`, text ?? "");
  }
  const typed = new FormData();
  typed.append("content", new Blob(["{}"], { type: "application/json" }), "j");
  await server.json(`POST ${OBJECTS}`, {
    query: { path: "/demo/a/j" },
    body: typed,
  });
  const copy = (json: unknown) => server.json(`POST ${OBJECTS}/copy`, { json });
  const ls = async (path: string) =>
    (await server.json(`GET ${OBJECTS}/ls`, { query: { path } })).data.map(
      (
        { path, checksum, content_type, size_bytes }: Record<string, string>,
      ) => [path, checksum, content_type, size_bytes],
    );
  assertEquals(
    await copy({ from: "/demo/a/x", to: "/demo/b/d/new" }),
    { copied: 1, size_bytes: 3 },
  );
  assertEquals(
    await server.text(`GET ${OBJECTS}`, { query: { path: "/demo/b/d/new" } }),
    "200 one",
  );
  await server.put("/demo/b/x", "is replaced");
  assertEquals(
    await copy({ from: "/demo/a", to: b, paths: ["x", "d/y", "x"] }),
    { copied: 2, size_bytes: 6 },
  );
  await server.json(`DELETE ${OBJECTS}`, { query: { path: "/demo/b/d/new" } });
  assertEquals(
    await copy({ from: "/demo/a", to: "/demo/b" }),
    { copied: 4, size_bytes: 1_000_008 },
  );
  assertEquals(await ls("/demo/b"), await ls("/demo/a"));
  assertEquals(await copy({ from: "/demo/a/x", to: "/demo/a/x2" }), {
    copied: 1,
    size_bytes: 3,
  });
  await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/a" } });
  assertEquals(
    await server.text(`GET ${OBJECTS}`, { query: { path: "/demo/b/big" } }),
    `200 ${big}`,
  );
  assertEquals(server.files().length, 4);
});

Deno.test("POST objects/copy refuses what it cannot do, before anything is copied", async () => {
  using server = openFixture();
  await server.make("/demo/a", "Run");
  await server.make("/demo/b", "Run");
  await server.make("/demo/f", "Folder");
  await server.put("/demo/a/x", "x");
  const kinds =
    '400 invalid copy: "from" and "to" must be two objects or two nodes';
  const same = '400 invalid copy: "from" and "to" are the same';
  const folder =
    '400 invalid node: "f" is of type Folder, which holds no set of objects';
  const table: [Record<string, unknown>, string][] = [
    [{ from: "/demo/a/x", to: "/demo/b" }, kinds],
    [{ from: "/demo/a", to: "/demo/b/x" }, kinds],
    [{ from: "/demo/a", to: "/demo/a" }, same],
    [{ from: "/demo/a/x", to: "/demo/a/x" }, same],
    [{ from: "/demo/f", to: "/demo/b" }, folder],
    [{ from: "/demo/a", to: "/demo/f" }, folder],
    [
      { from: "/demo/a/no", to: "/demo/b/x" },
      "404 object not found [/demo/a/no]",
    ],
    [
      { from: "/demo/a", to: "/demo/b", paths: ["x", "no"] },
      "404 object not found [no]",
    ],
    [
      { from: "/demo/a", to: "/demo/b", paths: ["../x"] },
      '400 invalid object key: it has a segment that is empty, "." or ".."',
    ],
    [
      { from: "/demo/a/x", to: "/demo/b/../x" },
      '400 invalid path: it must look like "/user/folder/name"',
    ],
    [{ from: "/demo/gone", to: "/demo/b" }, "404 node not found [/demo/gone]"],
    [{ from: "/demo/a", to: "/eve" }, "403 permission denied"],
    [{ from: "/demo/a" }, '400 invalid body: "to" is missing'],
    [{ to: "/demo/a" }, '400 invalid body: "from" is missing'],
  ];
  for (const [json, wanted] of table) {
    assertEquals(
      await server.text(`POST ${OBJECTS}/copy`, { json }),
      wanted,
      JSON.stringify(json),
    );
  }
  assertEquals(server.files().length, 1);
  assertEquals(
    await server.text(`POST ${OBJECTS}/delete`, { json: { node: "/demo/a" } }),
    '400 invalid body: "paths" is missing',
  );
});
