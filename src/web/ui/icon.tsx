/**
 * Icons.
 *
 * @module
 */

import type { JSX } from "preact";

/** The icons as paths in a square of 16. */
const PATHS = {
  folder: "M1.8 4.2v8.3h12.4V5.4H7.6L6.2 3.5H1.8z",
  run:
    "M6 1.8h4M6.8 1.8v4.4L2.6 13.4c-.3.6 0 .9.6.9h9.6c.6 0 .9-.3.6-.9L9.2 6.2V1.8M4.6 10h6.8",
  artifact: "M8 1.8 13.6 5v6L8 14.2 2.4 11V5zM2.4 5 8 8.2 13.6 5M8 8.2v6",
  other: "M3 1.8h6.5L13 5.3v8.9H3zM9.4 1.8v3.6H13",
  shortcut: "M6 3H3v10h10v-3M9 3h4v4M13 3 7.4 8.6",
  right: "m6 3.5 4.5 4.5L6 12.5",
  down: "m3.5 6 4.5 4.5L12.5 6",
  more: "M8 3.2v.1M8 8v.1M8 12.8v.1",
  plus: "M8 3v10M3 8h10",
  close: "m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4",
  check: "m3 8.4 3.4 3.4L13 5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  download: "M8 2v8m-3.4-3.2L8 10.2l3.4-3.4M2.5 13.5h11",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.4 10.4l3.4 3.4",
  columns: "M2.3 3h11.4v10H2.3zM6 3v10M10 3v10",
  filter: "M2.2 3h11.6L9.4 8.4v4.3L6.6 11V8.4z",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  sun:
    "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  moon: "M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7",
  language:
    "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M1.8 8h12.4M8 1.8c3.8 3.7 3.8 8.7 0 12.4-3.8-3.7-3.8-8.7 0-12.4",
  user:
    "M8 2.2a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M2.6 13.8c.5-3 2.6-4.3 5.4-4.3s4.9 1.3 5.4 4.3",
  share:
    "M12 1.8a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M4 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M12 10.6a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6M5.6 7.1l4.8-2.6M5.6 8.9l4.8 2.6",
  trash: "M2.5 4.2h11M6 4V2.3h4V4M4 4.2l.6 9.6h6.8l.6-9.6M6.7 7v4M9.3 7v4",
  edit: "m2.5 13.5.7-3L10.7 3l2.3 2.3-7.5 7.5z",
  move: "M2 8h9M8 4.8 11.2 8 8 11.2M13.8 3v10",
  undo: "M3 6.4h6.6a3.4 3.4 0 0 1 0 6.8H6M5.6 3.6 2.8 6.4l2.8 2.8",
  chart: "M2.2 2.2v11.6h11.6M4.6 10.6 7.2 7l2.4 2 3.6-5",
  compare: "M5 2v12M11 2v12M5 5h6M5 11h6",
  flow: "M2 3.5h4v3H2zM10 9.5h4v3h-4zM6 5h3.5v6H10",
  warn: "M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.1",
  sort: "M5 3v10m-2.6-2.6L5 13l2.6-2.6M11 13V3M8.4 5.6 11 3l2.6 2.6",
  expand: "M9.6 2.4h4v4M13.6 2.4 9.4 6.6M6.4 13.6h-4v-4M2.4 13.6l4.2-4.2",
  reset: "M13 8a5 5 0 1 1-1.6-3.7M13.2 2.2v3h-3",
  pin: "M6 2.2h4l-.5 4 2.5 2.6H4l2.5-2.6zM8 8.8v5",
  eye:
    "M1.6 8C3 5.2 5.2 3.8 8 3.8S13 5.2 14.4 8C13 10.8 10.8 12.2 8 12.2S3 10.8 1.6 8M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** Shows an icon; what it means stands beside it, or is the label of its button. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon-svg" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The icon of a type of node. */
export function iconOf(type: string): IconName {
  switch (type) {
    case "Folder":
      return "folder";
    case "Run":
    case "AutoTune":
      return "run";
    case "Artifact":
    case "Model":
    case "Dataset":
      return "artifact";
    case "Shortcut":
      return "shortcut";
    default:
      return "other";
  }
}
