/** What the Python SDK 0.6 sends, byte for byte as it was captured, over a socket. */
import { assertEquals, assertMatch } from "@std/assert";
import { type RunningServer, startServer } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";

const HEADERS = "User-Agent: python-requests/2.28.1\r\n" +
  "Accept-Encoding: gzip, deflate, br\r\nAccept: */*\r\nConnection: keep-alive\r\n";
const encoder = new TextEncoder();

/** Sends `METHOD TARGET` as python-requests 2.28.1 does and answers `<status> <body>`. */
async function send(
  server: RunningServer,
  what: string,
  body?: { readonly type?: string; readonly bytes: string },
): Promise<string> {
  const [method, target] = what.split(" ");
  const url = `/t9k/aistore/server${target}apikey=${server.firstStart?.apiKey}`;
  const bytes = encoder.encode(body?.bytes ?? "");
  const type = body?.type ? `Content-Type: ${body.type}\r\n` : "";
  const length = body ? `Content-Length: ${bytes.length}\r\n${type}` : "";
  const head =
    `${method} ${url} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${HEADERS}${length}\r\n`;
  using socket = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.port,
  });
  await socket.write(encoder.encode(head));
  if (bytes.length > 0) await socket.write(bytes);
  return await readAnswer(socket);
}

async function readAnswer(socket: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(65536);
  let text = "";
  for (;;) {
    const start = text.indexOf("\r\n\r\n") + 4;
    const length = Number(text.match(/content-length: (\d+)/i)?.[1] ?? 0);
    if (start > 4 && encoder.encode(text.slice(start)).length >= length) {
      return `${text.slice("HTTP/1.1 ".length, 12)} ${text.slice(start)}`;
    }
    const count = await socket.read(buffer);
    if (count === null) throw new Error(`The answer broke off: ${text}`);
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
}

function json(bytes: string) {
  return { type: "application/json", bytes };
}

function form(boundary: string, filename: string, content: string) {
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes:
      `--${boundary}\r\nContent-Disposition: form-data; name="content"; filename="${filename}"\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  };
}

Deno.test("the Python SDK's requests are answered as its code expects", async () => {
  using dir = tempDir();
  await using server = await startServer({ dataDir: dir.path, port: 0 });

  // Login.
  assertEquals(
    await send(server, "GET /oauth2/userinfo?"),
    '200 {"preferred_username":"demo"}',
  );
  assertEquals(
    await send(server, "GET /apis/v1/nodes?parent=%2Fdemo&type=Folder&"),
    '200 {"pagination":{"page":1,"size":10,"total":0},"data":null}',
  );

  // The folder "default" is missing, is made, and the Run is tried again.
  const folder = json(
    '{"parent": "/demo", "name": "default", "labels": [], "description": "", "type": "Folder", "storageType": 0, ' +
      '"extra": "{\\"createdTimestamp\\": \\"2026-11-23T08:25:47.283103+00:00\\"}"}',
  );
  const run = json(
    '{"parent": "/demo/default", "name": "mnist_torch", "labels": ["torch", "CNN"], ' +
      '"description": "demo \\u63cf\\u8ff0", "type": "Run", "storageType": 2, ' +
      '"extra": "{\\"alternativeName\\": \\"mnist_torch_261123_082547_iz4yni\\"}"}',
  );
  const missing = await send(server, "POST /apis/v1/nodes?", run);
  assertEquals(missing, "404 node not found [/demo/default]");
  // The SDK cuts the path out so: after the last "[", without the last character.
  assertEquals(
    missing.slice(missing.lastIndexOf("[") + 1, -1),
    "/demo/default",
  );
  assertEquals(
    await send(server, "GET /apis/v1/nodes/info?node=%2Fdemo%2Fdefault&"),
    "404 node not found [/demo/default]",
  );
  assertMatch(await send(server, "POST /apis/v1/nodes?", folder), /^201 {/);
  const made = await send(server, "POST /apis/v1/nodes?", run);
  assertMatch(made, /^201 {"description":"demo 描述"/);
  const id: string = JSON.parse(made.slice(4)).id;
  assertEquals(
    await send(server, "POST /apis/v1/nodes?", run),
    "400 Invalid conflicting node Name: mnist_torch",
  );
  const info = await send(server, `GET /apis/v1/nodes/info?node=${id}&`);
  const { extra } = JSON.parse(info.slice(4));
  assertEquals(JSON.parse(extra), {
    alternativeName: "mnist_torch_261123_082547_iz4yni",
  });

  // A small object, and one with a name that needs care.
  const boundary = "6177ac9bf50eabbc73605a5745a0dc93";
  const alpha = form(boundary, "a.txt", "alpha\n");
  assertEquals(encoder.encode(alpha.bytes).length, 150);
  const node = "%2Fdemo%2Fdefault%2Fmnist_torch";
  assertMatch(
    await send(server, `POST /apis/v1/objects?path=${node}%2Fa.txt&`, alpha),
    /^201 {"checksum"/,
  );
  const odd = `path=${node}%2Fd%2Fe%2F%E4%B8%AD+%E6%96%87+%26%2B%25.txt&`;
  assertMatch(
    await send(
      server,
      `POST /apis/v1/objects?${odd}`,
      form(boundary, "中 文 &+%.txt", "odd"),
    ),
    /^201 /,
  );
  assertEquals(await send(server, `GET /apis/v1/objects?${odd}`), "200 odd");
  const listed = await send(
    server,
    `GET /apis/v1/objects/ls?path=${node}&size=1000&page=1&`,
  );
  const page = JSON.parse(listed.slice(4));
  assertEquals(page.pagination, { page: 1, size: 1000, total: 2 });
  assertEquals(
    page.data.map((
      object: Record<string, unknown>,
    ) => [object.path, object.size_bytes, object.checksum]),
    [
      ["a.txt", 6, "9f9f90dbe3e5ee1218c86b8839db1995"],
      ["d/e/中 文 &+%.txt", 3, "a2b6f2a6066ed8700d83335fc50a2b8e"],
    ],
  );

  // A large object: a POST of nothing, parts, and the list of parts.
  const big = `path=${node}%2Fbig.bin&`;
  const begun = await send(server, `POST /apis/v1/objects/multipart?${big}`, {
    bytes: "",
  });
  const { uploadId } = JSON.parse(begun.slice(4));
  const parts = [];
  for (const [index, content] of ["first", "second"].entries()) {
    const partNumber = index + 1;
    const answer = await send(
      server,
      `PUT /apis/v1/objects/multipart/${uploadId}?${big}partNumber=${partNumber}&`,
      form(boundary, "content", content),
    );
    parts.push(
      `{"etag": ${
        JSON.stringify(JSON.parse(answer.slice(4)).eTag)
      }, "partNumber": ${partNumber}}`,
    );
  }
  assertMatch(
    await send(
      server,
      `POST /apis/v1/objects/multipart/${uploadId}?${big}`,
      json(`{"parts": [${parts.join(", ")}]}`),
    ),
    /^200 {/,
  );
  assertEquals(
    await send(server, `GET /apis/v1/objects?${big}`),
    "200 firstsecond",
  );

  // Edges.
  assertEquals(
    await send(server, `GET /apis/v1/graphs?current=${id}&`),
    '200 {"in":[],"out":[]}',
  );
  const artifact = await send(
    server,
    "POST /apis/v1/nodes?",
    json(
      '{"parent": "/demo/default", "name": "dataset", "labels": [], "description": "", "type": "Artifact", ' +
        '"storageType": 2, "extra": "{\\"alternativeName\\": \\"dataset_261123_082619_5n2zan\\"}"}',
    ),
  );
  const source = JSON.parse(artifact.slice(4)).id;
  const graphs = json(`{"graphs": [{"from": "${source}", "to": "${id}"}]}`);
  assertMatch(await send(server, "POST /apis/v1/graphs?", graphs), /^201 /);
  const graph = await send(server, `GET /apis/v1/graphs?current=${id}&`);
  assertEquals(
    JSON.parse(graph.slice(4)).in.map((entry: { id: string }) => entry.id),
    [source],
  );

  // Conflict strategy "replace", and somebody else's tree.
  assertEquals(
    await send(
      server,
      "DELETE /apis/v1/nodes?",
      json('{"node": "/demo/default/mnist_torch"}'),
    ),
    "204 ",
  );
  assertEquals(
    await send(server, `GET /apis/v1/nodes/info?node=${node}&`),
    "404 node not found [/demo/default/mnist_torch]",
  );
  assertEquals(
    await send(server, "GET /apis/v1/nodes?parent=%2Fother&"),
    "403 permission denied",
  );
});
