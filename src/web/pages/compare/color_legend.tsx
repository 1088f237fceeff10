/**
 * What colours mean.
 *
 * @module
 */

import type { JSX } from "preact";
import { runColor } from "../../charts/palette.ts";
import { formatNumber } from "../../format/number.ts";
import { COMPARE } from "../../text/compare.ts";
import { cellText } from "./cells.ts";
import { COLOR_GRADIENT } from "./color_scale.ts";
import type { Scale } from "./scale.ts";

const MOST = 12;

/** Shows which colour stands for which value. */
export function ColorLegend(
  { label, scale }: { readonly label: string; readonly scale: Scale },
): JSX.Element {
  const { domain, categories } = scale;
  return (
    <div class="color-legend">
      <span class="cut user-text muted">{label}</span>
      {domain === undefined
        ? (
          <>
            {categories.slice(0, MOST).map((cell, i) => (
              <span key={i} class="run-name">
                <span class="dot" style={{ background: runColor(i) }} />
                <span class="cut user-text">{cellText(cell)}</span>
              </span>
            ))}
            {categories.length > MOST && (
              <span class="muted">
                {COMPARE.more({ n: categories.length - MOST })}
              </span>
            )}
          </>
        )
        : (
          <>
            <span class="numeric">{formatNumber(domain[0])}</span>
            <span class="color-bar" style={{ background: COLOR_GRADIENT }} />
            <span class="numeric">{formatNumber(domain[1])}</span>
          </>
        )}
    </div>
  );
}
