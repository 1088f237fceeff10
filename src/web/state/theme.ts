/**
 * Light or dark.
 *
 * @module
 */

import { computed, signal } from "@preact/signals";
import { stored } from "./stored.ts";

/** What the user wants. */
export type Theme = "system" | "light" | "dark";

/** What the user wants. */
export const theme = stored<Theme>(
  "theme",
  "system",
  (value): value is Theme =>
    value === "system" || value === "light" || value === "dark",
);

const query = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(query.matches);
query.addEventListener("change", () => systemIsDark.value = query.matches);

/** Whether the page is dark now. Canvases have to be drawn anew when it changes. */
export const isDark = computed(() =>
  theme.value === "dark" || theme.value === "system" && systemIsDark.value
);
