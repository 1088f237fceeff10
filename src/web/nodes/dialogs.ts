/**
 * The dialog that is open about nodes. It belongs to the page as a whole: the row that it was opened from may be gone.
 *
 * @module
 */

import { signal } from "@preact/signals";
import type { Node } from "../api/types.ts";

/** A dialog about nodes. */
export type NodeDialog =
  | { readonly kind: "newFolder"; readonly parent: Node }
  | { readonly kind: "rename"; readonly node: Node }
  | { readonly kind: "description"; readonly node: Node }
  | { readonly kind: "share"; readonly node: Node }
  | { readonly kind: "shortcut"; readonly node: Node }
  | { readonly kind: "labels"; readonly nodes: readonly Node[] }
  | { readonly kind: "move"; readonly nodes: readonly Node[] };

/** The dialog that is open. */
export const nodeDialog = signal<NodeDialog | undefined>(undefined);

/** Opens a dialog. */
export function openDialog(dialog: NodeDialog): void {
  nodeDialog.value = dialog;
}

/** Closes the dialog that is open. */
export function closeDialog(): void {
  nodeDialog.value = undefined;
}
