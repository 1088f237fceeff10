/**
 * Fetches the points of the charts that are looked at: together where they can be asked for together, only what is missing, and
 * of what grows only what is new.
 *
 * @module
 */

import type { PointsQuery } from "../api/em.ts";
import type { Points, XAxis } from "../api/types.ts";
import { seriesKey } from "./catalogue.ts";
import { Curve } from "./curve.ts";
import {
  type MissingSeries,
  planRequests,
  type PointsPlan,
} from "./points_plan.ts";
import { isSameView, type View } from "./view.ts";

/** What a chart shows. */
export interface Want {
  /** Ids of runs. */
  readonly nodes: readonly string[];
  /** Metrics as `<type>/<name>`. */
  readonly metrics: readonly string[];
  readonly view: View;
}

/** How a chart's points stand. */
export interface ChartPoints {
  /** The curves by {@linkcode seriesKey}. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** Whether some are still waited for. */
  readonly isLoading: boolean;
  readonly error: Error | undefined;
}

/** What the hub is made of. */
export interface HubOptions {
  readonly read: (query: PointsQuery, abort: AbortSignal) => Promise<Points>;
  /** Whether nobody looks at the page. */
  readonly isHidden: () => boolean;
  /** How long between two questions for what is new. Default: 1000. */
  readonly liveMs?: number;
  /** How long charts that appear together are waited for. Default: 20. */
  readonly gatherMs?: number;
}

interface Held {
  readonly curve: Curve;
  cursor: string;
}

interface Chart {
  want: Want;
  readonly onChange: () => void;
  /** What is held of the view that is wanted. */
  held: Map<string, Held>;
  /** What is shown until that is there. */
  shown: Map<string, Curve>;
  error: Error | undefined;
}

/** As many questions at once leave connections for the rest of the page. */
const MAX_REQUESTS = 2;
/** How many buckets a point on the screen may become before they are thinned. */
const THIN_FACTOR = 4;
const MAX_LIVE_MS = 15_000;
/** How many buckets of charts out of sight are kept. */
const MAX_PARKED = 200_000;

/** The points of the charts that are looked at. */
export class PointsHub {
  readonly #options: Required<HubOptions>;
  readonly #charts = new Map<string, Chart>();
  /** Charts that are out of sight and may come back, the last one last. */
  readonly #parked = new Map<string, Chart>();
  /** Requests that are under way, and what they are for. */
  readonly #running = new Map<PointsPlan, AbortController>();
  /** Runs that have something new, with the metric types of it. */
  readonly #grown = new Map<string, Set<string>>();
  #gather: ReturnType<typeof setTimeout> | undefined;
  #live: ReturnType<typeof setTimeout> | undefined;
  #liveAbort: AbortController | undefined;
  #liveMs: number;
  /** How many questions the last turn took: the next waits for as many times as long. */
  #turns = 1;

  /** @param options What it is made of. */
  constructor(options: HubOptions) {
    this.#options = { liveMs: 1000, gatherMs: 20, ...options };
    this.#liveMs = this.#options.liveMs;
  }

  /** A chart is looked at, or shows something else than before. */
  show(id: string, want: Want, onChange: () => void): void {
    const old = this.#charts.get(id) ?? this.#parked.get(id);
    if (old === undefined) {
      const none = { held: new Map(), shown: new Map(), error: undefined };
      this.#charts.set(id, { want, onChange, ...none });
    } else {
      const wasParked = this.#parked.delete(id);
      const isSameAxis = old.want.view.x === want.view.x;
      if (!isSameView(old.want.view, want.view)) {
        if (old.held.size > 0) old.shown = curvesOf(old.held);
        if (!isSameAxis) old.shown = new Map();
        old.held = new Map();
      }
      this.#charts.set(id, { ...old, want, onChange, error: undefined });
      // While nobody looked, nothing new was asked for.
      const missed = want.nodes.filter((node) =>
        wasParked || !old.want.nodes.includes(node)
      );
      if (old.held.size > 0) missed.forEach((node) => this.grew(node));
    }
    this.#plan();
  }

