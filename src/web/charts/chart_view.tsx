/**
 * The inside of a chart that can be seen: its points, drawn, with what there is to say about them.
 *
 * @module
 */

import type { JSX } from "preact";
import { useContext, useMemo, useRef } from "preact/hooks";
import { CHARTS } from "../text/charts.ts";
import { Failure } from "../ui/small.tsx";
import { type BoardContext, BoardScope } from "./board_context.ts";
import type { BoardParams } from "./board_params.ts";
import { isTableShown, zoomOf } from "./board_state.ts";
import { type ChartInfo, seriesKey } from "./catalogue.ts";
import { type ChartFiles, chartFiles } from "./chart_files.ts";
import { ChartLegend } from "./chart_legend.tsx";
import { buildModel, type ChartModel, lineLook } from "./chart_model.ts";
import { ChartNotes } from "./chart_notes.tsx";
import { ChartPlot } from "./chart_plot.tsx";
import { ChartTable, summaryText, type TableLine } from "./chart_table.tsx";
import type { Plot } from "./plot.ts";
import type { Want } from "./points_hub.ts";
import { unitOf } from "./unit.ts";
import { usePoints } from "./use_points.ts";
import { useWidth } from "./use_size.ts";
import { bucketsFor } from "./view.ts";

/** Which chart, and how. */
export interface ChartViewProps {
  /** Tells it from the same chart in another place. */
  readonly id: string;
  readonly info: ChartInfo;
  /** Of the plot, in pixels. */
  readonly height: number;
  readonly params: BoardParams;
  /** Where it leaves how it is saved. */
  readonly files: { current: ChartFiles | null };
}

/** What stands beside the plot. */
const AXIS_PX = 72;

/** Shows a chart. */
export function ChartView(props: ChartViewProps): JSX.Element | null {
  const context = useContext(BoardScope);
  return context === undefined ? null : <Inside {...props} context={context} />;
}

interface InsideProps extends ChartViewProps {
  readonly context: BoardContext;
}

function Inside(props: InsideProps): JSX.Element {
  const { id, info, context, height, params, files } = props;
  const { hub, isSingle } = context;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const width = useWidth(box);
  const zoom = zoomOf(info.id);
  const want = useMemo(
    () => wantOf(props, { width, from: zoom?.min, to: zoom?.max }),
    [context.runs, context.series, info, width, params.x, zoom?.min, zoom?.max],
  );
  const points = usePoints(hub, id, want);
  const model = buildModel({
    ...context,
    info,
    curves: points.curves,
    whole: points.whole,
    params,
    zoom,
  });
  const table = tableLines(props);
  files.current = chartFiles(() => ({
    info,
    model,
    plot: plot.current,
    isSingle,
    nodes: want?.nodes ?? [],
    metrics: want?.metrics ?? [],
  }));
  return (
    <>
      <div
        ref={box}
        class={`chart-box ${points.isLoading ? "loading" : ""}`}
        style={{ height: `${height}px` }}
        aria-busy={points.isLoading}
        data-lines={model.lines.length}
        data-points={model.lines.reduce((n, { curve }) => n + curve.points, 0)}
        data-buckets={model.lines.reduce((n, { curve }) => n + curve.length, 0)}
      >
        {width > 0 && !model.isEmpty && (
          <ChartPlot
            id={id}
            name={info.id}
            summary={summaryText(table)}
            model={model}
            width={width}
            height={height}
            isSingle={isSingle}
            plot={plot}
          />
        )}
        <State points={points} model={model} context={context} info={info} />
      </div>
      <ChartLegend model={model} isSingle={isSingle} />
      <ChartNotes model={model} />
      {isTableShown.value && <ChartTable lines={table} name={info.id} />}
    </>
  );
}

/** Says why nothing is drawn. */
function State(
  { points, model, context, info }: {
    readonly points: ReturnType<typeof usePoints>;
    readonly model: ChartModel;
    readonly context: BoardContext;
    readonly info: ChartInfo;
  },
): JSX.Element | null {
  const { isLoading, error } = points;
  if (error !== undefined) {
    return <Failure error={error} retry={() => context.hub.retry()} />;
  }
  if (!model.isEmpty) return null;
  if (context.runs.length === 0) {
    return <p class="empty">{CHARTS.allHidden()}</p>;
  }
  if (isLoading) return <div class="skeleton chart-skeleton" />;
  const isZoomed = zoomOf(info.id) !== undefined;
  return (
    <p class="empty">
      {isZoomed ? CHARTS.noPointsHere() : CHARTS.noPoints()}
    </p>
  );
}

function wantOf(
  { info, context, params }: InsideProps,
  { width, from, to }: {
    readonly width: number;
    readonly from: number | undefined;
    readonly to: number | undefined;
  },
): Want | undefined {
  if (width === 0) return undefined;
  const nodes = context.runs.map(({ id }) => id).filter((id) =>
    info.types.some((type) =>
      context.series.has(seriesKey(id, type, info.name))
    )
  );
  const lines = nodes.length * info.types.length;
  return {
    nodes,
    metrics: info.types.map((type) => `${type}/${info.name}`),
    view: {
      x: params.x,
      from,
      to,
      buckets: bucketsFor(width - AXIS_PX, lines),
    },
  };
}

function tableLines({ info, context }: InsideProps): TableLine[] {
  return context.runs.flatMap((run) =>
    info.types.flatMap((type) => {
      const series = context.series.get(seriesKey(run.id, type, info.name));
      if (series === undefined) return [];
      const look = lineLook({ ...context, info }, run, type);
      const label = context.isSingle ? type : `${run.name} · ${type}`;
      return [{ look, label, series, unit: unitOf(info.name) }];
    })
  );
}
