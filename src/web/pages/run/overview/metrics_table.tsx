/**
 * The metrics of a run in numbers.
 *
 * @module
 */

import type { JSX } from "preact";
import { readPoints } from "../../../api/em.ts";
import type {
  Node,
  Point,
  Series,
  SeriesList,
  SeriesPoints,
  Value,
} from "../../../api/types.ts";
import { isSystemType } from "../../../charts/catalogue.ts";
import { readType } from "../../../charts/metric_type.ts";
import { LongText } from "../../../files/long_text.tsx";
import { formatNumber } from "../../../format/number.ts";
import { nodeHref } from "../../../state/route.ts";
import { type Query, useQuery } from "../../../state/use_query.ts";
import { RUN } from "../../../text/run.ts";
import { Answer } from "../../../ui/small.tsx";
import { useChanges } from "../../../state/use_changes.ts";
import { sparkPath } from "./spark_path.ts";

const SHOWN = 50;
const BUCKETS = 60;
const WIDTH = 80;
const HEIGHT = 24;
const MARGIN = 2;

/** Shows a row for each metric, with a small curve. */
export function MetricsTable(
  { node, query }: {
    readonly node: Node;
    readonly query: Query<SeriesList["runs"][number] | undefined>;
  },
): JSX.Element {
  const shown = rowsOf(query.data?.series ?? []);
  const names = shown.map(nameOf);
  const points = useQuery(
    names.length === 0 ? undefined : JSON.stringify([node.id, ...names]),
    (abort) =>
      readPoints(
        { node: [node.id], metric: names, x: "step", buckets: BUCKETS },
        abort,
      ),
  );
  useChanges(node.id, ["metrics"], points.reload);
  const curves = new Map(
    points.data?.series.map((each) => [nameOf(each), each]),
  );
  return (
    <section class="card">
      <h2 class="card-title">{RUN.metrics()}</h2>
      <Answer query={query}>
        {(run) => {
          const { series = [] } = run ?? {};
          if (series.length === 0) {
            return (
              <div class="empty">
                <h3>{RUN.noMetrics()}</h3>
                <p>{RUN.noMetricsHint()}</p>
              </div>
            );
          }
          return (
            <>
              <div
                class="table-box"
                role="region"
                aria-label={RUN.metrics()}
                tabIndex={0}
              >
                <Table
                  series={rowsOf(series)}
                  curves={curves}
                />
              </div>
              {series.length > rowsOf(series).length && (
                <p class="card-title">
                  <a href={nodeHref(node.id, "metrics")}>
                    {RUN.allMetrics({ n: series.length })}
                  </a>
                </p>
              )}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

/** How the machine was is told elsewhere, unless there is nothing else; what ranks recorded comes last. */
function rowsOf(series: readonly Series[]): readonly Series[] {
  const told = series.filter(({ type }) => !isSystemType(type));
  const isRanked = ({ type }: Series) => readType(type).rank !== undefined;
  return (told.length > 0 ? told : series)
    .toSorted((a, b) => Number(isRanked(a)) - Number(isRanked(b)))
    .slice(0, SHOWN);
}

function Table(
  { series, curves }: {
    readonly series: readonly Series[];
    readonly curves: ReadonlyMap<string, SeriesPoints>;
  },
): JSX.Element {
  return (
    <table class="data-table metrics-table">
      <thead>
        <tr>
          <th scope="col">{RUN.metric()}</th>
          <th scope="col">{RUN.curve()}</th>
          {[RUN.last, RUN.min, RUN.max, RUN.mean, RUN.count, RUN.odd].map(
            (text, i) => <th key={i} scope="col" class="right">{text()}</th>,
          )}
        </tr>
      </thead>
      <tbody>
        {series.map((each) => (
          <tr key={nameOf(each)}>
            <th scope="row">
              <span class="muted user-text">{each.type}/</span>
              <LongText text={each.name} max={80} />
            </th>
            <td>
              <Sparkline points={curves.get(nameOf(each))} />
            </td>
            <Cell point={each.last} isStrong />
            <Cell point={each.min} />
            <Cell point={each.max} />
            <td class="right numeric">{numberOf(each.mean)}</td>
            <td class="right numeric">{each.count}</td>
            <td class="right numeric">
              <Odd series={each} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell(
  { point, isStrong = false }: {
    readonly point: Point | null;
    readonly isStrong?: boolean;
  },
): JSX.Element {
  const step = point?.step;
  return (
    <td
      class={`right numeric ${isStrong ? "strong" : ""}`}
      {...(step === null || step === undefined
        ? {}
        : { title: RUN.atStep({ step }) })}
    >
      {numberOf(point?.value)}
    </td>
  );
}

function Odd({ series }: { readonly series: Series }): JSX.Element {
  const { nan, posInf, negInf } = series;
  if (nan + posInf + negInf === 0) return <span class="muted">–</span>;
  return (
    <span class="odd">
      {[[nan, "NaN"], [posInf, "∞"], [negInf, "−∞"]]
        .filter(([count]) => count !== 0)
        .map(([count, name]) => <span key={name}>{count} {name}</span>)}
    </span>
  );
}

function Sparkline(
  { points }: { readonly points: SeriesPoints | undefined },
): JSX.Element {
  const { line, dots } = points === undefined
    ? { line: "", dots: [] }
    : sparkPath(points, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN);
  return (
    <svg
      class="spark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`${-MARGIN} ${-MARGIN} ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
    >
      {line !== "" && <path d={line} />}
      {dots.map(({ x, y }) => <circle key={x} cx={x} cy={y} r="1.5" />)}
    </svg>
  );
}

function nameOf(
  { type, name }: { readonly type: string; readonly name: string },
): string {
  return `${type}/${name}`;
}

function numberOf(value: Value | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return formatNumber(Number(value));
}
