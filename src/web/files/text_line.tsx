/**
 * A line of a log or a text.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatBytes } from "../format/number.ts";
import { RUN } from "../text/run.ts";
import { markSpans, parseAnsi } from "./ansi.ts";
import { lastState, type Line, lineText } from "./lines.ts";

const FIRST_BYTES = 8 * 1024;
const MORE_BYTES = 128 * 1024;

/** A line, and how it is shown. */
export interface TextLineProps {
  readonly bytes: Uint8Array;
  readonly line: Line;
  /** What is marked, in lower case. */
  readonly wanted: string;
  /** The line's number, if it is shown. */
  readonly number?: number | undefined;
  /** Whether the line is the one that was looked for. */
  readonly isCurrent?: boolean;
  /** Whether it begins before what is at hand. */
  readonly isCut?: boolean;
}

/** Shows a line; of one that is very long, the beginning and a button for more. */
export function TextLine(props: TextLineProps): JSX.Element {
  const { bytes, line, wanted, number, isCurrent = false, isCut = false } =
    props;
  const [max, setMax] = useState(FIRST_BYTES);
  const { text, left } = lineText(bytes, lastState(bytes, line), max);
  const spans = markSpans(parseAnsi(text), wanted);
  return (
    <div class={`text-line ${isCurrent ? "current" : ""}`}>
      {number !== undefined && <span class="line-number">{number}</span>}
      <span class="line-text user-text">
        {isCut && <span class="muted" title={RUN.beforeLine()}>…</span>}
        {spans.map(({ text, looks }, i) =>
          looks === "" ? text : <span key={i} class={looks}>{text}</span>
        )}
        {left > 0 && (
          <button
            type="button"
            class="more-text"
            onClick={() => setMax(max === FIRST_BYTES ? MORE_BYTES : max * 2)}
          >
            {RUN.showMore({ size: formatBytes(left) })}
          </button>
        )}
        {text === "" && "\u200b"}
      </span>
    </div>
  );
}
