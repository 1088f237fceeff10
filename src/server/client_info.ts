/**
 * Who a request comes from, and by which address the server was reached.
 *
 * @module
 */

/** The other end of a request. */
export interface ClientInfo {
  /** The client's network: its IPv4 address, or the first 64 bits of its IPv6 address. */
  readonly address: string;
  /** Whether nobody could read along on the way from the client. */
  readonly secure: boolean;
  /** The hosts, with ports, by which the client may have reached this server. */
  readonly hosts: readonly string[];
}

/** What a {@linkcode ClientInfo} is made of. */
export interface ClientInfoOptions {
  /** The address that the connection comes from. */
  readonly remoteAddress: string;
  /** Whether the connection comes from a reverse proxy whose `X-Forwarded-…` headers are right. */
  readonly trustProxy: boolean;
  /** The address under which the server is known. */
  readonly publicUrl: URL | undefined;
}

/**
 * Finds out who a request comes from. Of a list of addresses or protocols the last one counts: the proxy added it,
 * what stands before it anybody can have made up.
 *
 * @param request The request.
 * @param options The connection, and whether to believe the headers.
 * @returns The other end.
 */
export function clientOf(
  request: Request,
  { remoteAddress, trustProxy, publicUrl }: ClientInfoOptions,
): ClientInfo {
  const url = new URL(request.url);
  const forwarded = (name: string) =>
    trustProxy ? lastOf(request.headers.get(`x-forwarded-${name}`)) : undefined;
  const { protocol } = publicUrl?.protocol === "https:" ? publicUrl : url;
  const proto = forwarded("proto")?.toLowerCase() ?? protocol.slice(0, -1);
  // HTTP/2 has no Host header: the address has it in any case.
  const hosts = [publicUrl?.host, forwarded("host"), url.host];
  return {
    address: networkOf(forwarded("for") ?? remoteAddress),
    secure: proto === "https",
    hosts: hosts.filter((host) => typeof host === "string")
      .map((host) => host.toLowerCase()),
  };
}

function lastOf(list: string | null): string | undefined {
  return list?.split(",").at(-1)?.trim() || undefined;
}

/** The part of an address that one client cannot change at will. */
function networkOf(address: string): string {
  const mapped = /^\[?::ffff:(\d+\.\d+\.\d+\.\d+)\]?(?::\d+)?$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const v4 = /^(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.exec(address);
  if (v4?.[1]) return v4[1];
  const host = /^\[([^\]]*)\]/.exec(address)?.[1] ?? address;
  try {
    const { hostname } = new URL(`http://[${host.replace(/%.*$/, "")}]/`);
    return expand(hostname.slice(1, -1)).slice(0, 4).join(":");
  } catch {
    return host.slice(0, 64);
  }
}

function expand(address: string): string[] {
  const [left = "", right] = address.split("::");
  const before = left.split(":").filter((group) => group !== "");
  if (right === undefined) return before;
  const after = right.split(":").filter((group) => group !== "");
  const zeros = Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill("0"), ...after];
}
