/**
 * Texts of any length that users wrote.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { RUN } from "../text/run.ts";
import { parseAnsi } from "./ansi.ts";

/** Shows a text; of one that is long, the beginning and a button for more. What would act on other text becomes visible. */
export function LongText(
  { text, max = 300 }: {
    readonly text: string;
    /** How many characters are shown at first. Default: 300. */
    readonly max?: number;
  },
): JSX.Element {
  const [shown, setShown] = useState(max);
  const left = text.length - shown;
  const begin = text.slice(0, shown).toWellFormed();
  return (
    <span class="user-text long-text">
      {begin.split("\n").map((line, i) => (
        <span key={i}>
          {i > 0 && <br />}
          {parseAnsi(line).map(({ text, looks }, i) =>
            looks === "" ? text : <span key={i} class={looks}>{text}</span>
          )}
        </span>
      ))}
      {left > 0 && (
        <button
          type="button"
          class="more-text"
          onClick={() => setShown(Math.max(shown * 4, 4000))}
        >
          {RUN.showMore({ size: left })}
        </button>
      )}
    </span>
  );
}
