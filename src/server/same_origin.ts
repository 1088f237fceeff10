/**
 * Whether a page of another site made a browser send a request.
 *
 * @module
 */

import type { ClientInfo } from "./client_info.ts";

/** Where a request comes from: a page of this server, a page of another site, or no browser that says so. */
export type RequestOrigin = "same" | "other" | "unknown";

/**
 * Finds out which page made a browser send a request. Browsers set `Sec-Fetch-Site` where the connection is safe, and
 * `Origin` with everything but `GET` and `HEAD`; no page can change either. An origin is this server's if its host and
 * port are; the protocol is not compared, since a proxy may have ended TLS.
 *
 * @param headers The request's headers.
 * @param client The other end.
 * @returns Where it comes from.
 */
export function originOf(headers: Headers, client: ClientInfo): RequestOrigin {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" ? "same" : "other";
  const origin = headers.get("origin");
  if (origin === null) return "unknown";
  const host = URL.parse(origin)?.host;
  return host !== undefined && client.hosts.includes(host) ? "same" : "other";
}
