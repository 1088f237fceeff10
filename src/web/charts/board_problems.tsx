/**
 * What is wrong with the metrics files of runs.
 *
 * @module
 */

import type { JSX } from "preact";
import { CHARTS } from "../text/charts.ts";
import { Icon } from "../ui/icon.tsx";
import type { RunSeries } from "./catalogue.ts";
import type { ChartedRun } from "./charted_run.ts";

const MAX_SHOWN = 3;

/** Says which files are damaged, or end in a record that is cut off though nobody writes any more. */
export function BoardProblems(
  { runs, known }: {
    readonly runs: readonly ChartedRun[];
    readonly known: ReadonlyMap<string, RunSeries>;
  },
): JSX.Element | null {
  const texts = runs.flatMap(({ id, name, isLive }) =>
    (known.get(id)?.types ?? []).flatMap(({ type, isTorn, problem }) => {
      const values = { run: name, type };
      if (problem !== null) {
        const { line, message } = problem;
        return [
          line === undefined
            ? CHARTS.damaged({ ...values, message })
            : CHARTS.damagedAt({ ...values, message, line }),
        ];
      }
      return isTorn && !isLive ? [CHARTS.torn(values)] : [];
    })
  );
  if (texts.length === 0) return null;
  const left = texts.length - MAX_SHOWN;
  return (
    <div class="notice warn board-problems" role="status">
      <Icon name="warn" />
      <ul>
        {texts.slice(0, MAX_SHOWN).map((text) => (
          <li key={text} class="user-text">{text}</li>
        ))}
        {left > 0 && <li>{CHARTS.moreProblems({ n: left })}</li>}
      </ul>
    </div>
  );
}
