/**
 * The error of a directory that cannot be shown.
 *
 * @module
 */

import { EmError } from "../errors.ts";

/** There is nothing to show: no such directory, or none that holds runs or artifacts. */
export class ViewerError extends EmError {
  /** The class's name, for messages and logs. */
  override name = "ViewerError";
  /** The directory. */
  readonly dir: string;

  /**
   * Makes the error of a directory.
   *
   * @param dir The directory.
   * @param problem What is wrong and what to do, as the second half of a sentence.
   * @param options The standard error options.
   */
  constructor(dir: string, problem: string, options?: ErrorOptions) {
    super("not-found", `Cannot show "${dir}": ${problem}`, options);
    this.dir = dir;
  }
}
