/**
 * The error of an address that a server cannot listen on.
 *
 * @module
 */

import { EmError } from "../errors.ts";

/** The server cannot listen: the port is taken, or the address is not this machine's. */
export class ListenError extends EmError {
  /** The class's name, for messages and logs. */
  override name = "ListenError";
  /** Host and port. */
  readonly address: string;

  /**
   * Makes the error of an address.
   *
   * @param address Host and port.
   * @param cause What the system said.
   */
  constructor(address: string, cause: unknown) {
    const problem = cause instanceof Deno.errors.AddrInUse
      ? "the port is taken, stop its user or choose another port"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    super("config", `Cannot listen on "${address}": ${problem}`, { cause });
    this.address = address;
  }
}
