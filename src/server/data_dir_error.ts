/**
 * The error of a data folder that a server cannot use.
 *
 * @module
 */

import { EmError } from "../errors.ts";

/** The server's data folder cannot be used: another server has it, or a newer version wrote it. */
export class DataDirError extends EmError {
  /** The class's name, for messages and logs. */
  override name = "DataDirError";
  /** The data folder. */
  readonly dataDir: string;

  /**
   * Makes the error of a data folder.
   *
   * @param dataDir The data folder.
   * @param problem What is wrong and what to do, as the second half of a sentence.
   * @param options The standard error options.
   */
  constructor(dataDir: string, problem: string, options?: ErrorOptions) {
    super("config", `Cannot use data folder "${dataDir}": ${problem}`, options);
    this.dataDir = dataDir;
  }
}
