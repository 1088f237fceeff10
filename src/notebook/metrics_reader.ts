import type { Rewind } from "../format/rewind.ts";
import { readAttempts, rewindOf } from "../reading/attempts.ts";
import type { MetricFile, NodeSource } from "../reading/node_source.ts";
import { FileFollower } from "../reading/file_tail.ts";
import { MetricStream } from "../reading/metric_stream.ts";
import type { SeriesSummary } from "../reading/series.ts";
import { overSteps, SeriesBuilders } from "../reading/series_summary.ts";

/** Into how many pieces curves are put at most: more than are drawn of the widest. */
const BUCKETS = 256;

/** The metrics of a run. */
export interface SeenMetrics {
  /** The metrics, in the order of their types and names. */
  readonly series: readonly SeriesSummary[];
  /** What is wrong with their files, a sentence each. */
  readonly problems: readonly string[];
}

/** Reads the metrics of a run, and then only what has come to them. */
export class MetricsReader {
  readonly #source: NodeSource;
  readonly #files = new Map<string, MetricFileReader>();

  /** @param source The run. */
  constructor(source: NodeSource) {
    this.#source = source;
  }

  /**
   * Looks again.
   *
   * @returns The metrics as they are now.
   */
  async look(): Promise<SeenMetrics> {
    const known = await this.#source.knownSeries({
      buckets: BUCKETS,
      x: "step",
    });
    if (known !== undefined) return { series: known, problems: [] };
    this.#source.refresh();
    const series: SeriesSummary[] = [];
    const problems: string[] = [];
    const { attempts } = await readAttempts(this.#source);
    for (const file of await this.#source.metricFiles()) {
      const rewind = await rewindOf(this.#source, attempts, file.key);
      let reader = this.#files.get(file.key);
      if (reader === undefined || !reader.goesOnWith(file, rewind)) {
        reader = new MetricFileReader(this.#source, file, rewind);
        this.#files.set(file.key, reader);
      }
      await reader.read();
      series.push(...reader.summaries());
      if (reader.problem !== undefined) {
        problems.push(`${file.key}: ${reader.problem}`);
      }
    }
    return { series, problems };
  }
}

class MetricFileReader {
  #readBytes = 0;
  readonly #replaced: string;
  readonly #builders: SeriesBuilders;
  readonly #stream: MetricStream;
  readonly #follower: FileFollower;

  constructor(
    source: NodeSource,
    { type, key }: MetricFile,
    rewind: Rewind,
  ) {
    this.#replaced = rewind.signature;
    this.#builders = new SeriesBuilders(type, {
      buckets: BUCKETS,
      place: overSteps,
      isByStep: true,
    });
    this.#stream = new MetricStream(
      (item) => this.#builders.add(item),
      rewind,
    );
    this.#follower = new FileFollower(source, {
      key,
      position: 0,
      take: (piece) => {
        this.#readBytes += piece.length;
        this.#stream.add(piece);
      },
    });
  }

  /** What has become shorter is another file than the one that was read; and a later attempt may replace what was read. */
  goesOnWith({ sizeBytes }: MetricFile, { signature }: Rewind): boolean {
    return sizeBytes >= this.#readBytes && signature === this.#replaced;
  }

  get problem(): string | undefined {
    return this.#stream.problem;
  }

  async read(): Promise<void> {
    await this.#follower.read();
    this.#stream.finish();
  }

  summaries(): SeriesSummary[] {
    return this.#builders.summaries();
  }
}
