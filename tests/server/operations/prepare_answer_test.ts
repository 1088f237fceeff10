import {
  assert,
  assertEquals,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { waitFor } from "../../support/wait_for.ts";
import { connect, metrics, PREFIX, put, start } from "./support.ts";

Deno.test("text is compressed for clients elsewhere that take it, and comes back the same", async () => {
  await using test = await start();
  const { send } = test;
  const content = "- step: 1\n  loss: 0.25\n".repeat(40_000);
  await put(test, "train.yaml", content);
  await put(test, "model.bin", content);
  await put(test, "small.yaml", "a: 1\n");
  const path = (key: string) => `/apis/v1/objects?path=/demo/run/${key}`;
  const elsewhere = { "x-forwarded-for": "10.0.0.7" };
  const ask = async (target: string, headers: Record<string, string>) => {
    const response = await send(target, {
      headers: { "accept-encoding": "gzip", ...headers },
    });
    return {
      body: await response.text(),
      encoding: response.headers.get("content-encoding"),
      vary: response.headers.get("vary"),
      etag: response.headers.get("etag"),
      length: response.headers.get("content-length"),
      status: response.status,
    };
  };
  const plain = await ask(path("train.yaml"), {
    ...elsewhere,
    "accept-encoding": "identity",
  });
  assertEquals(plain.body, content);
  assertEquals([plain.encoding, plain.vary, plain.length], [
    null,
    "Accept-Encoding",
    `${content.length}`,
  ]);
  const sent = (await metrics(test.server.port)).get(
    "em_http_sent_bytes_total",
  ) ?? 0;
  const packed = await ask(path("train.yaml"), elsewhere);
  assertEquals(packed.body, content);
  assertEquals([packed.vary, packed.length], ["Accept-Encoding", null]);
  assertEquals(packed.etag, `W/${plain.etag}`);
  const again = await ask(path("train.yaml"), {
    ...elsewhere,
    "if-none-match": packed.etag ?? "",
  });
  assertEquals([again.status, again.body], [304, ""]);
  const sentPacked = await waitFor("the count", async () => {
    const now = (await metrics(test.server.port)).get(
      "em_http_sent_bytes_total",
    ) ?? 0;
    return now > sent ? now - sent : undefined;
  });
  assertLess(sentPacked, content.length / 10);
  for (const key of ["model.bin", "small.yaml"]) {
    const answer = await ask(path(key), elsewhere);
    assertEquals([answer.encoding, answer.vary], [null, null], key);
    assert(answer.etag?.startsWith('"') && answer.length !== null, key);
  }
  const part = await ask(path("train.yaml"), {
    ...elsewhere,
    range: "bytes=10-19",
  });
  assertEquals([part.status, part.body, part.encoding], [
    206,
    content.slice(10, 20),
    null,
  ]);
  const head = await send(path("train.yaml"), {
    method: "HEAD",
    headers: { ...elsewhere, "accept-encoding": "gzip" },
  });
  assertEquals(
    [head.headers.get("content-length"), head.headers.get("etag")],
    [`${content.length}`, plain.etag],
  );
  const python = await ask(path("train.yaml"), {
    ...elsewhere,
    "user-agent": "python-requests/2.28.1",
  });
  assertEquals([python.etag, python.length], [
    plain.etag,
    `${content.length}`,
  ]);
  const near = await ask(path("train.yaml"), {});
  assertEquals([near.etag, near.length], [plain.etag, `${content.length}`]);
});

Deno.test("a long listing is compressed on the wire", async () => {
  await using test = await start();
  for (let i = 0; i < 30; i++) await put(test, `key-${i}`, "x");
  const conn = await connect(
    test.server.port,
    `GET ${PREFIX}/apis/v1/objects/ls?path=/demo/run&size=100&apikey=${test.apiKey} HTTP/1.1\r\n` +
      "Host: x\r\nAccept-Encoding: gzip, deflate\r\nX-Forwarded-For: 10.0.0.7\r\nConnection: close\r\n\r\n",
  );
  const bytes = new Uint8Array(await new Response(conn.readable).arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  const cut = text.indexOf("\r\n\r\n") + 4;
  assertStringIncludes(
    text.slice(0, cut).toLowerCase(),
    "content-encoding: gzip",
  );
  const body = new Blob([bytes.slice(cut)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const page = await new Response(body).json();
  assertEquals(page.data.length, 30);
  assertLess(bytes.length - cut, JSON.stringify(page).length / 3);
});
