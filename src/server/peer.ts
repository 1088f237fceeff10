/**
 * The other end of a connection.
 *
 * @module
 */

/** The other end of a connection. */
export interface Peer {
  /** Its IP address. */
  readonly remoteAddress: string;
  /** Settles when the answer was sent, or cannot be. */
  readonly completed?: Promise<void> | undefined;
}
