import type { Command } from "commander";
import type { SeriesSummary } from "../reading/series.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { parseCount } from "./options.ts";
import { toJsonValue } from "./output/json_text.ts";
import { plotLines } from "./output/plot.ts";
import { type Colors, colorsOf, printJson } from "./output/print.ts";
import { safeText } from "../safe_text.ts";
import { fit } from "./output/table.ts";
import { numberText } from "./output/texts.ts";

interface PlotFlags {
  readonly host?: string;
  readonly with: readonly string[];
  readonly width?: number;
  readonly height: number;
  readonly logY?: true;
  readonly json?: true;
}

/** A curve of a run. */
interface Shown {
  readonly run: string;
  readonly series: SeriesSummary;
}

const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 16;

/** How many plots are drawn where no metric is named. */
const MOST_PLOTS = 4;

/** The characters of curves where there are no colours. */
const MARKS = "o+x*#@%&";

const COLORS = ["cyan", "yellow", "magenta", "green", "red", "blue"] as const;

/**
 * Adds `em plot`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addPlot(program: Command, io: CliIo): void {
  program.command("plot")
    .summary("draw metrics of runs")
    .description(
      "Draws metrics over their steps: those that are named in one plot; where none is, a plot for each name. Lowest and " +
        "highest values are always seen, however long the run is.",
    )
    .argument("<run>", "a directory, or a path on the server")
    .argument(
      "[metric...]",
      "such as train/loss, or loss for that of every type",
    )
    .option("--host <url>", "the server's address; the paths are on it")
    .option(
      "--with <run>",
      "also those of this run; can be repeated",
      (run: string, before: readonly string[]) => [...before, run],
      [],
    )
    .option(
      "--width <number>",
      "characters a line (default: the terminal's, else 80)",
      parseCount,
    )
    .option("--height <number>", "lines", parseCount, DEFAULT_HEIGHT)
    .option("--log-y", "lay values out by their logarithm")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em plot .em/runs/cnn_mnist_261123_082118_6fauz3
  em plot .em/runs/cnn_mnist_261123_082118_6fauz3 loss --log-y
  em plot cv/mnist/cnn_a val/accuracy --with cv/mnist/cnn_b --height 20`,
    )
    .action((run: string, metrics: string[], flags: PlotFlags) =>
      plot(run, { metrics, flags, io })
    );
}

interface PlotCall {
  readonly metrics: readonly string[];
  readonly flags: PlotFlags;
  readonly io: CliIo;
}

async function plot(
  first: string,
  { metrics, flags, io }: PlotCall,
): Promise<void> {
  const { openNode } = await import("../reading/open_node.ts");
  const { readSeries } = await import("../reading/series_summary.ts");
  const width = flags.width ?? io.terminal()?.columns ?? DEFAULT_WIDTH;
  const all: Shown[] = [];
  for (const path of [first, ...flags.with]) {
    const source = await openNode(path, flags);
    // Of these there are at least two for each character, which has two dots in a line.
    const { series } = await readSeries(source, { buckets: 4 * width });
    const run = source.alternativeName;
    all.push(...series.map((series) => ({ run, series })));
  }
  const groups = metrics.length > 0
    ? [wanted(all, metrics)]
    : [...Map.groupBy(all, ({ series }) => series.name).values()];
  if (all.length === 0) throw new CliFailure("there are no metrics to draw");
  if (flags.json) return printJson(io, toJson(groups.flat()));
  for (const [at, group] of groups.slice(0, MOST_PLOTS).entries()) {
    if (at > 0) io.stdout("\n");
    draw(group, { width, flags, io });
  }
  if (groups.length > MOST_PLOTS) {
    io.stderr(
      `em: ${
        groups.length - MOST_PLOTS
      } more metrics are not drawn; name them\n`,
    );
  }
}

/** The series that are named, in the order of the names. */
function wanted(all: readonly Shown[], metrics: readonly string[]): Shown[] {
  return metrics.flatMap((metric) => {
    const found = all.filter(({ series: { type, name } }) =>
      [name, `${type}/${name}`, `${type}.${name}`].includes(metric)
    );
    if (found.length > 0) return found;
    const known = new Set(
      all.map(({ series: { type, name } }) => `${type}/${name}`),
    );
    throw new CliFailure(
      safeText(`there is no metric "${metric}", only ${[...known].join(", ")}`),
    );
  });
}

function toJson(shown: readonly Shown[]): unknown {
  return toJsonValue(shown.map(({ run, series }) => ({ run, ...series })));
}

function draw(
  shown: readonly Shown[],
  { width, flags, io }: {
    readonly width: number;
    readonly flags: PlotFlags;
    readonly io: CliIo;
  },
): void {
  const colors = colorsOf(io);
  const hasColors = io.terminal()?.hasColors ?? false;
  const isBraille = hasColors || shown.length === 1;
  const paint = (character: string, at: number): string =>
    isBraille
      ? colorOf(colors, at)(character)
      : MARKS[at % MARKS.length] ?? character;
  const lines = plotLines({
    curves: shown.map(({ series }) => series.curve),
    width,
    height: flags.height,
    isLog: flags.logY ?? false,
    isBraille,
    paint,
  });
  const hasRuns = new Set(shown.map(({ run }) => run)).size > 1;
  const legend = shown.map(({ run, series }, at) => {
    const { type, name, last, min, max } = series;
    const range = min === null || max === null
      ? "no finite values"
      : `last ${numberText(last.value)}, from ${numberText(min.value)} to ${
        numberText(max.value)
      }`;
    const text = `${hasRuns ? `${run} ` : ""}${type}/${name}: ${range}${
      oddText(series)
    }`;
    return `${paint("⣿", at)} ${fit(safeText(text), width - 2)}`;
  });
  io.stdout(`${[...legend, ...lines].join("\n")}\n`);
  if (lines.length === 0) io.stderr("em: there is nothing to draw\n");
}

function colorOf(colors: Colors, at: number): (text: string) => string {
  return colors[COLORS[at % COLORS.length] ?? "cyan"];
}

function oddText({ nan, posInf, negInf }: SeriesSummary): string {
  const odd = nan + posInf + negInf;
  return odd === 0 ? "" : `; ${odd} not finite`;
}
