import type { MetricFile, NodeSource } from "../reading/node_source.ts";
import { FileFollower } from "../reading/file_tail.ts";
import { MetricStream } from "../reading/metric_stream.ts";
import type { SeriesSummary } from "../reading/series.ts";
import { SeriesBuilders } from "../reading/series_summary.ts";

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
    const known = await this.#source.knownSeries(BUCKETS);
    if (known !== undefined) return { series: known, problems: [] };
    this.#source.refresh();
    const series: SeriesSummary[] = [];
    const problems: string[] = [];
    for (const file of await this.#source.metricFiles()) {
      let reader = this.#files.get(file.key);
      // What has become shorter is another file than the one that was read.
      if (reader === undefined || file.sizeBytes < reader.sizeBytes) {
        reader = new MetricFileReader(this.#source, file);
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
  /** How much was read. */
  sizeBytes = 0;
  readonly #builders: SeriesBuilders;
  readonly #stream: MetricStream;
  readonly #follower: FileFollower;

  constructor(source: NodeSource, { type, key }: MetricFile) {
    this.#builders = new SeriesBuilders(type, BUCKETS);
    this.#stream = new MetricStream((item) => this.#builders.add(item));
    this.#follower = new FileFollower(source, {
      key,
      position: 0,
      take: (piece) => {
        this.sizeBytes += piece.length;
        this.#stream.add(piece);
      },
    });
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
