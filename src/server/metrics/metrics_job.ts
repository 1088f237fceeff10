/**
 * Brings the series of a metrics file up to date.
 *
 * @module
 */

import { isItemStart, lastItemStart } from "../../format/metric_bounds.ts";
import type { MetricItem } from "../../format/metric_item.ts";
import type {
  MetricsProblem,
  MetricsScan,
} from "../../format/metric_reader.ts";
import { type Rewind, scanRewound } from "../../format/rewind.ts";
import { createMicrosReader } from "./micros.ts";
import type { ObjectBytes } from "./object_bytes.ts";
import { MAX_SERIES, type SeriesSet } from "./series_set.ts";
import type { MetricsSource } from "./sources.ts";

/** How far a metrics file is read with a piece. */
export interface ReadPiece extends MetricsSource {
  /** Whether the piece was the last. */
  readonly isEnd: boolean;
}

/** What a metrics file is read with. */
export interface MetricsJob {
  /** The file. */
  readonly bytes: ObjectBytes;
  /** How long it is. */
  readonly size: number;
  /** What was read of it already. */
  readonly from: MetricsSource;
  /** Which records are left out. */
  readonly rewind: Rewind;
  /** The series. */
  readonly series: SeriesSet;
  /** Is read into. What is longer than this without being a record ends the reading. */
  readonly buffer: Uint8Array;
  /**
   * Makes changes and keeps how far the file is read then, all or nothing.
   *
   * @param read Reads a piece.
   * @returns What `read` returned.
   */
  readonly commit: (read: () => ReadPiece) => MetricsSource;
}

/**
 * Reads what is new in a metrics file, piece by piece.
 *
 * A last record that is cut off waits for its rest. What is damaged before good records is left out and reported.
 *
 * @param job What to read.
 * @yields After each piece.
 * @returns Whether the file goes on where it was read to; if not, it has to be read from its beginning.
 */
export function* readMetrics(job: MetricsJob): Generator<void, boolean> {
  const { bytes, size, buffer, series, rewind, commit } = job;
  let source = job.from;
  const take = taker(series);
  while (true) {
    const count = bytes.read(source.parsed, buffer);
    const piece = buffer.subarray(0, count);
    const isLast = source.parsed + count >= size;
    if (source.parsed > 0 && count > 0 && !startsItem(piece, isLast)) {
      return false;
    }
    const end = isLast ? count : lastItemStart(piece);
    source = commit(() => {
      const scan = end === 0 && !isLast ? TOO_LONG : scanRewound(
        { bytes: piece.subarray(0, end), position: source.parsed },
        rewind,
        take,
      );
      const next = advance(source, scan, { end, isLast, bytes });
      return {
        ...next,
        problem: next.problem ?? (series.isFull ? TOO_MANY : undefined),
        isEnd: isLast || end === 0,
      };
    });
    if (isLast || end === 0) return true;
    yield;
  }
}

const TOO_MANY = {
  message:
    `it names more than ${MAX_SERIES} metrics; those beyond are left out`,
};

const TOO_LONG: MetricsScan = {
  count: 0,
  goodBytes: 0,
  problem: {
    line: 1,
    message: "there is no record in what follows",
    isTorn: false,
  },
};

interface Piece {
  readonly end: number;
  readonly isLast: boolean;
  readonly bytes: ObjectBytes;
}

function advance(
  source: MetricsSource,
  { count, goodBytes, problem }: MetricsScan,
  { end, isLast, bytes }: Piece,
): MetricsSource {
  const isTorn = isLast && problem?.isTorn === true;
  const damage = problem && !isTorn ? problem : undefined;
  return {
    ...source,
    records: source.records + count,
    // What lies before the next piece has been looked at; what is torn may become whole.
    parsed: source.parsed + (isLast ? goodBytes : end),
    torn: isTorn,
    problem: source.problem ??
      (damage && locate(damage, source.parsed, bytes)),
  };
}

/** Says the line counted from the beginning of the file. */
function locate(
  { line, message }: MetricsProblem,
  start: number,
  bytes: ObjectBytes,
): MetricsSource["problem"] {
  const buffer = new Uint8Array(64 * 1024);
  let before = 0;
  for (let at = 0; at < start;) {
    const wanted = Math.min(start - at, buffer.length);
    const count = bytes.read(at, buffer.subarray(0, wanted));
    if (count === 0) break;
    for (const byte of buffer.subarray(0, count)) if (byte === 0x0a) before++;
    at += count;
  }
  return { line: before + line, message };
}

/** Whether an item begins here; of the last bytes of a file not enough may be there to tell. */
function startsItem(piece: Uint8Array, isLast: boolean): boolean {
  return isItemStart(piece, 0) || (isLast && piece.length < 2);
}

/** Takes records apart into points. */
function taker(series: SeriesSet): (item: MetricItem) => void {
  const readMicros = createMicrosReader();
  return (item) => {
    const step = toNumber(item.step);
    const epoch = item.epoch === null ? NaN : toNumber(item.epoch);
    const time = readMicros(item.timestamp);
    const writers = series.writers(item.names);
    const { values } = item;
    for (let index = 0; index < writers.length; index++) {
      writers[index]?.add(step, epoch, time, toNumber(values[index]));
    }
  };
}

/** What people wrote by hand may be anything. */
function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "bigint" || typeof value === "boolean"
    ? Number(value)
    : NaN;
}
