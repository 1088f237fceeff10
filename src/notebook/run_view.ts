/**
 * What is shown of a run.
 *
 * @module
 */

import { DamagedFileError, EmError } from "../errors.ts";
import { decodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import type { YamlValue } from "../format/yaml_value.ts";
import { METADATA_FILE, RUN_FILES } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";
import { decodeHparams } from "../reading/decode_hparams.ts";
import type { NodeDescription } from "../reading/describe_node.ts";
import { flatValues } from "../reading/flat_values.ts";
import { lifeOf, type TrueLife } from "../reading/node_entry.ts";
import type { NodeSource } from "../reading/node_source.ts";
import { refuseBombs } from "../reading/refuse_bombs.ts";
import type { SeriesSummary } from "../reading/series.ts";
import { MetricsReader } from "./metrics_reader.ts";
import { inTypeOrder } from "./type_order.ts";

/** What is shown of a run. What cannot be read is empty, and named as a problem. */
export interface RunView extends
  TrueLife,
  Pick<
    NodeDescription,
    | "name"
    | "alternativeName"
    | "path"
    | "host"
    | "startTimestamp"
    | "labels"
    | "description"
    | "problems"
  > {
  /** The hyperparameters, by the keys on the way with dots between. */
  readonly hparams: ReadonlyMap<string, YamlValue>;
  /** The metrics. */
  readonly series: readonly SeriesSummary[];
}

/** Looks at a run again and again; of its metrics only what is new is read. */
export class RunViewer {
  readonly #source: NodeSource;
  readonly #metrics: MetricsReader;

  /** @param source The run. */
  constructor(source: NodeSource) {
    this.#source = source;
    this.#metrics = new MetricsReader(source);
  }

  /**
   * Looks at the run.
   *
   * @returns How it is now; what cannot be read is said in it.
   */
  async look(): Promise<RunView> {
    const problems: string[] = [];
    const read = <T>(look: () => Promise<T>): Promise<T | undefined> =>
      orProblem(look, problems);
    // Before the metrics, so that a run that is over is shown with all of them.
    const metadata = await read(() => this.#metadata());
    const life = metadata && await read(() => this.#life(metadata));
    const hparams = await read(() => this.#hparams());
    const metrics = await read(() => this.#metrics.look());
    const { alternativeName, path, host } = this.#source;
    return {
      name: metadata?.name ?? alternativeName,
      ...{ alternativeName, path, host },
      startTimestamp: metadata?.startTimestamp ?? "",
      labels: metadata?.labels ?? [],
      description: metadata?.description ?? "",
      ...life ?? NO_LIFE,
      hparams: hparams ?? new Map(),
      series: inTypeOrder(metrics?.series ?? []),
      problems: [...problems, ...metrics?.problems ?? []],
    };
  }

  async #metadata(): Promise<RunMetadata> {
    const path = `${this.#source.path}/${METADATA_FILE}`;
    const text = await this.#source.read(METADATA_FILE);
    if (text === undefined) throw new DamagedFileError(path, "it is missing");
    return decodeRunMetadata(refuseBombs(text, path), path);
  }

  async #life(metadata: RunMetadata): Promise<TrueLife> {
    const { status, startTimestamp, endTimestamp } = metadata;
    const running = status === "Running"
      ? await this.#source.stateOfRunning()
      : { state: "done", lastMs: 0 } as const;
    return lifeOf({
      status,
      started: startTimestamp,
      ended: endTimestamp,
      running: () => running,
    });
  }

  async #hparams(): Promise<ReadonlyMap<string, YamlValue>> {
    const key = RUN_FILES.hyperparameters;
    const text = await this.#source.read(key);
    return text === undefined ? new Map() : flatValues(
      decodeHparams(text, `${this.#source.path}/${key}`),
    );
  }
}

const NO_LIFE: TrueLife = {
  status: null,
  state: "done",
  endTimestamp: null,
  durationMs: null,
};

/** What is damaged, or may not be read, is said and not thrown: an error here would be an error of the user's cell. */
async function orProblem<T>(
  look: () => Promise<T>,
  problems: string[],
): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const isTrouble = error instanceof EmError || isOsError(error);
    if (!isTrouble) throw error;
    problems.push(error.message);
    return undefined;
  }
}
