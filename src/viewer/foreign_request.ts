/**
 * Requests that the pages of other sites send.
 *
 * @module
 */

import { Refusal } from "../server/refusal.ts";

/**
 * Finds out whether a page of another site may be behind a request. Such a page can reach a server on this machine, and if
 * its name is made to lead to this machine (DNS rebinding), the browser takes the server for that site and lets the page
 * read everything. But it cannot choose what the browser says of its name: an address in numbers, `localhost`, or the very
 * name that the server listens under is nobody else's.
 *
 * @param request The request.
 * @param hostname The address or name that the server was told to listen on.
 * @returns The refusal; undefined if there is nothing against the request.
 */
export function foreignRequest(
  request: Request,
  hostname: string,
): Refusal | undefined {
  const host = new URL(request.url).hostname;
  if (!isOwn(host, hostname.toLowerCase())) {
    return new Refusal(
      403,
      `this server is not known as "${host}": open it by its address in numbers or as localhost, or give it that name ` +
        "with --hostname",
    );
  }
  const site = request.headers.get("sec-fetch-site");
  const isOther = site === "cross-site" || site === "same-site";
  // Whoever follows a link is shown the page, which the other site cannot look into.
  if (isOther && request.headers.get("sec-fetch-mode") !== "navigate") {
    return new Refusal(403, "a page of another site sent this request");
  }
  return undefined;
}

function isOwn(host: string, hostname: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") ||
    host === hostname || host.startsWith("[") ||
    /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
