import { proxyUse } from "./proxy.ts";

/**
 * Which way the bodies take to a server that are sent as they are read: straight, or as everything else does, by `fetch`,
 * which goes through a proxy where one is set. Where the environment may not be read, a proxy is supposed when the straight
 * way leads to no connection.
 */
export class Way {
  #isStraightBlocked = false;

  /**
   * Tells which way to take.
   *
   * @param url The address.
   * @returns Whether to take the one by `fetch`.
   */
  isByFetch(url: URL): boolean {
    const proxy = proxyUse(url);
    return proxy === "set" || (proxy === "unknown" && this.#isStraightBlocked);
  }

  /**
   * Takes note that one way led to no answer: the next time the other one is tried, where nothing is known.
   *
   * @param isByFetch Which way it was.
   */
  blocked(isByFetch: boolean): void {
    this.#isStraightBlocked = !isByFetch;
  }
}

const ways = new Map<string, Way>();

/**
 * The way to a server.
 *
 * @param host The server's address.
 * @returns What everything in this thread knows of it.
 */
export function wayOf(host: string): Way {
  let way = ways.get(host);
  if (way === undefined) ways.set(host, way = new Way());
  return way;
}
