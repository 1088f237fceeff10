/**
 * What is shown in notebooks.
 *
 * @module
 */

/** One thing in several forms, by their MIME types; a notebook shows the richest one that it can. */
export interface MimeBundle {
  /** The thing as text. */
  readonly "text/plain": string;
  /** The thing as HTML, without any script. */
  readonly "text/html"?: string;
}

/** Options of {@linkcode Run.watch}. */
export interface WatchOptions {
  /** The shortest time between two updates, in milliseconds, at least 100. Default: 1000. */
  readonly everyMs?: number;
}

/** A run that is being watched, as {@linkcode Run.watch} began it. */
export interface RunWatch extends AsyncDisposable {
  /**
   * Ends the watching. What is shown then is how the run is now.
   *
   * @returns Settles when that is shown.
   */
  stop(): Promise<void>;
}
