/**
 * Tells whether two addresses lead to the same server, however they are spelt.
 *
 * @param host An address.
 * @param other Another one; what is no address leads nowhere.
 * @returns Whether they are the same.
 */
export function isSameHost(host: string, other: string | undefined): boolean {
  const [a, b] = [host, other ?? ""].map((address) =>
    URL.parse(address.trim().replace(/\/+$/, ""))?.href
  );
  return a !== undefined && a === b;
}
