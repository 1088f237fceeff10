/**
 * Short messages at the edge of the page.
 *
 * @module
 */

import { signal } from "@preact/signals";

/** A message. */
export interface Toast {
  readonly id: number;
  readonly kind: "done" | "error";
  readonly text: string;
  /** Something that can be done about it, such as undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** The messages that are shown. */
export const toasts = signal<readonly Toast[]>([]);

const SHOWN_MS = 6000;
const SHOWN_WITH_ACTION_MS = 15_000;
let count = 0;

/** Shows a message. */
export function toast(
  kind: Toast["kind"],
  text: string,
  action?: Toast["action"],
): void {
  const id = ++count;
  toasts.value = [
    ...toasts.value,
    { id, kind, text, ...(action === undefined ? {} : { action }) },
  ];
  setTimeout(
    () => dismiss(id),
    action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS,
  );
}

/** Takes a message away. */
export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** Shows what went wrong. */
export function toastError(error: unknown): void {
  toast("error", error instanceof Error ? error.message : String(error));
}
