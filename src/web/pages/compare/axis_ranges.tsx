/**
 * The ranges on axes as numbers, for the keyboard and for exact values.
 *
 * @module
 */

import type { JSX } from "preact";
import { COMPARE } from "../../text/compare.ts";
import type { Brush } from "./brush.ts";
import { cellText } from "./cells.ts";
import type { PlotAxis } from "./plot_axis.ts";

/** Shows the ranges. */
export function AxisRanges(
  { axes, onBrush }: {
    readonly axes: readonly PlotAxis[];
    readonly onBrush: (axis: string, brush: Brush | undefined) => void;
  },
): JSX.Element {
  return (
    <details class="ranges">
      <summary>{COMPARE.ranges()}</summary>
      <div class="ranges-list">
        {axes.map((axis) => (
          <fieldset key={axis.id}>
            <legend class="user-text">{axis.label}</legend>
            {axis.scale.kind === "category"
              ? <Categories axis={axis} onBrush={onBrush} />
              : <Numbers axis={axis} onBrush={onBrush} />}
          </fieldset>
        ))}
      </div>
    </details>
  );
}

interface AxisProps {
  readonly axis: PlotAxis;
  readonly onBrush: (axis: string, brush: Brush | undefined) => void;
}

function Numbers({ axis, onBrush }: AxisProps): JSX.Element {
  const { id, label: name, scale, brush } = axis;
  const { from, to } = brush !== undefined && !("categories" in brush)
    ? brush
    : { from: null, to: null };
  const [low, high] = scale.domain ?? [];
  const change = (end: "from" | "to", text: string): void => {
    const value = text.trim() === "" ? null : Number(text);
    if (value !== null && !Number.isFinite(value)) return;
    const next = { from, to, [end]: value };
    onBrush(id, next.from === null && next.to === null ? undefined : next);
  };
  return (
    <>
      <input
        class="input"
        type="number"
        step="any"
        aria-label={COMPARE.from({ name })}
        placeholder={low === undefined ? "" : cellText(low)}
        value={from ?? ""}
        onChange={(event) => change("from", event.currentTarget.value)}
      />
      <span aria-hidden="true">–</span>
      <input
        class="input"
        type="number"
        step="any"
        aria-label={COMPARE.to({ name })}
        placeholder={high === undefined ? "" : cellText(high)}
        value={to ?? ""}
        onChange={(event) => change("to", event.currentTarget.value)}
      />
    </>
  );
}

function Categories({ axis, onBrush }: AxisProps): JSX.Element {
  const { id, scale, brush } = axis;
  const all = scale.categories.filter((cell) => cell !== undefined);
  const chosen = brush !== undefined && "categories" in brush
    ? brush.categories
    : all;
  return (
    <>
      {all.map((cell) => {
        const isChosen = chosen.includes(cell);
        return (
          <label key={`${typeof cell} ${cell}`}>
            <input
              type="checkbox"
              checked={isChosen}
              onChange={() => {
                const next = all.filter((other) =>
                  other === cell ? !isChosen : chosen.includes(other)
                );
                onBrush(
                  id,
                  next.length === all.length ? undefined : { categories: next },
                );
              }}
            />
            <span class="cut user-text">{cellText(cell)}</span>
          </label>
        );
      })}
    </>
  );
}
