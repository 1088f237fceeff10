/**
 * Where a program runs: in the kernel of a notebook, or not.
 *
 * @module
 */

/** What Deno gives to a program in a kernel. */
export type Kernel = typeof Deno.jupyter;

/**
 * The kernel of the notebook that this program runs in.
 *
 * @returns The kernel; undefined elsewhere.
 */
export function kernel(): Kernel | undefined {
  if (isKnown) return known;
  try {
    // Elsewhere the very look at it throws.
    known = Deno.jupyter;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  isKnown = true;
  return known;
}

let isKnown = false;
let known: Kernel | undefined;
