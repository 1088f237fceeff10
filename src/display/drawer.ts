/**
 * How runs and artifacts come to be drawn without knowing how they look: whoever knows that registers here.
 *
 * @module
 */

import type { MimeBundle, RunWatch, WatchOptions } from "./types.ts";

/** A run as far as it must be known to be drawn; the rest is read from its directory. */
export interface DrawnRun {
  /** The run directory. */
  readonly local: string;
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

/** What {@linkcode Drawer.watch} watches. */
export interface WatchedRun extends DrawnRun {
  /** The run's name. */
  readonly name: string;
  /** The unique name. */
  readonly alternativeName: string;
  /** Takes what is to be awaited when the run ends; it must not reject. The answer takes it back. */
  readonly onOver: (settle: () => Promise<void>) => () => void;
}

/** Draws runs and artifacts. */
export interface Drawer {
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
}

let drawer: Drawer | undefined;

/**
 * Registers the one who draws.
 *
 * @param next The drawer.
 */
export function drawWith(next: Drawer): void {
  drawer = next;
}

/**
 * The one who draws.
 *
 * @returns The drawer.
 * @throws {Error} If none has registered.
 */
export function theDrawer(): Drawer {
  if (drawer === undefined) throw new Error("Nobody has registered to draw");
  return drawer;
}
