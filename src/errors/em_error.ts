/** What kind of trouble an {@linkcode EmError} reports; stable across versions. */
export type EmErrorCode =
  | "config"
  | "permission"
  | "not-logged-in"
  | "authentication"
  | "connection"
  | "redirect"
  | "response"
  | "folder-not-found"
  | "node-exists"
  | "damaged"
  | "in-use"
  | "download"
  | "not-found"
  | "command";

/** The base of every error that this package throws for reasons outside the caller's code. */
export class EmError extends Error {
  /** The name of the class. */
  override name = "EmError";
  /** What kind of trouble this is; stable across versions. */
  readonly code: EmErrorCode;

  /**
   * Writes the sentence.
   *
   * @param code What kind of trouble this is.
   * @param message One sentence without a full stop.
   * @param options The standard error options; `cause` keeps the original error.
   */
  constructor(code: EmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
