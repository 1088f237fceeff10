/**
 * The colours of the page, for canvases.
 *
 * @module
 */

import { isDark } from "../state/theme.ts";
import type { PlotColors } from "./plot_axes.ts";

const known = new Map<boolean, PlotColors>();

/** The colours as they are now. */
export function pageColors(): PlotColors {
  const theme = isDark.peek();
  const colors = known.get(theme);
  if (colors !== undefined) return colors;
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const found = {
    text: read("--muted"),
    strong: read("--text"),
    grid: read("--border"),
    surface: read("--surface"),
  };
  known.set(theme, found);
  return found;
}
