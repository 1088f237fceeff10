/**
 * Clients on this machine.
 *
 * @module
 */

const FORWARDING = [
  "forwarded",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-real-ip",
];

/**
 * Whether a client is a program on this machine, and not a proxy that passes on what others send.
 *
 * @param headers The request's headers.
 * @param address The address that it comes from; of IPv6, the network or the whole.
 * @returns Whether it is.
 */
export function isLocal(
  headers: Headers,
  address: string | undefined,
): boolean {
  if (address === undefined) return false;
  // The first 64 bits of `::1`, which nobody else has.
  const isLoopback = /^127\.\d+\.\d+\.\d+$/.test(address) ||
    /^(?:::1|0:0:0:0)$/.test(address);
  return isLoopback && !FORWARDING.some((name) => headers.has(name));
}
