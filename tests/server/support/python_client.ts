/** What the Python SDK 0.6 sends, byte for byte as it was captured: python-requests 2.28.1, a connection for each request. */
import type { RunningServer } from "../../../src/server/mod.ts";

const HEADERS = "User-Agent: python-requests/2.28.1\r\n" +
  "Accept-Encoding: gzip, deflate, br\r\nAccept: */*\r\nConnection: keep-alive\r\n";
const BOUNDARY = "6177ac9bf50eabbc73605a5745a0dc93";
const encoder = new TextEncoder();

/** A body as the SDK makes it. */
export interface PythonBody {
  /** Its media type; none for a POST of nothing. */
  readonly type?: string;
  /** What is sent, in order. */
  readonly pieces: readonly Uint8Array[];
}

/** The SDK's side of a server. */
export interface PythonClient {
  /** Sends `METHOD PATH QUERY`, the key last in the query, and answers `<status> <body>`. */
  send(what: string, body?: PythonBody): Promise<string>;
}

/** Makes the SDK's side of a server. */
export function pythonClient(
  server: RunningServer,
  apiKey: string = server.firstStart?.apiKey ?? "",
): PythonClient {
  const { hostname, port, pathname } = new URL(server.localUrl);
  return {
    async send(what, body) {
      const [method = "", path = "", query = ""] = what.split(" ");
      const target = `${pathname}${path}?${query}${
        query && "&"
      }apikey=${apiKey}`;
      const length = body?.pieces.reduce((sum, { length }) => sum + length, 0);
      const more = body === undefined
        ? ""
        : `Content-Length: ${length}\r\n${
          body.type ? `Content-Type: ${body.type}\r\n` : ""
        }`;
      const head =
        `${method} ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${HEADERS}${more}\r\n`;
      using socket = await Deno.connect({ hostname, port: Number(port) });
      for (const piece of [encoder.encode(head), ...body?.pieces ?? []]) {
        for (let sent = 0; sent < piece.length;) {
          sent += await socket.write(piece.subarray(sent));
        }
      }
      return await readAnswer(socket);
    },
  };
}

/** A JSON body; `json.dumps` puts blanks behind `,` and `:` and writes what is not ASCII as `\uXXXX`. */
export function pythonJson(text: string): PythonBody {
  return { type: "application/json", pieces: [encoder.encode(text)] };
}

/** A form with the one field that the SDK sends. */
export function pythonForm(
  filename: string,
  ...content: readonly (string | Uint8Array)[]
): PythonBody {
  const head =
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="${filename}"\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    pieces: [head, ...content, `\r\n--${BOUNDARY}--\r\n`].map((piece) =>
      typeof piece === "string" ? encoder.encode(piece) : piece
    ),
  };
}

/** A POST without a body. */
export const NO_BODY: PythonBody = { pieces: [] };

/** How long a body is. */
export function lengthOf({ pieces }: PythonBody): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

async function readAnswer(socket: Deno.Conn): Promise<string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const buffer = new Uint8Array(65536);
  let head = "";
  let left = Infinity;
  while (left > 0) {
    const count = await socket.read(buffer);
    if (count === null) throw new Error(`The answer broke off: ${head}`);
    const piece = buffer.slice(0, count);
    chunks.push(piece);
    left -= count;
    if (left !== Infinity) continue;
    head += new TextDecoder("latin1").decode(piece);
    const end = head.indexOf("\r\n\r\n") + 4;
    if (end < 4) continue;
    const length = /^content-length: (\d+)/im.exec(head.slice(0, end))?.[1];
    left = Number(length ?? 0) - (head.length - end);
    head = head.slice(0, end);
  }
  const whole = await new Blob(chunks).bytes();
  const body = whole.subarray(head.length);
  const status = head.slice("HTTP/1.1 ".length, 12);
  return `${status} ${new TextDecoder().decode(body)}`;
}
