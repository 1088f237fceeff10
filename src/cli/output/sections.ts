import stringWidth from "string-width";
import type { CliIo } from "../io.ts";
import { colorsOf } from "./print.ts";
import { safeText } from "../../safe_text.ts";
import { fit } from "./table.ts";

/** A name and what is said under it. */
export type Fact = readonly [name: string, text: string];

/** The widest name that others are aligned with. */
const WIDEST_NAME = 32;

/**
 * Lays out facts, one a line, each cut to the terminal.
 *
 * @param io Where they are shown.
 * @param facts The facts; those without a text are left out.
 * @returns The lines.
 */
export function factLines(io: CliIo, facts: readonly Fact[]): string[] {
  const { dim } = colorsOf(io);
  const shown = facts.filter(([, text]) => text !== "")
    .map(([name, text]) => [safeText(name), safeText(text)] as const);
  const width = shown.reduce(
    (most, [name]) => Math.max(most, Math.min(WIDEST_NAME, stringWidth(name))),
    0,
  );
  const columns = io.terminal()?.columns ?? Infinity;
  return shown.map(([name, text]) => {
    const room = " ".repeat(Math.max(0, width - stringWidth(name)));
    const left = columns - Math.max(width, stringWidth(name)) - 4;
    return `  ${dim(name)}${room}  ${fit(text, Math.max(8, left))}`;
  });
}

/**
 * Prints a section with a head, unless it is empty.
 *
 * @param io Where to.
 * @param title The head.
 * @param lines The lines.
 */
export function printSection(
  io: CliIo,
  title: string,
  lines: readonly string[],
): void {
  if (lines.length === 0) return;
  io.stdout(`\n${colorsOf(io).bold(title)}\n${lines.join("\n")}\n`);
}
