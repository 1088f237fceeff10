import { PermissionError } from "../errors.ts";
import { API_KEY_PATTERN } from "./protocol.ts";

/**
 * Checks a server's address and brings it into the form that everything else expects.
 *
 * @param host The address, such as `https://t9k.example.com/t9k/aistore/server`.
 * @returns The address without trailing slashes.
 * @throws {TypeError} If it is not an `http:` or `https:` address with a host name and without a query.
 */
export function normalizeHost(host: string): string {
  const url = typeof host === "string" ? URL.parse(host) : null;
  const usable = url !== null && /^https?:$/.test(url.protocol) &&
    url.hostname !== "" && url.search === "" && url.hash === "" &&
    url.username === "" && url.password === "";
  if (!usable) {
    throw new TypeError(
      `Cannot use host "${
        withoutSecrets(host)
      }": it must be an address such as ` +
        `"https://t9k.example.com/t9k/aistore/server", without a query, a user name or a password`,
    );
  }
  return host.trim().replace(/\/+$/, "");
}

/**
 * Checks the form of an API key.
 *
 * @param apiKey The key.
 * @returns The key.
 * @throws {TypeError} If it has another form; the message does not contain the key.
 */
export function checkApiKey(apiKey: string): string {
  if (typeof apiKey !== "string" || !API_KEY_PATTERN.test(apiKey)) {
    throw new TypeError(
      `Cannot use the API key: it must be a UUID in lower-case hexadecimal digits, ` +
        `such as "00000000-0000-0000-0000-000000000000"`,
    );
  }
  return apiKey;
}

/**
 * Checks, without ever prompting, that this process may open connections to a server.
 *
 * @param host The server's address.
 * @throws {PermissionError} If it may not; the message names the flag.
 */
export function requireNetPermission(host: string): void {
  const query = { name: "net", host: hostAndPort(host) } as const;
  if (Deno.permissions.querySync(query).state !== "granted") {
    throw netPermissionError(host);
  }
}

/**
 * Makes the error for a server that this process may not reach.
 *
 * @param host The server's address.
 * @returns The error, which names the flag.
 */
export function netPermissionError(host: string): PermissionError {
  return new PermissionError(
    `reach AIStore server "${host}"`,
    `--allow-net=${hostAndPort(host)}`,
  );
}

function hostAndPort(host: string): string {
  const { hostname, port, protocol } = new URL(host);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** What of a rejected address may stand in a message: no query, no user name, no password. */
function withoutSecrets(host: unknown): string {
  return String(host).replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//");
}
