/** A reverse proxy on a socket of its own. */
export interface ReverseProxy extends AsyncDisposable {
  /** Its address, such as `http://127.0.0.1:4711`. */
  readonly origin: string;
}

/** What {@linkcode startReverseProxy} puts in front of what. */
export interface ReverseProxyOptions {
  /** The origin of the server behind it, which may be known later. */
  readonly target: () => string;
  /** The path under which it shows that server, such as `/lab/em`. */
  readonly prefix: string;
  /** Whether it takes the prefix away from what it passes on. Default: yes. */
  readonly strip?: boolean;
  /** The protocol that it claims to have been reached by. Default: `http`. */
  readonly protocol?: string;
}

/**
 * Starts a reverse proxy as nginx would be set up: it knows one path, adds `X-Forwarded-…` to what clients send, and
 * passes bodies on as they come.
 */
export function startReverseProxy(
  { target, prefix, strip = true, protocol = "http" }: ReverseProxyOptions,
): ReverseProxy {
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, async (request, { remoteAddr }) => {
    const { pathname, search } = new URL(request.url);
    if (!pathname.startsWith(`${prefix}/`)) {
      return new Response("not mine", { status: 404 });
    }
    const headers = new Headers(request.headers);
    const before = headers.get("x-forwarded-for");
    const address = remoteAddr.hostname;
    headers.set("x-forwarded-for", before ? `${before}, ${address}` : address);
    headers.set("x-forwarded-proto", protocol);
    headers.set("x-forwarded-host", request.headers.get("host") ?? "");
    headers.delete("host");
    const path = strip ? pathname.slice(prefix.length) : pathname;
    return await fetch(`${target()}${path}${search}`, {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
    });
  });
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
