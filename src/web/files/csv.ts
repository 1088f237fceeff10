/**
 * CSV, as RFC 4180 and spreadsheets have it.
 *
 * @module
 */

/** How much is read. */
export interface CsvOptions {
  /** What stands between cells. Default: whichever of `,`, `;` and tab is in the first line most often. */
  readonly separator?: string;
  readonly maxRows: number;
}

/**
 * Reads CSV.
 *
 * @param text The text; of one that is cut, the last row may be cut, too.
 * @param options How much of it.
 * @returns The rows, and whether there are more.
 */
export function parseCsv(
  text: string,
  options: CsvOptions,
): { readonly rows: readonly (readonly string[])[]; readonly isCut: boolean } {
  const { maxRows, separator = separatorOf(text) } = options;
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    if (rows.length >= maxRows) return { rows, isCut: true };
    const { cell, end } = text[at] === '"'
      ? readQuoted(text, at, separator)
      : readPlain(text, at, separator);
    row.push(cell);
    const after = text[end];
    at = end + (after === "\r" && text[end + 1] === "\n" ? 2 : 1);
    if (after !== separator) {
      rows.push(row);
      row = [];
    } else if (at >= text.length) row.push("");
  }
  if (row.length > 0) rows.push(row);
  return { rows, isCut: false };
}

interface Cell {
  readonly cell: string;
  /** Where what ends it stands. */
  readonly end: number;
}

function readPlain(text: string, at: number, separator: string): Cell {
  let end = at;
  while (end < text.length && !isEnd(text, end, separator)) end++;
  return { cell: text.slice(at, end), end };
}

/** What stands between a closing quotation mark and the next separator belongs to the cell, too. */
function readQuoted(text: string, at: number, separator: string): Cell {
  let cell = "";
  let from = at + 1;
  while (true) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return { cell: cell + text.slice(from), end: text.length };
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const rest = readPlain(text, quote + 1, separator);
      return { cell: cell + rest.cell, end: rest.end };
    }
    cell += '"';
    from = quote + 2;
  }
}

function isEnd(text: string, at: number, separator: string): boolean {
  const char = text[at];
  return char === separator || char === "\n" || char === "\r";
}

function separatorOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const line = text.slice(0, end < 0 ? 10_000 : end);
  const counts = [",", "\t", ";"].map((char) =>
    [char, line.split(char).length] as const
  );
  return counts.reduce((best, each) => each[1] > best[1] ? each : best)[0];
}
