/**
 * What is known of a proxy before a server. `unknown`: the environment may not be read, while `fetch` goes by it all the
 * same.
 */
export type ProxyUse = "none" | "set" | "unknown";

const VARIABLES = {
  "http:": ["HTTP_PROXY", "http_proxy"],
  "https:": ["HTTPS_PROXY", "https_proxy"],
} as const;
const EVERY = ["ALL_PROXY", "all_proxy"] as const;
const EXCEPTIONS = ["NO_PROXY", "no_proxy"] as const;

/** Gives an environment variable's value, `""` if it is unset, `undefined` if it may not be read. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * Finds out whether `fetch` goes through a proxy to a server, from the variables that it goes by itself: `HTTP_PROXY`,
 * `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in capitals or not. Nothing is ever prompted for.
 *
 * @param url An address on the server.
 * @param read Reads the environment. Default: that of this process, as far as is permitted.
 * @returns What is known.
 */
export function proxyUse(
  url: URL,
  read: ReadVariable = readVariable,
): ProxyUse {
  const names = VARIABLES[url.protocol === "https:" ? "https:" : "http:"];
  const proxies = [...names, ...EVERY].map(read);
  if (proxies.some((proxy) => proxy !== undefined && proxy !== "")) {
    return isException(url.hostname, EXCEPTIONS.map(read)) ? "none" : "set";
  }
  return proxies.includes(undefined) ? "unknown" : "none";
}

/** Whether a host is among the exceptions: by its name, by a domain that it is in, or because all are. */
function isException(
  hostname: string,
  lists: readonly (string | undefined)[],
): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const exceptions = lists.flatMap((list = "") =>
    list.toLowerCase().split(/[\s,]+/)
  );
  return exceptions.some((exception) => {
    if (exception === "*") return true;
    const domain = exception.replace(/^\*?\./, "");
    return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
  });
}

function readVariable(variable: string): string | undefined {
  const query = { name: "env", variable } as const;
  return Deno.permissions.querySync(query).state === "granted"
    ? Deno.env.get(variable) ?? ""
    : undefined;
}
