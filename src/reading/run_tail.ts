/**
 * The end of a run's log and metrics, and what comes to them.
 *
 * @module
 */

import { delay } from "@std/async";
import { RANKS_DIR, readShownType } from "../format/metric_key.ts";
import { METADATA_FILE, RUN_FILES } from "../local/layout.ts";
import { FileFollower, findLastLines } from "./file_tail.ts";
import { LineSplitter } from "./line_splitter.ts";
import { firstItemStart, MetricStream } from "./metric_stream.ts";
import { lifeOf } from "./node_entry.ts";
import type { NodeSource } from "./node_source.ts";
import { readQuickMetadata } from "./quick_metadata.ts";

/** A record of metrics. */
export interface TailRecord {
  /** The metric type. */
  readonly type: string;
  /** The step. */
  readonly step: number;
  /** The epoch; null where there is none. */
  readonly epoch: number | null;
  /** The time. */
  readonly timestamp: string;
  /** The values by name. */
  readonly values: Readonly<Record<string, number>>;
}

/** How {@linkcode tailRun} works. */
export interface TailRunOptions {
  /** The rank whose log and metrics are wanted. Default: the log of the main process, and the metrics of all. */
  readonly rank?: number | undefined;
  /** How many lines of the log, and records of each metric type, are shown first. */
  readonly lines: number;
  /** Whether to go on until the run has ended. */
  readonly follow: boolean;
  /** Takes lines of the log. */
  readonly onLines: (lines: readonly string[]) => void;
  /** Takes a record of metrics. Default: metrics are not looked at. */
  readonly onRecord?: ((record: TailRecord) => void) | undefined;
  /** Ends the following. */
  readonly signal?: AbortSignal | undefined;
  /** The pause between two looks, in milliseconds. Default: 500, for a server 2000. */
  readonly pauseMs?: number | undefined;
}

/** How much of the end of a metrics file is read for its last records. */
const METRICS_TAIL_BYTES = 64 * 1024;

/**
 * Shows the end of a run's log and metrics.
 *
 * @param source The run.
 * @param options How much, and whether to go on.
 * @returns How the run ended; undefined if it goes on, or that was not looked at.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function tailRun(
  source: NodeSource,
  options: TailRunOptions,
): Promise<string | undefined> {
  const { follow, signal, onLines, lines, rank } = options;
  const key = rank === undefined
    ? RUN_FILES.log
    : `${RANKS_DIR}/${rank}/${RUN_FILES.log}`;
  const { pauseMs = source.place === "local" ? 500 : 2000 } = options;
  const splitter = new LineSplitter(onLines);
  const sizeBytes = await source.size(key) ?? 0;
  const position = await findLastLines(source, key, {
    sizeBytes,
    lines,
  });
  const log = new FileFollower(source, {
    key,
    position,
    take: (piece) => splitter.add(piece),
  });
  const metrics = options.onRecord === undefined
    ? undefined
    : new MetricsTail(source, { records: lines, rank }, options.onRecord);
  for (;;) {
    // Asked before reading, so that what was written until the end is read.
    const status = follow ? await endOf(source) : undefined;
    await log.read();
    const isLast = !follow || status !== undefined || signal?.aborted === true;
    if (isLast) splitter.finish();
    await metrics?.read();
    if (isLast) return status;
    await pause(pauseMs, signal);
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, signal === undefined ? {} : { signal });
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}

/** How a run ended; undefined while it goes on. */
async function endOf(source: NodeSource): Promise<string | undefined> {
  const text = await source.read(METADATA_FILE);
  if (text === undefined) return "gone";
  const { status, started, ended } = readQuickMetadata(
    text,
    `${source.path}/${METADATA_FILE}`,
  );
  if (status !== "Running") return status ?? "Complete";
  const running = await source.stateOfRunning();
  const life = lifeOf({ status, started, ended, running: () => running });
  return life.state === "killed" ? "Error (killed)" : undefined;
}

/** The metrics files of a run, also those that come later. */
class MetricsTail {
  readonly #source: NodeSource;
  readonly #records: number;
  readonly #rank: number | undefined;
  readonly #onRecord: (record: TailRecord) => void;
  readonly #files = new Map<string, () => Promise<void>>();
  #isFirst = true;

  constructor(
    source: NodeSource,
    { records, rank }: {
      readonly records: number;
      readonly rank: number | undefined;
    },
    onRecord: (record: TailRecord) => void,
  ) {
    this.#source = source;
    this.#records = records;
    this.#rank = rank;
    this.#onRecord = onRecord;
  }

  async read(): Promise<void> {
    this.#source.refresh();
    for (const { type, key, sizeBytes } of await this.#source.metricFiles()) {
      const isOther = this.#rank !== undefined &&
        readShownType(type).rank !== this.#rank;
      if (isOther || this.#files.has(key)) continue;
      const start = this.#isFirst
        ? Math.max(0, sizeBytes - METRICS_TAIL_BYTES)
        : 0;
      this.#files.set(key, this.#follow({ type, key, start }));
    }
    this.#isFirst = false;
    for (const read of this.#files.values()) await read();
  }

  #follow(
    { type, key, start }: {
      readonly type: string;
      readonly key: string;
      readonly start: number;
    },
  ): () => Promise<void> {
    let last: TailRecord[] | undefined = this.#isFirst ? [] : undefined;
    const stream = new MetricStream(({ names, values, ...sequence }) => {
      const { step, epoch, timestamp } = sequence;
      const pairs = names.map((name, at) => [name, values[at] as number]);
      const record = {
        ...{ type, step, epoch, timestamp },
        values: Object.fromEntries(pairs),
      };
      if (last === undefined) return this.#onRecord(record);
      last.push(record);
      if (last.length > this.#records) last.shift();
    });
    let isInItem = start === 0;
    const follower = new FileFollower(this.#source, {
      key,
      position: start,
      take(piece) {
        const from = isInItem ? 0 : firstItemStart(piece);
        isInItem ||= from < piece.length;
        stream.add(piece.subarray(from));
      },
    });
    return async () => {
      await follower.read();
      stream.finish();
      const first = last ?? [];
      last = undefined;
      first.forEach(this.#onRecord);
    };
  }
}
