/**
 * A document as a tree.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Document } from "../api/types.ts";
import { FILES } from "../text/files.ts";
import { RUN } from "../text/run.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { CopyButton } from "../ui/small.tsx";
import { LongText } from "./long_text.tsx";
import { valueAt, type ValueRow, valueRows } from "./value_rows.ts";

const PAGE_ROWS = 300;
const INDENT = 18;

const TYPES = {
  number: FILES.typeNumber,
  string: FILES.typeString,
  boolean: FILES.typeBoolean,
  null: FILES.typeNull,
  list: FILES.typeList,
  map: FILES.typeMap,
} as const;

/** Shows keys, values and types; what is in maps and lists opens and closes. */
export function ValueTree(
  { value, flat = [], search = "", isOpen = true }: {
    readonly value: unknown;
    /** The single values of the document, which know types that JSON does not. */
    readonly flat?: Document["flat"];
    readonly search?: string;
    /** Whether all is open at first. Default: yes. */
    readonly isOpen?: boolean;
  },
): JSX.Element {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [max, setMax] = useState(PAGE_ROWS);
  const types = useMemo(
    () => new Map(flat.map(({ path, type }) => [path, type])),
    [flat],
  );
  const { rows, isCut } = useMemo(
    () => valueRows(value, { types, toggled, isOpen, search, max }),
    [value, types, toggled, isOpen, search, max],
  );
  const toggle = (id: string): void => {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  };
  if (rows.length === 0 && search !== "") {
    return (
      <p class="muted user-text" role="status">
        {RUN.nothingFits({ text: search.slice(0, 100) })}
      </p>
    );
  }
  return (
    <div class="table-box">
      <table class="plain-table value-tree">
        <thead>
          <tr>
            <th scope="col">{FILES.key()}</th>
            <th scope="col">{FILES.value()}</th>
            <th scope="col">{FILES.type()}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              value={value}
              onToggle={() => toggle(row.id)}
            />
          ))}
        </tbody>
      </table>
      {isCut && (
        <Button onClick={() => setMax(max + 2 * PAGE_ROWS)}>
          {FILES.moreRows()}
        </Button>
      )}
    </div>
  );
}

function Row(
  { row, value, onToggle }: {
    readonly row: ValueRow;
    readonly value: unknown;
    readonly onToggle: () => void;
  },
): JSX.Element {
  const { key, depth, type, text, count, isOpen, id } = row;
  const isBranch = type === "list" || type === "map";
  const shownKey = key.length > 80 ? `${key.slice(0, 80)}…` : key;
  return (
    <tr class={`type-${type}`}>
      <th scope="row">
        <span
          class="tree-key"
          style={{ paddingInlineStart: `${depth * INDENT}px` }}
        >
          {isBranch && count > 0
            ? (
              <button
                type="button"
                class={`twist ${isOpen ? "open" : ""}`}
                aria-expanded={isOpen}
                aria-label={FILES.open({ key: shownKey })}
                onClick={onToggle}
              >
                <Icon name="right" />
              </button>
            )
            : <span class="twist" />}
          <LongText text={key} max={120} />
        </span>
      </th>
      <td>
        <span class="tree-value">
          {isBranch
            ? <span class="muted">{FILES.items({ n: count })}</span>
            : <Single type={type} text={text} />}
          <CopyButton
            text={isBranch ? JSON.stringify(valueAt(value, id), null, 2) : text}
          />
        </span>
      </td>
      <td class="muted">{TYPES[type]()}</td>
    </tr>
  );
}

/** A text stands between quotation marks: `"1e-3"` is no number. */
function Single(
  { type, text }: { readonly type: string; readonly text: string },
): JSX.Element {
  if (type !== "string") return <span class="mono numeric">{text}</span>;
  return (
    <span class="mono">
      <span class="muted" aria-hidden="true">"</span>
      <LongText text={text} />
      <span class="muted" aria-hidden="true">"</span>
    </span>
  );
}
