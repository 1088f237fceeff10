/** The colours of lines, the same as on the web pages: told apart on light and dark, also by those who see few colours. */
const COLORS = [
  "#3b78e7",
  "#e07a1f",
  "#2a9d63",
  "#d1495b",
  "#8e5bd0",
  "#0f9bb3",
  "#b08900",
  "#d65db1",
  "#6b8e23",
  "#8a6d5a",
] as const;

/**
 * The colour of a line.
 *
 * @param index Its place among the lines, from 0 on; after the last colour they begin again.
 * @returns The colour, such as `#3b78e7`.
 */
export function lineColor(index: number): string {
  return COLORS[index % COLORS.length] ?? COLORS[0];
}
