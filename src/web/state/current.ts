/**
 * The node that is shown, as bar, tree and page know it.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { Node } from "../api/types.ts";

/** The node that is shown; undefined where there is none, or it is not known yet. */
export const current = signal<Node | undefined>(undefined);

/** Counts changes that were made here to the tree, so that whoever shows it asks again. */
export const treeVersion = signal(0);

/** Says that nodes were made, renamed, moved or deleted. */
export function treeChanged(): void {
  treeVersion.value++;
}
