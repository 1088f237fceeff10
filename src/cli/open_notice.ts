/** How a server can be reached. */
export interface Reach {
  /** The address that it listens on. */
  readonly hostname: string;
  /** The certificate's file, if it speaks TLS. */
  readonly tlsCert?: string;
  /** Whether it believes what proxies say. */
  readonly trustProxy?: boolean;
}

/**
 * What it means that a server listens on an address that other machines can reach.
 *
 * @param reach How it can be reached.
 * @param addresses This machine's addresses. Default: asks the system.
 * @returns A sentence for each thing to know; none if only this machine can reach it.
 */
export function openNotice(
  { hostname, tlsCert, trustProxy }: Reach,
  addresses: () => readonly string[] = ownAddresses,
): string[] {
  if (isLoopback(hostname)) return [];
  const where = placesOf(hostname, addresses);
  const lines = [
    `listening on ${hostname}: whoever can reach this machine${where} over the network can reach this server, and ` +
    "only an API key keeps them out",
  ];
  if (tlsCert === undefined) {
    lines.push(
      "this is plain HTTP: API keys and data can be read by everybody on the way, use --tls-cert and --tls-key, or " +
        "a reverse proxy with TLS in front of 127.0.0.1",
    );
  }
  if (trustProxy) {
    lines.push(
      "--trust-proxy believes the X-Forwarded-… headers of whoever connects: let nobody but the proxy through",
    );
  }
  return lines;
}

/**
 * What it means that a directory is shown on an address that other machines can reach.
 *
 * @param hostname The address.
 * @param addresses This machine's addresses. Default: asks the system.
 * @returns A sentence for each thing to know; none if only this machine can reach it.
 */
export function openViewNotice(
  hostname: string,
  addresses: () => readonly string[] = ownAddresses,
): string[] {
  if (isLoopback(hostname)) return [];
  const where = placesOf(hostname, addresses);
  return [
    `listening on ${hostname}: whoever can reach this machine${where} over the network can read all that is shown, ` +
    "without any key and in plain text on the way; ssh -L 5858:127.0.0.1:5858 shows it to you alone",
  ];
}

function placesOf(
  hostname: string,
  addresses: () => readonly string[],
): string {
  const isAny = hostname === "0.0.0.0" || hostname === "::";
  const own = isAny ? addresses() : [];
  return own.length > 0 ? ` (${own.join(", ")})` : "";
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The addresses by which other machines may reach this one; none if the system may not be asked. */
function ownAddresses(): string[] {
  const asked = { name: "sys", kind: "networkInterfaces" } as const;
  if (Deno.permissions.querySync(asked).state !== "granted") return [];
  return Deno.networkInterfaces()
    .filter(({ address, family }) => family === "IPv4" && !isLoopback(address))
    .map(({ address }) => address);
}
