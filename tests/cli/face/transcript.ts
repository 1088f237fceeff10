/**
 * Transcripts: what command lines print, in files that people read.
 *
 * @module
 */

import type { Outcome } from "../fake_io.ts";

/** A command line of a transcript. */
export interface TranscriptRow {
  /** Comments before it. */
  readonly comments: readonly string[];
  /** The line. */
  readonly line: string;
  /** What it did, as the transcript has it: lines with `|` for stdout, `!` for stderr and `=` for the exit code. */
  readonly shown: string;
}

/**
 * Reads a transcript.
 *
 * @param text The file.
 * @returns Its rows.
 */
export function parseTranscript(text: string): TranscriptRow[] {
  return text.split(/\n\n+/).filter((part) => part.trim() !== "").map(
    (part) => {
      const lines = part.trimEnd().split("\n");
      const at = lines.findIndex((line) => line.startsWith("$ "));
      if (at < 0) throw new Error(`No command line: ${part}`);
      return {
        comments: lines.slice(0, at),
        line: (lines[at] ?? "").slice(2),
        shown: lines.slice(at + 1).join("\n"),
      };
    },
  );
}

/**
 * Writes a transcript.
 *
 * @param rows Its rows.
 * @returns The file.
 */
export function formatTranscript(rows: readonly TranscriptRow[]): string {
  const parts = rows.map(({ comments, line, shown }) =>
    [...comments, `$ ${line}`, shown].join("\n")
  );
  return `${parts.join("\n\n")}\n`;
}

/**
 * Shows what a command line did.
 *
 * @param outcome What it did.
 * @param values What is known of the scene. Default: nothing is replaced.
 * @returns The lines.
 */
export function showOutcome(
  { code, stdout, stderr }: Outcome,
  values?: PlaceholderValues,
): string {
  const shown = (text: string) =>
    values === undefined ? text : withPlaceholders(text, values);
  return [
    ...marked("|", shown(stdout)),
    ...marked("!", shown(stderr)),
    `= ${code}`,
  ].join("\n");
}

function marked(mark: string, text: string): string[] {
  if (text === "") return [];
  const lines = text.replace(/\n$/, "").split("\n")
    .map((line) => `${mark} ${line}`.trimEnd());
  return text.endsWith("\n") ? lines : [...lines, `${mark}\\`];
}

/** What differs from one time to the next, and what stands for it in a transcript. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "$UUID"],
  [/(?<=_)\d{6}_\d{6}_[a-z0-9]{6}\b/g, "$ID"],
  [
    /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d| UTC)?/g,
    "$TIME",
  ],
  [/\b\d+(?:\.\d)? (?:bytes|B|kB|MB|GB)\b/g, "$SIZE"],
  [/("(?:\w*B|b)ytes": ?)\d+/g, "$1$SIZE"],
  [/("pid": ?)\d+/g, "$1$PID"],
  [/("durationMs": ?)\d+/g, "$1$MS"],
  [/\b\d+\.\d(?=s\b)/g, "$SECONDS"],
  [/^\d+\.\d+\.\d+$/gm, "$VERSION"],
  [/\b127\.0\.0\.1:\d+/g, "127.0.0.1:$PORT"],
];

/** What a placeholder names in a scene. */
export interface PlaceholderValues {
  /** The scene's directory. */
  readonly dir: string;
  /** The server's address. */
  readonly url: string;
  /** The key to it. */
  readonly apiKey: string;
  /** Names that are to be kept, although they look as if they were made up. */
  readonly kept: readonly string[];
}

/** Replaces what differs. How far columns are apart depends on that, so they are two spaces apart. */
function withPlaceholders(
  text: string,
  { dir, url, apiKey, kept }: PlaceholderValues,
): string {
  const { port, origin } = new URL(url);
  let shown = text.replaceAll(url, "$URL").replaceAll(origin, "$ORIGIN")
    .replaceAll(apiKey, "$KEY").replaceAll(dir, "$HOME")
    .replace(new RegExp(`\\bport ${port}\\b`, "g"), "port $PORT");
  for (const [at, name] of kept.entries()) {
    shown = shown.replaceAll(name, `\0${at}\0`);
  }
  for (const [pattern, stands] of PLACEHOLDERS) {
    shown = shown.replace(pattern, stands.replace(/\$(?!1)/g, "$$$$"));
  }
  for (const [at, name] of kept.entries()) {
    shown = shown.replaceAll(`\0${at}\0`, name);
  }
  return shown.replace(/(?<=\S) {2,}/g, "  ");
}
