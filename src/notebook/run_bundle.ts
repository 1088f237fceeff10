/**
 * A run, drawn.
 *
 * @module
 */

import type { MimeBundle } from "../display/types.ts";
import { runCard } from "./run_card.ts";
import { runText } from "./run_text.ts";
import type { RunView } from "./run_view.ts";

/**
 * Draws a run in every form.
 *
 * @param view The run.
 * @returns The drawing.
 */
export function runBundle(view: RunView): MimeBundle {
  return { "text/plain": runText(view), "text/html": String(runCard(view)) };
}
