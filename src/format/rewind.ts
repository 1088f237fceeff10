/**
 * Which records of a metrics file later attempts of the run have replaced.
 *
 * An attempt goes on from a checkpoint, so what earlier ones had recorded from there on is of a training that was given up:
 * of each file the records from the step on with which the later attempt begins. They stay in the file, and readers leave
 * them out.
 *
 * @module
 */

import { countLines, findItemEnd } from "./metric_bounds.ts";
import {
  type MetricItem,
  type MetricsProblem,
  type MetricsScan,
  parseMetrics,
  scanMetrics,
} from "./metric_reader.ts";
import type { MetricRecord } from "./metric_record.ts";

/** Which records of one file are replaced. */
export class Rewind {
  /** Nothing is. */
  static readonly NONE: Rewind = new Rewind([], []);
  readonly #starts: readonly number[];
  /** For each attempt the step from which on its records are replaced; ∞ if none is. */
  readonly #limits: readonly number[];

  /**
   * @param starts The byte positions at which the attempts begin that go on from a checkpoint, never falling.
   * @param firstSteps The steps of their first records; NaN where an attempt has none yet, or none with a step.
   */
  constructor(starts: readonly number[], firstSteps: readonly number[]) {
    this.#starts = starts;
    const limits: number[] = new Array(starts.length + 1).fill(Infinity);
    for (let at = starts.length - 1; at >= 0; at--) {
      const step = firstSteps[at] ?? NaN;
      const later = limits[at + 1] ?? Infinity;
      limits[at] = step < later ? step : later;
    }
    this.#limits = limits;
  }

  /** Whether any record may be replaced. */
  get isNothing(): boolean {
    return this.#limits.every((limit) => limit === Infinity);
  }

