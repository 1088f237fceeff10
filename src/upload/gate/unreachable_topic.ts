/**
 * The kind of the warning that a server cannot be reached, which is given once.
 *
 * @param host The server's address.
 * @returns The kind, for a `Reporter`.
 */
export function unreachableTopic(host: string): string {
  return `unreachable ${host}`;
}
