/**
 * How runs and artifacts come to be at home in notebooks without knowing how they look there: who knows that registers here.
 *
 * @module
 */

import type { MimeBundle, RunWatch, WatchOptions } from "./types.ts";

/** A run as far as it must be known to be drawn; the rest is read from its directory. */
export interface DrawnRun {
  /** The run directory. */
  readonly local: string;
}

/** A run and what it is called. */
export interface NamedRun extends DrawnRun {
  /** The run's name. */
  readonly name: string;
}

/** An artifact as far as it must be known to be drawn. */
export interface DrawnArtifact {
  /** The artifact's directory. */
  readonly local: string;
  /** The name. */
  readonly name: string;
  /** The labels. */
  readonly labels: readonly string[];
  /** The description. */
  readonly description: string;
  /** When it was made, RFC 3339. */
  readonly createdTimestamp: string;
  /** What it holds: files, and references to data elsewhere. */
  readonly objects: readonly (
    | { readonly path: string; readonly sizeBytes: number }
    | { readonly path: string; readonly uri: string }
  )[];
}

/** What {@linkcode Notebook.watch} watches. */
export interface WatchedRun extends NamedRun {
  /** The unique name. */
  readonly alternativeName: string;
  /** Takes what is to be awaited when the run ends; it must not reject. The answer takes it back. */
  readonly onOver: (settle: () => Promise<void>) => () => void;
}

/** What notebooks add to runs and artifacts. */
export interface Notebook {
  /**
   * Draws a run as it is now.
   *
   * @param run The run.
   * @returns The drawing, also of what is damaged.
   */
  drawRun(run: DrawnRun): Promise<MimeBundle>;
  /**
   * Draws an artifact as it is now.
   *
   * @param artifact The artifact.
   * @returns The drawing, also of what is damaged.
   */
  drawArtifact(artifact: DrawnArtifact): Promise<MimeBundle>;
  /**
   * Draws a run again and again.
   *
   * @param run The run.
   * @param options How often.
   * @returns Ends it.
   */
  watch(run: WatchedRun, options: WatchOptions): RunWatch;
  /**
   * Told of each run that is created.
   *
   * @param run The run.
   * @param others The other runs of this process that go on.
   */
  created(run: DrawnRun, others: readonly NamedRun[]): void;
}

let notebook: Notebook | undefined;

/**
 * Registers who knows notebooks.
 *
 * @param next Who does.
 */
export function setNotebook(next: Notebook): void {
  notebook = next;
}

/**
 * Who knows notebooks.
 *
 * @returns Who does.
 * @throws {Error} If nobody has registered.
 */
export function theNotebook(): Notebook {
  if (notebook === undefined) {
    throw new Error("Nobody has registered who knows notebooks");
  }
  return notebook;
}
