/** An AIStore server's address in the two parts that the t9k config file keeps. */
export interface SplitHost {
  /** Scheme, host name and port; the context's `server`. */
  readonly server: string;
  /** The path, which may be empty; the context's `prefixes.aistore`. */
  readonly prefix: string;
}

/**
 * Splits a server's address so that both parts put together are the address again.
 *
 * @param host The address, such as `https://t9k.example.com/t9k/aistore/server`.
 * @returns Its parts, such as `https://t9k.example.com` and `/t9k/aistore/server`.
 */
export function splitHost(host: string): SplitHost {
  const [server = host] = /^[a-z]+:\/\/[^/]*/i.exec(host) ?? [];
  return { server, prefix: host.slice(server.length) };
}

/**
 * Guesses where the platform serves Asset Hub, next to AIStore.
 *
 * @param aistorePrefix The path of AIStore.
 * @returns The path of Asset Hub.
 */
export function assetHubPrefix(aistorePrefix: string): string {
  const own = "/aistore/server";
  return aistorePrefix.endsWith(own)
    ? `${aistorePrefix.slice(0, -own.length)}/asset-hub/server`
    : "/t9k/asset-hub/server";
}
