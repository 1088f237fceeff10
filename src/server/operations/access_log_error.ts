/**
 * The error of an access log that cannot be written.
 *
 * @module
 */

import { EmError } from "../../errors.ts";

/** The file of the access log cannot be opened. */
export class AccessLogError extends EmError {
  /** The class's name, for messages and logs. */
  override name = "AccessLogError";
  /** The file. */
  readonly path: string;

  /**
   * Makes the error of a file.
   *
   * @param path The file.
   * @param cause What the system said.
   */
  constructor(path: string, cause: unknown) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    super("config", `Cannot write access log "${path}": ${problem}`, { cause });
    this.path = path;
  }
}
