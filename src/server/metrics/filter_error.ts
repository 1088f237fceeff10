/**
 * What is wrong with a filter.
 *
 * @module
 */

/** A filter cannot be read. */
export class FilterError extends SyntaxError {
  override name = "FilterError";
  /** Where in the text it goes wrong, from 0. */
  readonly at: number;

  /**
   * @param message What is wrong.
   * @param at Where in the text.
   */
  constructor(message: string, at: number) {
    super(`${message} at character ${at + 1}`);
    this.at = at;
  }
}
