/**
 * Text that others wrote, for a terminal.
 *
 * @module
 */

/** Control characters, those that change the direction of text, and line separators. */
const UNSAFE =
  // deno-lint-ignore no-control-regex -- these are what it is about
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes visible what would disturb a terminal.
 *
 * @param text The text.
 * @returns The text on one line; a control character as `\x1b`, others as `\u202e`.
 */
export function safeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2
      ? `\\u${code.padStart(4, "0")}`
      : `\\x${code.padStart(2, "0")}`;
  });
}

/**
 * The same for a text of several lines, such as a log.
 *
 * @param text The text.
 * @returns The text with its line ends and tabs, and without anything else that would disturb a terminal.
 */
export function safeLines(text: string): string {
  return text.split("\n")
    .map((line) => line.replace(/\r$/, "").split("\t").map(safeText).join("\t"))
    .join("\n");
}