  /** Names what is replaced: two that are called the same replace the same. */
  get signature(): string {
    return this.#starts.flatMap((start, at) => {
      const limit = this.#limits[at] ?? Infinity;
      return limit < Infinity ? [`${start}:${limit}`] : [];
    }).join();
  }

  /**
   * Which attempt a place in the file belongs to.
   *
   * @param position The byte position.
   * @returns The attempt, counted from 0.
   */
  attemptAt(position: number): number {
    let attempt = 0;
    while ((this.#starts[attempt] ?? Infinity) <= position) attempt++;
    return attempt;
  }

  /**
   * Where the next attempt begins.
   *
   * @param position The byte position.
   * @returns The first start behind it; ∞ if there is none.
   */
  nextStart(position: number): number {
    return this.#starts[this.attemptAt(position)] ?? Infinity;
  }

  /**
   * Whether a record is replaced.
   *
   * @param attempt Whose it is, counted from 0.
   * @param step Its step.
   * @returns Whether a later attempt stands for it.
   */
  hides(attempt: number, step: unknown): boolean {
    return Number(step) >= (this.#limits[attempt] ?? Infinity);
  }
}

/**
 * From which step on each later attempt stands, as far as attempts have recorded: the second is the first that can.
 *
 * @param signature What is replaced, as {@linkcode Rewind.signature} names it.
 * @returns A step for each attempt that goes on from a checkpoint, never falling; null where nothing was there before.
 */
export function limitsIn(signature: string): readonly (number | null)[] {
  if (signature === "") return [];
  return signature.split(",").map((part) => {
    const [start, limit] = part.split(":");
    return start === "0" ? null : Number(limit);
  });
}

/** How much is read for the first record of an attempt, and how much more each time that is too little. */
const FIRST_BYTES = 16 * 1024;
const GROWTH = 16;
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads a part of a file. */
type ReadPart<T> = (start: number, length: number) => T;

/**
 * Finds out what is replaced in a file, looking at the first record of each attempt only.
 *
 * @param starts Where the attempts begin that go on from a checkpoint.
 * @param read Reads a part of the file; less at its end.
 * @returns What is replaced.
 */
export function findRewind(
  starts: readonly number[],
  read: ReadPart<Uint8Array>,
): Rewind {
  const search = searchRewind(starts);
  let found = search.next();
  while (!found.done) found = search.next(read(...found.value));
  return found.value;
}

/**
 * Does what {@linkcode findRewind} does, with a file whose parts are waited for.
 *
 * @param starts Where the attempts begin that go on from a checkpoint.
 * @param read Reads a part of the file; less at its end.
 * @returns What is replaced.
 */
export async function awaitRewind(
  starts: readonly number[],
  read: ReadPart<Promise<Uint8Array>>,
): Promise<Rewind> {
  const search = searchRewind(starts);
  let found = search.next();
  while (!found.done) found = search.next(await read(...found.value));
  return found.value;
}

/** Each answer is a part that is wanted, which is to be handed in. */
function* searchRewind(
  starts: readonly number[],
): Generator<[start: number, length: number], Rewind, Uint8Array> {
  if (starts.length === 0) return Rewind.NONE;
  const steps: number[] = [];
  for (const [at, start] of starts.entries()) {
    const end = starts[at + 1] ?? Infinity;
    let step = NaN;
    for (let length = FIRST_BYTES; length <= MOST_BYTES; length *= GROWTH) {
      const most = Math.min(length, end - start);
      if (most <= 0) break;
      const part = yield [start, most];
      const itemEnd = findItemEnd(part, 0);
      if (itemEnd < part.length || part.length < length) {
        step = firstStep(part.subarray(0, itemEnd));
        break;
      }
    }
    steps.push(step);
  }
  return new Rewind(starts, steps);
}

function firstStep(item: Uint8Array): number {
  let step = NaN;
  scanMetrics(item, (record) => step = Number(record.step));
  return step;
}

/** A stretch of a metrics file. */
export interface Stretch {
  /** Its bytes; the first of them begins a record, or the file. */
  readonly bytes: Uint8Array;
  /** Where in the file they are. */
  readonly position: number;
}

/**
 * Reads a stretch of a metrics file as `scanMetrics` does, without what later attempts have replaced.
 *
 * @param stretch The stretch.
 * @param rewind What is replaced in the file.
 * @param visit Is shown each other record; the object it is given is used again for the next.
 * @returns What was found, replaced records included.
 */
export function scanRewound(
  { bytes, position }: Stretch,
  rewind: Rewind,
  visit: (item: MetricItem) => void,
): MetricsScan {
  if (rewind.isNothing) return scanMetrics(bytes, visit);
  let count = 0;
  let goodBytes = 0;
  let problem: MetricsProblem | undefined;
  let start = 0;
  do {
    const attempt = rewind.attemptAt(position + start);
    const end = Math.min(
      rewind.nextStart(position + start) - position,
      bytes.length,
    );
    const found = scanMetrics(bytes.subarray(start, end), (item) => {
      if (!rewind.hides(attempt, item.step)) visit(item);
    });
    count += found.count;
    goodBytes = start + found.goodBytes;
    if (found.problem !== undefined && problem === undefined) {
      const { line, message, isTorn } = found.problem;
      problem = {
        line: countLines(bytes, start) + line,
        message,
        isTorn: isTorn && end === bytes.length,
      };
    }
    start = end;
  } while (start < bytes.length);
  return { count, goodBytes, ...(problem && { problem }) };
}

/**
 * Reads a metrics file whole, without what later attempts have replaced.
 *
 * @param bytes The file.
 * @param starts Where in it the attempts begin that go on from a checkpoint.
 * @returns The records, in order.
 */
export function parseRewound(
  bytes: Uint8Array,
  starts: readonly number[],
): MetricRecord[] {
  const rewind = findRewind(
    starts,
    (start, length) => bytes.subarray(start, start + length),
  );
  if (rewind.isNothing) return parseMetrics(bytes).records;
  const ends = [...starts, bytes.length];
  return ends.flatMap((end, attempt) =>
    parseMetrics(bytes.subarray(attempt === 0 ? 0 : starts[attempt - 1], end))
      .records.filter(({ sequence }) => !rewind.hides(attempt, sequence.step))
  );
}
