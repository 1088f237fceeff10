/**
 * A run whose curves are shown.
 *
 * @module
 */

/** A run whose curves are shown. */
export interface ChartedRun {
  /** The node's id. */
  readonly id: string;
  readonly name: string;
  /** A colour of `palette.ts`. */
  readonly color: string;
  /** Whether it may still grow. */
  readonly isLive: boolean;
}
