/**
 * The points of a series as a chart holds them: buckets of points that follow one another, in columns of numbers.
 *
 * @module
 */

import type { MarkedPoint, SeriesPoints, Value } from "../api/types.ts";

/** A value as a number. */
export function toNumber(value: Value | null | undefined): number {
  if (typeof value === "number") return value;
  if (value === "Infinity") return Infinity;
  return value === "-Infinity" ? -Infinity : NaN;
}

/** A bucket; one with a single point is that point. */
export interface Bucket {
  /** How many points it holds. */
  readonly count: number;
  /** The least x, and the greatest. */
  readonly x0: number;
  readonly x1: number;
  /** The least finite value, and the greatest, and where they are; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  readonly minX: number;
  readonly maxX: number;
  /** The mean of the finite values; NaN where there is none. */
  readonly mean: number;
  /** How many values are NaN, +∞ and −∞. */
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
}

const KEYS = [
  "count",
  "x0",
  "x1",
  "min",
  "max",
  "minX",
  "maxX",
  "mean",
  "nan",
  "posInf",
  "negInf",
] as const;

/** Columns by name, with room to grow. */
type Columns = { readonly [key in keyof Bucket]: Float64Array };

const FIRST_ROOM = 64;

/** The points of a series. */
export class Curve {
  /** How many buckets there are; columns are longer. */
  length = 0;
  /** How many points they hold. */
  points = 0;
  /** Whether no x is less than one before it. */
  isSorted = true;
  /** Rises with each change. */
  version = 0;
  /** The points next to the range that was asked for. */
  before: MarkedPoint | undefined;
  after: MarkedPoint | undefined;
  #columns: Columns = makeColumns(FIRST_ROOM);

  /** The columns; only the first `length` rows mean something. */
  get columns(): Columns {
    return this.#columns;
  }

  /** Where a bucket stands on the axis. */
  center(row: number): number {
    const { x0, x1 } = this.#columns;
    const first = x0[row] as number;
    return first + ((x1[row] as number) - first) / 2;
  }

  /** A bucket. */
  bucket(row: number): Bucket {
    return Object.fromEntries(
      KEYS.map((key) => [key, this.#columns[key][row] as number]),
    ) as unknown as Bucket;
  }

  /** Forgets everything. */
  clear(): void {
    this.length = 0;
    this.points = 0;
    this.isSorted = true;
    this.before = undefined;
    this.after = undefined;
    this.version++;
  }

  /** Takes an answer of the server: later points, or all. */
  take(answer: SeriesPoints): void {
    if (answer.reset) this.clear();
    if (answer.reset) this.before = answer.before;
    this.after = answer.after;
    const { raw, buckets } = answer;
    raw?.x.forEach((x, row) => this.#push(pointAt(x, toNumber(raw.y[row]))));
    if (buckets !== undefined) this.#append(buckets);
    this.version++;
  }

  /**
   * Joins neighbours where there are more buckets than can be told apart. No least and no greatest value is lost, and nothing
   * that is no finite number.
   *
   * @param limit How many buckets there may be.
   */
  thin(limit: number): void {
    if (this.length <= limit) return;
    const most = Math.ceil(this.points / Math.max(1, limit >> 1));
    let last = 0;
    for (let row = 1; row < this.length; row++) {
      const { count } = this.#columns;
      const isRoom = (count[last] as number) + (count[row] as number) <= most;
      if (isRoom) {
        this.#write(last, joined(this.bucket(last), this.bucket(row)));
      } else this.#write(++last, this.bucket(row));
    }
    this.length = last + 1;
    this.version++;
  }

  /** Column by column: there may be very many. */
  #append(buckets: NonNullable<SeriesPoints["buckets"]>): void {
    const start = this.length;
    const more = buckets.count.length;
    this.#makeRoom(start + more);
    for (const key of KEYS) {
      const column = this.#columns[key];
      const values: readonly (Value | null)[] = buckets[key];
      for (let row = 0; row < more; row++) {
        column[start + row] = toNumber(values[row]);
      }
    }
    for (const count of buckets.count) this.points += count;
    this.length += more;
    for (let row = start; row < this.length; row++) this.#checkOrder(row);
  }

  #push(bucket: Bucket): void {
    const row = this.length++;
    this.#makeRoom(this.length);
    this.#write(row, bucket);
    this.points += bucket.count;
    this.#checkOrder(row);
  }

  #makeRoom(rows: number): void {
    const old = this.#columns;
    if (rows <= old.count.length) return;
    this.#columns = makeColumns(Math.max(rows, old.count.length * 2));
    for (const key of KEYS) this.#columns[key].set(old[key]);
  }

  #checkOrder(row: number): void {
    if (row === 0 || !this.isSorted) return;
    const { x0, x1 } = this.#columns;
    this.isSorted = (x0[row] as number) >= (x0[row - 1] as number) &&
      (x1[row] as number) >= (x1[row - 1] as number);
  }

  #write(row: number, bucket: Bucket): void {
    for (const key of KEYS) this.#columns[key][row] = bucket[key];
  }
}

function makeColumns(room: number): Columns {
  return Object.fromEntries(
    KEYS.map((key) => [key, new Float64Array(room)]),
  ) as unknown as Columns;
}

/** How many finite values are in a bucket. */
export function finiteCount(
  { count, nan, posInf, negInf }: Omit<Bucket, "mean">,
): number {
  return count - nan - posInf - negInf;
}

function pointAt(x: number, y: number): Bucket {
  const known = Number.isFinite(y) ? y : NaN;
  return {
    count: 1,
    x0: x,
    x1: x,
    min: known,
    max: known,
    minX: x,
    maxX: x,
    mean: known,
    nan: Number.isNaN(y) ? 1 : 0,
    posInf: y === Infinity ? 1 : 0,
    negInf: y === -Infinity ? 1 : 0,
  };
}

function joined(a: Bucket, b: Bucket): Bucket {
  const finiteA = finiteCount(a);
  const finiteB = finiteCount(b);
  const low = finiteB === 0 || finiteA > 0 && a.min <= b.min ? a : b;
  const high = finiteB === 0 || finiteA > 0 && a.max >= b.max ? a : b;
  const partB = finiteB / (finiteA + finiteB);
  return {
    count: a.count + b.count,
    x0: Math.min(a.x0, b.x0),
    x1: Math.max(a.x1, b.x1),
    min: low.min,
    minX: low.minX,
    max: high.max,
    maxX: high.maxX,
    mean: finiteA === 0
      ? b.mean
      : finiteB === 0
      ? a.mean
      : a.mean * (1 - partB) + b.mean * partB,
    nan: a.nan + b.nan,
    posInf: a.posInf + b.posInf,
    negInf: a.negInf + b.negInf,
  };
}
