/**
 * The points of a chart, for a component.
 *
 * @module
 */

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { ChartPoints, PointsHub, Want } from "./points_hub.ts";

/**
 * Fetches the points of a chart for as long as it is shown.
 *
 * @param hub Fetches.
 * @param id Names the chart.
 * @param want What it shows; undefined as long as that is not known.
 * @returns How they stand.
 */
export function usePoints(
  hub: PointsHub,
  id: string,
  want: Want | undefined,
): ChartPoints {
  const [, setTurn] = useState(0);
  const key = want && JSON.stringify(want);
  useLayoutEffect(() => {
    if (want === undefined) return;
    const onChange = (): void => setTurn((old) => old + 1);
    hub.show(id, want, onChange);
    onChange();
  }, [hub, id, key]);
  useEffect(() => () => hub.hide(id), [hub, id]);
  return want === undefined
    ? { curves: new Map(), isLoading: true, error: undefined }
    : hub.points(id, want.view.x);
}
