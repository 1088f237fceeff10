/**
 * Runs as lines through axes.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { nodeHref, route, setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Button } from "../../ui/button.tsx";
import { AxisRanges } from "./axis_ranges.tsx";
import { type Brush, isInBrush, readBrushes, writeBrushes } from "./brush.ts";
import { type Cell, cellText } from "./cells.ts";
import { ColorLegend } from "./color_legend.tsx";
import type { ComparedRun, Comparison } from "./comparison.ts";
import { writeView } from "./compare_view.ts";
import { ParallelPlot } from "./parallel_plot.tsx";
import { columnAxis, type PlotAxis } from "./plot_axis.ts";
import { colorRunsBy } from "./run_colors.ts";
import { scaleChoice } from "./scale_choice.ts";
import { useVariables, type Variables } from "./use_variables.ts";
import { VariableSelect } from "./variable_select.tsx";
import { guessMetric } from "./variables.ts";
import { Waiting } from "./waiting.tsx";

/** So many hyperparameters are axes before a person chooses. */
const FIRST_AXES = 6;
/** So many of the runs that match are listed. */
const MOST_LISTED = 60;

/** Shows runs as lines. */
export function ParallelTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { params } = route.value;
  const metrics = comparison.state.columns?.metrics ?? [];
  const goal = guessMetric(metrics)?.id;
  const color = params.has("color") ? params.get("color") ?? "" : goal ?? "";
  const chosen = params.getAll("axis");
  const variables = useVariables(comparison, [
    ...chosen,
    goal,
    color === RUN ? undefined : color || undefined,
  ]);
  if (variables === undefined) {
    return <Waiting state={comparison.state} />;
  }
  const axes = chosen.length > 0 ? chosen : [
    ...variables.hparams.slice(0, FIRST_AXES).map(({ id }) => id),
    ...goal === undefined ? [] : [goal],
  ];
  return (
    <Lines
      comparison={comparison}
      variables={variables}
      columns={axes.filter((id) => variables.find(id) !== undefined)}
      color={color}
    />
  );
}

/** Stands in the address where each run has its own colour. */
const RUN = "run";

function Lines(
  { comparison, variables, columns, color }: {
    readonly comparison: Comparison;
    readonly variables: Variables;
    readonly columns: readonly string[];
    readonly color: string;
  },
): JSX.Element {
  const { runs } = comparison;
  const texts = route.value.params.getAll("brush");
  const brushes = useMemo(() => readBrushes(texts), [texts.join("\n")]);
  const axes = columns.map((id): PlotAxis => ({
    ...columnAxis(variables, id),
    brush: brushes.get(id),
  }));
  const byRun = color === RUN || color === "";
  const { colors, scale } = colorRunsBy(
    runs,
    byRun ? "" : color,
    variables.read,
    scaleChoice(color),
  );
  const isMatch = runs.map((_, i) =>
    axes.every(({ brush, cells }) =>
      brush === undefined || isInBrush(brush, cells[i])
    )
  );
  const matching = runs.filter((_, i) => isMatch[i]);
  const [pointed, setPointed] = useState<string>();
  const setAxes = (axis: readonly string[]): void => {
    const kept = [...brushes].filter(([id]) => axis.includes(id));
    setParams({ axis, brush: writeBrushes(new Map(kept)) });
  };
  const setBrush = (id: string, brush: Brush | undefined): void => {
    const rest = [...brushes].filter(([other]) => other !== id);
    const next = brush === undefined ? rest : [...rest, [id, brush] as const];
    setParams({ brush: writeBrushes(new Map(next)) });
  };
  return (
    <>
      <div class="table-tools">
        <VariableSelect
          label={COMPARE.addAxis()}
          variables={variables}
          value=""
          none="–"
          filter={({ id }) => !columns.includes(id)}
          onChange={(id) => id !== "" && setAxes([...columns, id])}
        />
        <VariableSelect
          label={COMPARE.color()}
          variables={variables}
          value={byRun ? "" : color}
          none={COMPARE.byRun()}
          onChange={(id) => setParams({ color: id === "" ? RUN : id })}
        />
        {scale !== undefined && (
          <ColorLegend
            label={variables.find(color)?.label ?? color}
            scale={scale}
          />
        )}
      </div>
      {axes.length < 2 && <p class="muted">{COMPARE.fewAxes()}</p>}
      {axes.length > 0 && (
        <ParallelPlot
          runs={runs}
          axes={axes}
          colors={colors}
          isMatch={isMatch}
          pointed={pointed}
          onPoint={setPointed}
          onBrush={setBrush}
          onOrder={setAxes}
        />
      )}
      <p class="muted">{COMPARE.brushHint()}</p>
      <div class="table-tools">
        <strong class="numeric" role="status">
          {COMPARE.matching({ n: matching.length, total: runs.length })}
        </strong>
        {brushes.size > 0 && (
          <Button
            icon="close"
            onClick={() => setParams({ brush: [] })}
          >
            {COMPARE.clearRanges()}
          </Button>
        )}
        {matching.length > 0 && matching.length < runs.length && (
          <Button
            icon="eye"
            onClick={() => {
              const kept = new Set(matching.map(({ id }) => id));
              const { view } = comparison;
              const hidden = view.ids.filter((id) => !kept.has(id));
              setParams(writeView({ ...view, hidden: new Set(hidden) }));
            }}
          >
            {COMPARE.hideOthers()}
          </Button>
        )}
      </div>
      <Matches
        runs={matching}
        cells={byRun
          ? undefined
          : variables.read(color).filter((_, i) => isMatch[i])}
        pointed={pointed}
        onPoint={setPointed}
      />
      <AxisRanges axes={axes} onBrush={setBrush} />
    </>
  );
}

function Matches(
  { runs, cells, pointed, onPoint }: {
    readonly runs: readonly ComparedRun[];
    readonly cells: readonly Cell[] | undefined;
    readonly pointed: string | undefined;
    readonly onPoint: (id: string | undefined) => void;
  },
): JSX.Element {
  return (
    <ul class="matches">
      {runs.slice(0, MOST_LISTED).map((run, i) => (
        <li
          key={run.id}
          class={run.id === pointed ? "pointed" : ""}
          onPointerEnter={() => onPoint(run.id)}
          onPointerLeave={() => onPoint(undefined)}
        >
          <span class="dot" style={{ background: run.color }} />
          <a
            class="cut user-text"
            href={nodeHref(run.id)}
            onFocus={() => onPoint(run.id)}
            onBlur={() => onPoint(undefined)}
          >
            {run.label}
          </a>
          {cells && <span class="muted numeric">{cellText(cells[i])}</span>}
        </li>
      ))}
      {runs.length > MOST_LISTED && (
        <li class="muted">{COMPARE.more({ n: runs.length - MOST_LISTED })}</li>
      )}
    </ul>
  );
}
