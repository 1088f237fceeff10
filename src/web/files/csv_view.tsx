/**
 * An object as a table.
 *
 * @module
 */

import type { JSX } from "preact";
import { readRange } from "../api/objects.ts";
import type { Node, ObjectRecord } from "../api/types.ts";
import { useQuery } from "../state/use_query.ts";
import { FILES } from "../text/files.ts";
import { Answer } from "../ui/small.tsx";
import { parseCsv } from "./csv.ts";
import { LongText } from "./long_text.tsx";

const READ_BYTES = 1024 * 1024;
const MAX_ROWS = 1000;
const MAX_COLUMNS = 100;

/** Shows the first rows of CSV; the very first one is its head. */
export function CsvView(
  { node, object }: { readonly node: Node; readonly object: ObjectRecord },
): JSX.Element {
  const { path, checksum, size_bytes } = object;
  const table = useQuery(`${node.id} ${path} ${checksum}`, async (abort) => {
    const range = { from: 0, to: READ_BYTES };
    const { bytes } = await readRange(node, path, range, abort);
    const isWhole = bytes.length >= size_bytes;
    const text = new TextDecoder().decode(bytes);
    const { rows, isCut } = parseCsv(text, {
      maxRows: MAX_ROWS + 1,
      ...(/\.tsv$/i.test(path) ? { separator: "\t" } : {}),
    });
    // The last row of a part may be cut.
    const whole = isWhole || isCut ? rows : rows.slice(0, -1);
    return { rows: whole, isCut: isCut || !isWhole };
  });
  return (
    <Answer query={table}>
      {({ rows, isCut }) => {
        const [head = [], ...body] = rows;
        const width = body.reduce(
          (most, row) => Math.max(most, row.length),
          head.length,
        );
        const columns = Array.from(
          { length: Math.min(width, MAX_COLUMNS) },
          (_, i) => i,
        );
        return (
          <div class="preview-body">
            {(isCut || width > MAX_COLUMNS) && (
              <p class="muted">
                {isCut && FILES.rowsCut({ n: body.length })}{" "}
                {width > MAX_COLUMNS && FILES.columnsCut({ n: MAX_COLUMNS })}
              </p>
            )}
            <div class="table-box" tabIndex={0}>
              <table class="plain-table csv">
                <thead>
                  <tr>
                    {columns.map((i) => (
                      <th key={i} scope="col">
                        <LongText text={head[i] ?? ""} max={80} />
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {body.map((row, i) => (
                    <tr key={i}>
                      {columns.map((i) => (
                        <td key={i}>
                          <LongText text={row[i] ?? ""} max={120} />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
        );
      }}
    </Answer>
  );
}