  /** A chart is not looked at any more. */
  hide(id: string): void {
    const chart = this.#charts.get(id);
    if (chart === undefined) return;
    this.#charts.delete(id);
    this.#dropOvertaken();
    this.#parked.set(id, { ...chart, shown: new Map() });
    let left = MAX_PARKED;
    for (const [key, { held }] of [...this.#parked].reverse()) {
      for (const { curve } of held.values()) left -= curve.length;
      if (left < 0) this.#parked.delete(key);
    }
  }

  /** How a chart's points stand on an axis. While a part is loaded at its resolution, what is known of it is shown. */
  points(id: string, x: XAxis): ChartPoints {
    const chart = this.#charts.get(id);
    if (chart === undefined || chart.want.view.x !== x) {
      return { curves: new Map(), isLoading: true, error: undefined };
    }
    const isLoading = missingOf(chart).length > 0;
    const curves = isLoading
      ? new Map([...chart.shown, ...curvesOf(chart.held)])
      : curvesOf(chart.held);
    return { curves, isLoading, error: chart.error };
  }

  /** A run has grown. */
  grew(node: string, type?: string): void {
    const types = this.#grown.get(node) ?? new Set();
    this.#grown.set(node, types.add(type ?? "*"));
    this.#planLive();
  }

  /** Asks anew what was not answered. */
  retry(): void {
    for (const chart of this.#charts.values()) chart.error = undefined;
    this.#plan();
  }

  /** Somebody looks again at the page. */
  wake(): void {
    this.#planLive();
  }

  /** Ends all questions. */
  close(): void {
    clearTimeout(this.#gather);
    clearTimeout(this.#live);
    this.#live = undefined;
    this.#liveAbort?.abort();
    this.#charts.clear();
    this.#parked.clear();
    this.#dropOvertaken();
  }

  #plan(): void {
    this.#dropOvertaken();
    this.#gather ??= setTimeout(() => {
      this.#gather = undefined;
      this.#start();
    }, this.#options.gatherMs);
  }

  /** Starts what is missing and not asked for yet. */
  #start(): void {
    const asked = new Set([...this.#running.keys()].flatMap(keysOf));
    const missing = [...this.#charts].flatMap(([id, chart]) =>
      chart.error === undefined
        ? missingOf(chart)
          .map((series) => ({ ...series, chart: id, view: chart.want.view }))
          .filter((part) => !asked.has(partKey(part)))
        : []
    );
    for (const plan of planRequests(missing)) {
      if (this.#running.size >= MAX_REQUESTS) return;
      void this.#run(plan);
    }
  }

  async #run(plan: PointsPlan): Promise<void> {
    const abort = new AbortController();
    this.#running.set(plan, abort);
    let error: Error | undefined;
    try {
      const answer = await this.#options.read(plan.query, abort.signal);
      if (!abort.signal.aborted) this.#take(plan.query, answer);
    } catch (reason) {
      error = reason instanceof Error ? reason : new Error(String(reason));
    }
    this.#running.delete(plan);
    if (abort.signal.aborted) return;
    for (const id of plan.charts) {
      const chart = this.#charts.get(id);
      if (chart === undefined) continue;
      if (error !== undefined && missingOf(chart).length > 0) {
        chart.error = error;
      }
      chart.onChange();
    }
    this.#start();
  }

  /** What nobody waits for any more is not worth the time. */
  #dropOvertaken(): void {
    for (const [plan, abort] of this.#running) {
      const isWanted = plan.charts.some((id) => {
        const chart = this.#charts.get(id);
        return chart !== undefined && isSameView(chart.want.view, plan.view);
      });
      if (isWanted) continue;
      abort.abort();
      this.#running.delete(plan);
    }
  }

  /** Gives an answer to every chart with that view that wants it. */
  #take(query: PointsQuery, answer: Points): Set<Chart> {
    const changed = new Set<Chart>();
    for (const chart of this.#charts.values()) {
      if (!isSameView(chart.want.view, query)) continue;
      const limit = chart.want.view.buckets * THIN_FACTOR;
      const metrics = new Set(chart.want.metrics);
      for (const [at, part] of answer.series.entries()) {
        const metric = `${part.type}/${part.name}`;
        if (!metrics.has(metric)) continue;
        const key = seriesKey(part.node, part.type, part.name);
        const held = chart.held.get(key) ?? { curve: new Curve(), cursor: "" };
        // Several charts may hold the same series at different states.
        if (!part.reset && held.cursor !== query.after?.[at]) continue;
        if (part.reset || part.inRange > 0) held.curve.take(part);
        if (held.curve.length > limit) held.curve.thin(limit >> 1);
        held.cursor = part.cursor;
        chart.held.set(key, held);
        changed.add(chart);
      }
    }
    return changed;
  }

  #planLive(): void {
    if (this.#grown.size === 0 || this.#live !== undefined) return;
    if (this.#options.isHidden()) return;
    this.#live = setTimeout(async () => {
      this.#turns = await this.#askNew();
      this.#live = undefined;
      this.#planLive();
    }, this.#liveMs * this.#turns);
  }

  /** Asks what is new of what is looked at, together where that is possible; answers how many questions that took. */
  async #askNew(): Promise<number> {
    const grown = new Map(this.#grown);
    this.#grown.clear();
    const plans = planRequests(
      [...this.#charts].flatMap(([id, chart]) => grownOf(id, chart, grown)),
      { maxBuckets: Infinity },
    );
    const abort = this.#liveAbort = new AbortController();
    try {
      for (const { query } of plans) {
        const after = query.node.flatMap((node) =>
          query.metric.map((metric) => this.#cursorOf(query, node, metric))
        );
        const whole = { ...query, after };
        const answer = await this.#options.read(whole, abort.signal);
        this.#take(whole, answer).forEach(({ onChange }) => onChange());
      }
      this.#liveMs = this.#options.liveMs;
    } catch {
      // The page says that the connection is lost; what was missed is asked for again, and less often.
      if (abort.signal.aborted) return 1;
      for (const [node, types] of grown) {
        this.#grown.set(node, types.union(this.#grown.get(node) ?? new Set()));
      }
      this.#liveMs = Math.min(MAX_LIVE_MS, this.#liveMs * 2);
    }
    return Math.max(1, plans.length);
  }

  #cursorOf(query: PointsQuery, node: string, metric: string): string {
    for (const { want, held } of this.#charts.values()) {
      const series = held.get(`${node}\0${metric}`);
      if (series && isSameView(want.view, query)) return series.cursor;
    }
    return "";
  }
}

/** What of a chart has grown, as far as it is held. */
function grownOf(
  id: string,
  { want, held }: Chart,
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

function missingOf(
  { want, held }: Chart,
): { readonly node: string; readonly metric: string }[] {
  return want.nodes.flatMap((node) =>
    want.metrics.filter((metric) => !held.has(`${node}\0${metric}`))
      .map((metric) => ({ node, metric }))
  );
}

function curvesOf(held: ReadonlyMap<string, Held>): Map<string, Curve> {
  return new Map([...held].map(([key, { curve }]) => [key, curve]));
}

function keysOf({ query, view }: PointsPlan): string[] {
  return query.node.flatMap((node) =>
    query.metric.map((metric) => partKey({ node, metric, view }))
  );
}

function partKey(
  { node, metric, view }: {
    readonly node: string;
    readonly metric: string;
    readonly view: View;
  },
): string {
  return `${node}\0${metric}\0${JSON.stringify(view)}`;
}
