/**
 * Addresses as text: `#/folders/<node id>/<tab>?name=value`, as the protocol's clients print it without the tab.
 *
 * @module
 */

/** An address, taken apart. */
export interface Route {
  /** `folders`, `compare`, `shared`, `public`, `trash`, or `""`. */
  readonly page: string;
  /** The node's id; `""` where there is none. */
  readonly node: string;
  /** The part of the page; `""` is its first. */
  readonly tab: string;
  readonly params: URLSearchParams;
}

/** Takes an address apart. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const parts = path.split("/").map(decode);
  const params = new URLSearchParams(query);
  const [page = "", ...rest] = parts;
  if (page !== "folders") return { page, node: "", tab: rest[0] ?? "", params };
  return { page, node: rest[0] ?? "", tab: rest[1] ?? "", params };
}

/** Puts an address together. */
export function formatRoute(route: Route): string {
  const { page, node, tab, params } = route;
  const path = page === "folders"
    ? `folders/${encodeURIComponent(node)}/${tab}`
    : [page, tab].filter(Boolean).join("/");
  const query = params.toString();
  return `#/${path}${query === "" ? "" : `?${query}`}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
