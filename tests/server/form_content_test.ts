import { assert, assertEquals } from "@std/assert";
import { type Fixture, openFixture } from "./support/fixture.ts";

const BOUNDARY = "6177ac9bf50eabbc73605a5745a0dc93";
const query = { path: "/demo/run/x" };

function post(
  server: Fixture,
  body: BodyInit,
  type = `multipart/form-data; boundary=${BOUNDARY}`,
) {
  return server.text("POST /apis/v1/objects", {
    query,
    body,
    headers: { "content-type": type },
  });
}

function part(disposition: string, content: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;
}

const END = `--${BOUNDARY}--\r\n`;

Deno.test("the field content is stored, whatever its file name and the fields beside it", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const content = 'name="content"; filename="content"';
  const bodies = [
    part('name="content"; filename="a.txt"', "alpha\n") + END,
    part('name="content"; filename="中 文 (1).txt"', "alpha\n") + END,
    part('name="content"; filename="a%22b;c=d.txt"', "alpha\n") + END,
    part("name=\"content\"; filename*=utf-8''%E4%B8%AD.txt", "alpha\n") + END,
    part('name="note"', "n") + part(content, "alpha\n") +
    part('name="other"; filename="o"', "other") + END,
    part(content, "alpha\n") + part(content, "a second one does not count") +
    END,
    part(content, "alpha\n") + END.trimEnd(),
  ];
  for (const body of bodies) {
    await server.put(query.path, "before");
    const answer = await post(server, body);
    assert(answer.startsWith("201 "), answer);
    assertEquals(
      await server.text("GET /apis/v1/objects", { query }),
      "200 alpha\n",
      body,
    );
  }
  assertEquals(server.files().length, 1);
});

Deno.test("a body that is no such form, or is cut anywhere, is refused and changes nothing", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put(query.path, "before");
  const whole = part('name="content"; filename="a.txt"', "alpha\nbeta") +
    END.trimEnd();
  for (let length = 0; length < whole.length; length++) {
    const answer = await post(server, whole.slice(0, length));
    assert(answer.startsWith("400 invalid form: "), `${length}: ${answer}`);
  }
  const table: [string, string | undefined, string][] = [
    [whole, "text/plain", 'its content type is "text/plain"'],
    [whole, "multipart/form-data", "its content type names no boundary"],
    [
      part('name="content"', "no file") + END,
      undefined,
      'it has no file "content"',
    ],
    [
      part('name="file"; filename="x"', "x") + END,
      undefined,
      'it has no file "content"',
    ],
    [END, undefined, 'it has no file "content"'],
  ];
  for (const [body, type, problem] of table) {
    assertEquals(
      await post(server, body, type),
      `400 invalid form: ${problem}`,
    );
  }
  assertEquals(
    await server.text("GET /apis/v1/objects", { query }),
    "200 before",
  );
  assertEquals(server.files().length, 1);
});

Deno.test("a body that breaks off is refused and leaves nothing", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const start = part('name="content"; filename="a.txt"', "x".repeat(100_000));
  for (const cut of [10, 50, 200, 90_000]) {
    const body = ReadableStream.from((async function* () {
      yield await Promise.resolve(
        new TextEncoder().encode(start.slice(0, cut)),
      );
      throw new Error("connection reset");
    })());
    assertEquals(
      await post(server, body),
      "400 invalid form: the body broke off",
    );
  }
  assertEquals(server.files(), []);
  assertEquals(server.reports, []);
});

Deno.test("a disk that fails answers 500 and the rest of the body is not read", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  server.store.files.write = async (content) => {
    for await (const _ of content) throw new Error("No space left on device");
    throw new Error("unreachable");
  };
  const start = new TextEncoder().encode(
    part('name="content"; filename="a.txt"', "x"),
  );
  let sent = 0;
  const body = ReadableStream.from((async function* () {
    yield await Promise.resolve(start);
    for (; sent < 1000; sent++) yield new Uint8Array(65536);
  })());
  assertEquals(await post(server, body), "500 internal error");
  assert(sent < 1000, `${sent}`);
  assertEquals(server.reports.length, 1);
});
