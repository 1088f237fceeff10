/**
 * The address under which a server is known.
 *
 * @module
 */

/**
 * Reads the address under which a server is known.
 *
 * @param text The address, up to where the protocol's paths begin.
 * @returns The address, or undefined if there is none.
 * @throws {RangeError} If it is no such address.
 */
export function parsePublicUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) &&
    url.username + url.password + url.search + url.hash === "" &&
    // It stands in the Path of cookies and in routes.
    /^[\w/.~-]*$/.test(url.pathname) && !url.pathname.includes("//");
  if (isPlain) return url;
  throw new RangeError(
    `Cannot use public address "${text}": it must be an address such as "https://lab.example.org/em", ` +
      "up to where /t9k begins, without a query, a user name or a password",
  );
}
