/**
 * The colours of runs.
 *
 * @module
 */

/** Colours that are told apart on light and dark, also by those who see few colours; after the last, lightness varies. */
const HUES = [
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
];

/** The colour of the run at a place in a list. */
export function runColor(index: number): string {
  const hue = HUES[index % HUES.length] ?? "#3b78e7";
  const round = Math.floor(index / HUES.length) % 3;
  if (round === 0) return hue;
  const other = round === 1 ? "white" : "black";
  return mix(hue, other === "white" ? 255 : 0, 0.35);
}

function mix(hex: string, target: number, part: number): string {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `#${
    channels.map((value) =>
      Math.round(value + (target - value) * part).toString(16).padStart(2, "0")
    ).join("")
  }`;
}
