/**
 * What the hub holds of a chart.
 *
 * @module
 */

import type { Curve } from "./curve.ts";
import type { MissingSeries, PointsPlan } from "./points_plan.ts";
import { isSameView, type View } from "./view.ts";

/** What a chart shows. */
export interface Want {
  /** Ids of runs. */
  readonly nodes: readonly string[];
  /** Metrics as `<type>/<name>`. */
  readonly metrics: readonly string[];
  readonly view: View;
}

/** A series that is held. */
export interface HeldSeries {
  readonly curve: Curve;
  /** Names the state that is held. */
  cursor: string;
}

/** What is held of a view, by series. */
export type Held = Map<string, HeldSeries>;

/** A chart. */
export interface HubChart {
  readonly want: Want;
  readonly onChange: () => void;
  /** What is held of the view that is wanted. */
  readonly held: Held;
  /** What is shown until that is there. */
  readonly shown: ReadonlyMap<string, Curve>;
  /** What is held of the whole axis while a part is looked at. */
  readonly whole: { readonly view: View; readonly held: Held } | undefined;
  error: Error | undefined;
}

/** A chart of which nothing is held. */
export function newChart(want: Want, onChange: () => void): HubChart {
  return {
    want,
    onChange,
    held: new Map(),
    shown: new Map(),
    whole: undefined,
    error: undefined,
  };
}

/** A chart that shows something else than before: what can still be used is kept. */
export function changedChart(
  old: HubChart,
  want: Want,
  onChange: () => void,
): HubChart {
  const chart = { ...old, want, onChange, error: undefined };
  const before = old.want.view;
  if (isSameView(before, want.view)) return chart;
  if (before.x !== want.view.x) return newChart(want, onChange);
  const whole = isWhole(before) && old.held.size > 0
    ? { view: before, held: old.held }
    : old.whole;
  const isBack = whole !== undefined && isSameView(whole.view, want.view);
  return {
    ...chart,
    whole: isBack ? undefined : whole,
    held: isBack ? whole.held : new Map(),
    shown: old.held.size > 0 ? curvesOf(old.held) : old.shown,
  };
}

function isWhole({ from, to }: View): boolean {
  return from === undefined && to === undefined;
}

/** What of a chart has grown, as far as it is held. */
export function grownOf(
  id: string,
  { want, held }: HubChart,
  grown: ReadonlyMap<string, ReadonlySet<string>>,
): MissingSeries[] {
  return want.nodes.flatMap((node) => {
    const types = grown.get(node);
    if (types === undefined) return [];
    return want.metrics.filter((metric) =>
      held.has(`${node}\0${metric}`) &&
      (types.has("*") || types.has(metric.slice(0, metric.indexOf("/"))))
    ).map((metric) => ({ chart: id, node, metric, view: want.view }));
  });
}

/** What a chart wants and does not have. */
export function missingOf(
  { want, held }: HubChart,
): { readonly node: string; readonly metric: string }[] {
  return want.nodes.flatMap((node) =>
    want.metrics.filter((metric) => !held.has(`${node}\0${metric}`))
      .map((metric) => ({ node, metric }))
  );
}

/** The curves of what is held. */
export function curvesOf(
  held: ReadonlyMap<string, HeldSeries>,
): Map<string, Curve> {
  return new Map([...held].map(([key, { curve }]) => [key, curve]));
}

/** What a question asks for, by {@linkcode partKey}. */
export function keysOf({ query, view }: PointsPlan): string[] {
  return query.node.flatMap((node) =>
    query.metric.map((metric) => partKey({ node, metric, view }))
  );
}

/** Names a series in a view. */
export function partKey(
  { node, metric, view }: {
    readonly node: string;
    readonly metric: string;
    readonly view: View;
  },
): string {
  return `${node}\0${metric}\0${JSON.stringify(view)}`;
}
