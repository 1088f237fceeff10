/**
 * Runs as points between two axes.
 *
 * @module
 */

import type { JSX } from "preact";
import { route, setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Button } from "../../ui/button.tsx";
import { cellText, toNumber } from "./cells.ts";
import { ColorLegend } from "./color_legend.tsx";
import type { Comparison } from "./comparison.ts";
import { CorrelationList } from "./correlation_list.tsx";
import { columnAxis } from "./plot_axis.ts";
import { colorRunsBy } from "./run_colors.ts";
import type { Scale } from "./scale.ts";
import { chooseScale, scaleChoice } from "./scale_choice.ts";
import { ScatterPlot } from "./scatter_plot.tsx";
import { useVariables, type Variables } from "./use_variables.ts";
import { VariableSelect } from "./variable_select.tsx";
import { guessMetric } from "./variables.ts";
import { Waiting } from "./waiting.tsx";

/** Runs without a place are named, up to so many. */
const MOST_NAMED = 10;

/** Shows runs as points. */
export function ScatterTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { params } = route.value;
  const goal = guessMetric(comparison.state.columns?.metrics ?? [])?.id;
  const y = params.get("y") ?? goal ?? "duration";
  const color = params.get("color") ?? "";
  const variables = useVariables(comparison, [
    params.get("x") ?? undefined,
    y,
    color === "run" ? undefined : color || undefined,
  ]);
  const x = params.get("x") ?? firstNumeric(variables) ?? "duration";
  if (variables === undefined) {
    return <Waiting state={comparison.state} />;
  }
  return (
    <Points
      comparison={comparison}
      variables={variables}
      x={x}
      y={y}
      color={color === "run" ? "" : color}
    />
  );
}

/** Numbers say more across than categories. */
function firstNumeric(variables: Variables | undefined): string | undefined {
  const ids = variables?.hparams.map(({ id }) => id) ?? [];
  return ids.find((id) =>
    variables?.read(id).some((cell) => toNumber(cell) !== undefined)
  ) ?? ids[0];
}

function Points(
  { comparison, variables, x, y, color }: {
    readonly comparison: Comparison;
    readonly variables: Variables;
    readonly x: string;
    readonly y: string;
    readonly color: string;
  },
): JSX.Element {
  const { runs } = comparison;
  const across = columnAxis(variables, x);
  const up = columnAxis(variables, y);
  const { colors, scale } = colorRunsBy(
    runs,
    color,
    variables.read,
    scaleChoice(color),
  );
  const undrawn = runs.filter((_, i) =>
    across.scale.at(across.cells[i]) === undefined ||
    up.scale.at(up.cells[i]) === undefined
  );
  const isLog = across.scale.kind === "log" || up.scale.kind === "log";
  return (
    <>
      <div class="table-tools">
        <VariableSelect
          label={COMPARE.xAxis()}
          variables={variables}
          value={x}
          onChange={(id) => setParams({ x: id })}
        />
        <LogButton column={x} scale={across.scale} label={COMPARE.logX()} />
        <VariableSelect
          label={COMPARE.yAxis()}
          variables={variables}
          value={y}
          onChange={(id) => setParams({ y: id })}
        />
        <LogButton column={y} scale={up.scale} label={COMPARE.logY()} />
        <VariableSelect
          label={COMPARE.color()}
          variables={variables}
          value={color}
          none={COMPARE.byRun()}
          onChange={(id) => setParams({ color: id === "" ? "run" : id })}
        />
        {scale !== undefined && (
          <ColorLegend
            label={variables.find(color)?.label ?? color}
            scale={scale}
          />
        )}
      </div>
      <div class="scatter-parts">
        <div>
          <ScatterPlot
            runs={runs}
            x={across}
            y={up}
            colors={colors}
            {...(color === "" ? {} : {
              third: {
                label: variables.find(color)?.label ?? color,
                texts: variables.read(color).map(cellText),
              },
            })}
          />
          {undrawn.length > 0 && (
            <p class="muted">
              <span class="user-text">
                {COMPARE.undrawn({
                  n: undrawn.length,
                  names: undrawn.slice(0, MOST_NAMED)
                    .map(({ label }) => label).join(", ") +
                    (undrawn.length > MOST_NAMED ? ", …" : ""),
                })}
              </span>
              {isLog && ` ${COMPARE.notPositive()}`}
            </p>
          )}
        </div>
        <CorrelationList variables={variables} metric={up.label} column={y} />
      </div>
    </>
  );
}

function LogButton(
  { column, scale, label }: {
    readonly column: string;
    readonly scale: Scale;
    readonly label: string;
  },
): JSX.Element {
  const isLog = scale.kind === "log";
  return (
    <Button
      pressed={isLog}
      disabled={!scale.canBeLog}
      onClick={() => chooseScale(column, isLog ? "linear" : "log")}
    >
      {label}
    </Button>
  );
}
