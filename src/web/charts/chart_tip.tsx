/**
 * What a chart says at the cursor.
 *
 * @module
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { XAxis } from "../api/types.ts";
import { CHARTS } from "../text/charts.ts";
import type { ChartLine } from "./line.ts";
import type { Chosen, Reading } from "./readings.ts";
import { formatX } from "./ticks.ts";
import { formatValue } from "./unit.ts";

/** What is said, and where. */
export interface TipProps {
  readonly chosen: Chosen;
  readonly axis: XAxis;
  readonly x: number;
  /** Of the values. */
  readonly unit: string;
  /** Whether the board has one run, whose name need not be said. */
  readonly isSingle: boolean;
  /** In pixels of the chart. */
  readonly left: number;
  readonly width: number;
}

/** How far from the cursor it is, in pixels. */
const GAP = 14;

/** Shows the values at the cursor, beside it, and within the chart where that is narrow. */
export function ChartTip(props: TipProps): JSX.Element {
  const { chosen, axis, x, unit, isSingle, left, width } = props;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current === null) return;
    const own = box.current.offsetWidth;
    const beside = left > width / 2 ? left - GAP - own : left + GAP;
    box.current.style.left = `${Math.max(0, Math.min(beside, width - own))}px`;
  });
  return (
    <div ref={box} class="chart-tip">
      <div class="chart-tip-x numeric">
        {CHARTS[axis]()} {formatX(x, axis)}
      </div>
      <table>
        <tbody>
          {chosen.shown.map((reading) => (
            <Row
              key={reading.line.key}
              reading={reading}
              unit={unit}
              isSingle={isSingle}
              isNearest={reading === chosen.nearest}
            />
          ))}
        </tbody>
      </table>
      {chosen.left > 0 && (
        <div class="muted">{CHARTS.andMore({ n: chosen.left })}</div>
      )}
    </div>
  );
}

function Row(
  { reading, unit, isSingle, isNearest }: {
    readonly reading: Reading;
    readonly unit: string;
    readonly isSingle: boolean;
    readonly isNearest: boolean;
  },
): JSX.Element {
  const { line } = reading;
  const bucket = line.curve.bucket(reading.row);
  const notes = [
    line.smoothed === undefined || Number.isNaN(bucket.mean)
      ? ""
      : CHARTS.raw({ value: formatValue(bucket.mean, unit) }),
    bucket.min < bucket.max
      ? CHARTS.range({
        min: formatValue(bucket.min, unit),
        max: formatValue(bucket.max, unit),
        n: bucket.count,
      })
      : "",
    oddText(bucket, bucket.count > 1),
  ].filter(Boolean);
  return (
    <tr class={isNearest ? "nearest" : ""}>
      <td>
        <Swatch line={line} />
      </td>
      <th scope="row">
        <span class="cut user-text">
          {isSingle ? line.type : `${line.run} · ${line.type}`}
        </span>
      </th>
      <td class="numeric">{valueText(reading, unit)}</td>
      <td class="numeric muted chart-tip-note">{notes.join(" · ")}</td>
    </tr>
  );
}

/** The value of a reading, for people; of a single odd value that value. */
export function valueText(
  { line, row, value }: Reading,
  unit: string,
): string {
  const { posInf, negInf } = line.curve.columns;
  if (!Number.isNaN(value)) return formatValue(value, unit);
  if ((posInf[row] as number) > 0) return "+∞";
  return (negInf[row] as number) > 0 ? "−∞" : "NaN";
}

/** What of some values is no finite number, such as `NaN ×3`. */
export function oddText(
  { nan, posInf, negInf }: {
    readonly nan: number;
    readonly posInf: number;
    readonly negInf: number;
  },
  isShown = true,
): string {
  if (!isShown) return "";
  return [
    nan > 0 ? `${CHARTS.nan()} ×${nan}` : "",
    posInf > 0 ? `${CHARTS.posInf()} ×${posInf}` : "",
    negInf > 0 ? `${CHARTS.negInf()} ×${negInf}` : "",
  ].filter(Boolean).join(" · ");
}

/** Shows how a line looks. */
export function Swatch(
  { line }: { readonly line: Pick<ChartLine, "color" | "dash"> },
): JSX.Element {
  return (
    <svg class="chart-swatch" viewBox="0 0 18 8" aria-hidden="true">
      <line
        x1="1"
        x2="17"
        y1="4"
        y2="4"
        stroke={line.color}
        stroke-width="2.4"
        {...(line.dash.length > 0
          ? { "stroke-dasharray": line.dash.join(" ") }
          : {})}
      />
    </svg>
  );
}
