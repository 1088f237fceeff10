/**
 * Tables as texts for other programs.
 *
 * @module
 */

/** A table as texts: the first row is its head. */
export type TextTable = readonly (readonly string[])[];

/** A table as CSV (RFC 4180). */
export function toCsv(table: TextTable): string {
  return table.map((row) =>
    row.map((text) =>
      /[",\r\n]/.test(text) || text.trim() !== text
        ? `"${text.replaceAll('"', '""')}"`
        : text
    ).join(",")
  ).join("\r\n") + "\r\n";
}

/** A table as Markdown. */
export function toMarkdown(table: TextTable): string {
  const [head = [], ...rows] = table;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const escape = (text: string) =>
    text.replace(/[\\|`*_[\]<>]/g, "\\$&").replace(/\r\n|\r|\n/g, " ");
  return [
    line(head.map(escape)),
    line(head.map((_, i) => i === 0 ? "---" : "---:")),
    ...rows.map((row) => line(row.map(escape))),
  ].join("\n") + "\n";
}
