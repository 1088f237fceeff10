import { isBroken } from "./slow_link.ts";

/** What a {@linkcode ForwardProxy} was asked for. */
export interface ProxiedRequest {
  /** The method, such as `CONNECT`. */
  readonly method: string;
  /** The host that was asked for, with the port if it was said. */
  readonly host: string;
  /** The header `Content-Length`, as a number. */
  readonly contentLength: number | undefined;
  /** Whether the body came in chunked encoding. */
  readonly isChunked: boolean;
}

/** A proxy that clients are told of, on a socket of its own. */
export interface ForwardProxy extends AsyncDisposable {
  /** Its address, such as `http://127.0.0.1:4711`. */
  readonly url: string;
  /** What it was asked for, in order. */
  readonly requests: readonly ProxiedRequest[];
}

/**
 * Starts a forward proxy (RFC 9110 §7.6, §9.3.6): it takes requests with the whole address, one for each connection, and
 * makes tunnels. Whatever host is asked for, everything goes to one server of this machine.
 *
 * @param to The server's port on 127.0.0.1.
 */
export function startForwardProxy(to: number): ForwardProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: ProxiedRequest[] = [];
  const open = new Set<Deno.Conn>();
  const running = new Set<Promise<void>>();

  async function pass(near: Deno.Conn): Promise<void> {
    open.add(near);
    let far: Deno.Conn | undefined;
    try {
      const { head, rest } = await readHead(near);
      const request = parseHead(head);
      requests.push(request);
      far = await Deno.connect({ hostname: "127.0.0.1", port: to });
      open.add(far);
      const isTunnel = request.method === "CONNECT";
      if (isTunnel) await write(near, encode("HTTP/1.1 200 OK\r\n\r\n"));
      else await write(far, encode(forwarded(head)));
      await write(far, rest);
      await Promise.race([copy(near, far), copy(far, near)]);
    } catch (error) {
      if (!isBroken(error)) throw error;
    } finally {
      for (const conn of [near, far]) {
        if (conn !== undefined && open.delete(conn)) conn.close();
      }
    }
  }

  const accepting = (async () => {
    for await (const conn of listener) {
      const task = pass(conn).finally(() => running.delete(task));
      running.add(task);
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) if (open.delete(conn)) conn.close();
      await accepting;
      await Promise.all(running);
    },
  };
}

const END = "\r\n\r\n";

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function readHead(
  conn: Deno.Conn,
): Promise<{ readonly head: string; readonly rest: Uint8Array }> {
  const bytes = new Uint8Array(64 * 1024);
  let length = 0;
  for (;;) {
    const count = await conn.read(bytes.subarray(length));
    if (count === null) throw new Deno.errors.ConnectionReset("no head");
    length += count;
    // What is no ASCII stands in the body alone.
    const text = new TextDecoder("latin1").decode(bytes.subarray(0, length));
    const end = text.indexOf(END);
    if (end === -1) continue;
    const start = end + END.length;
    return { head: text.slice(0, start), rest: bytes.slice(start, length) };
  }
}

function parseHead(head: string): ProxiedRequest {
  const [, method = "", target = ""] = /^(\S+) (\S+)/.exec(head) ?? [];
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  return {
    method,
    host: method === "CONNECT" ? target : new URL(target).host,
    contentLength: length === undefined ? undefined : Number(length),
    isChunked: /^transfer-encoding: *chunked/im.test(head),
  };
}

/** The head as the server is to see it: with the path alone, and one request for each connection. */
function forwarded(head: string): string {
  return head.replace(/ http:\/\/[^/ ]+/, " ").replace(
    END,
    `\r\nConnection: close${END}`,
  );
}

async function write(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(bytes.subarray(at));
  }
}

async function copy(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const count = await from.read(buffer);
    if (count === null) return;
    await write(to, buffer.subarray(0, count));
  }
}
