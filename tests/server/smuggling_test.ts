/** Requests about whose end two readers could be of two minds, over raw sockets. */
import { assert, assertEquals } from "@std/assert";
import { startServer } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";

const API = "/t9k/aistore/server";
const JSON_BODY = '{"graphs":[]}';
const encoder = new TextEncoder();

/** What a shape is made of. */
interface Parts {
  /** The first lines of a request that takes a body. */
  readonly head: string;
  /** A whole request that deletes a node. */
  readonly evil: string;
}

const chunked = (text: string) =>
  `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

/** Shapes that are refused, with nothing behind them looked at. */
const REFUSED: Readonly<Record<string, (parts: Parts) => string>> = {
  "a length and chunks": ({ head, evil }) =>
    `${head}Content-Length: ${
      5 + evil.length
    }\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${evil}`,
  "chunks and a length": ({ head, evil }) =>
    `${head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${
      chunked(JSON_BODY)
    }${evil}`,
  "two lengths": ({ head, evil }) =>
    `${head}Content-Length: 13\r\nContent-Length: ${
      13 + evil.length
    }\r\n\r\n${JSON_BODY}${evil}`,
  ...Object.fromEntries(
    ["13, 14", "+13", "-1", "0xd", "1 3", "13a", "9".repeat(30)].map((
      length,
    ) => [
      `the length ${length}`,
      ({ head, evil }: Parts) =>
        `${head}Content-Length: ${length}\r\n\r\n${JSON_BODY}${evil}`,
    ]),
  ),
  ...Object.fromEntries(
    [
      "Content-Length : 13",
      "Transfer-Encoding : chunked\r\nContent-Length: 13",
      "Transfer-Encoding: xchunked\r\nContent-Length: 13",
      "Transfer-Encoding: identity\r\nContent-Length: 13",
      "Transfer-Encoding: \x0bchunked\r\nContent-Length: 13",
      "Transfer-Encoding:\r\n chunked\r\nContent-Length: 13",
      "X: a\nTransfer-Encoding: chunked\r\nContent-Length: 13",
      "X: a\rTransfer-Encoding: chunked\r\nContent-Length: 13",
      "X: a\0b\r\nContent-Length: 13",
      "Host: y\r\nContent-Length: 13",
    ].map((lines) => [
      `the header ${JSON.stringify(lines)}`,
      ({ head, evil }: Parts) => `${head}${lines}\r\n\r\n${JSON_BODY}${evil}`,
    ]),
  ),
  ...Object.fromEntries(
    [
      "Transfer-Encoding: xchunked",
      "Transfer-Encoding: chunked, identity",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    ].map((lines) => [
      `chunks after ${JSON.stringify(lines)}`,
      ({ head, evil }: Parts) =>
        `${head}${lines}\r\n\r\n${chunked(JSON_BODY)}${evil}`,
    ]),
  ),
  "chunks in HTTP/1.0": ({ head, evil }) =>
    `${head.replace("HTTP/1.1", "HTTP/1.0")}Transfer-Encoding: chunked\r\n\r\n${
      chunked(JSON_BODY)
    }${evil}`,
  ...Object.fromEntries(
    [
      `0xd\r\n${JSON_BODY}\r\n0\r\n\r\n`,
      `1000000000000000d\r\n${JSON_BODY}\r\n0\r\n\r\n`,
      `-1\r\n${JSON_BODY}\r\n0\r\n\r\n`,
      `d\n${JSON_BODY}\n0\n\n`,
      `d;a\nb\r\n${JSON_BODY}\r\n0\r\n\r\n`,
      `d\r\n${JSON_BODY}0\r\n\r\n`,
    ].map((body) => [
      `the chunks ${JSON.stringify(body)}`,
      ({ head, evil }: Parts) =>
        `${head}Transfer-Encoding: chunked\r\n\r\n${body}${evil}`,
    ]),
  ),
  "more blanks in the first line": ({ head, evil }) =>
    `${head.replace("POST ", "POST  ")}\r\n${evil}`,
};

/** Shapes in which the other request is the body of the first one, whatever becomes of that. */
const INSIDE: Readonly<
  Record<string, (parts: Parts & { key: string }) => string>
> = {
  "the body of a GET": ({ evil, key }) =>
    `GET ${API}/oauth2/userinfo?apikey=${key} HTTP/1.1\r\nHost: x\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`,
  "the chunks of a GET": ({ evil, key }) =>
    `GET ${API}/oauth2/userinfo?apikey=${key} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${
      chunked(evil)
    }`,
  "the body of what is refused for its key": ({ evil }) =>
    `POST ${API}/apis/v1/graphs HTTP/1.1\r\nHost: x\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`,
  "the body of what is not there": ({ evil, key }) =>
    `POST ${API}/nope?apikey=${key} HTTP/1.1\r\nHost: x\r\nContent-Length: ${evil.length}\r\n\r\n${evil}`,
  "the body of what is no JSON": ({ head, evil }) =>
    `${head}Content-Length: ${evil.length}\r\n\r\n${evil}`,
};

Deno.test("of a request whose end is in doubt nothing is done, nor of what stands behind or in it", async () => {
  using dir = tempDir();
  await using server = await startServer({ dataDir: dir.path, port: 0 });
  const key = server.firstStart?.apiKey ?? "";
  const ask = async (what: string, query: string, json?: unknown) => {
    const [method = "", path] = what.split(" ");
    const response = await fetch(
      `${server.localUrl}/apis/v1/${path}?${query}apikey=${key}`,
      { method, ...json !== undefined && { body: JSON.stringify(json) } },
    );
    await response.body?.cancel();
    return response.status;
  };
  const node = { parent: "/demo", name: "victim", type: "Folder" };
  assertEquals(await ask("POST nodes", "", node), 201);
  const isThere = async () =>
    await ask("GET nodes/info", "node=/demo/victim&") === 200;
  const body = '{"node":"/demo/victim"}';
  const parts = {
    key,
    head: `POST ${API}/apis/v1/graphs?apikey=${key} HTTP/1.1\r\nHost: x\r\n`,
    evil: `DELETE ${API}/apis/v1/nodes?apikey=${key} HTTP/1.1\r\nHost: x\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  };
  for (const [what, shape] of Object.entries(REFUSED)) {
    const statuses = await statusesOf(server.port, shape(parts));
    assert(["", "400"].includes(statuses), `${what}: ${statuses}`);
    assert(await isThere(), what);
  }
  for (const [what, shape] of Object.entries(INSIDE)) {
    // A last request closes the connection, and shows that the server has found the end of the first.
    const last =
      `GET ${API}/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const statuses = await statusesOf(server.port, shape(parts) + last);
    assert(/^(200|400|401|404) 200$/.test(statuses), `${what}: ${statuses}`);
    assert(await isThere(), what);
  }
  // That it would have worked: two requests in a row are two.
  const row =
    `${parts.head}Content-Length: ${JSON_BODY.length}\r\n\r\n${JSON_BODY}`;
  assertEquals(await statusesOf(server.port, row + parts.evil), "201 204");
  assertEquals(await isThere(), false);
});

/** Sends a text, and reads until the server closes the connection: the statuses of all answers. */
async function statusesOf(port: number, text: string): Promise<string> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = encoder.encode(text);
  let answer = "";
  const buffer = new Uint8Array(65536);
  const decoder = new TextDecoder();
  try {
    for (let sent = 0; sent < bytes.length;) {
      sent += await socket.write(bytes.subarray(sent));
    }
    for (;;) {
      const count = await socket.read(buffer);
      if (count === null) break;
      answer += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  } catch (error) {
    // It need not read to the end what it has refused.
    const isCut = error instanceof Deno.errors.ConnectionReset ||
      error instanceof Deno.errors.BrokenPipe;
    if (!isCut) throw error;
  }
  return [...answer.matchAll(/HTTP\/1\.[01] (\d+)/g)].map(([, status]) =>
    status
  ).join(" ");
}
