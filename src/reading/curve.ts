/** Points of a curve that follow one another. */
export interface CurveBucket {
  /** The first x, and the last. */
  readonly x0: number;
  readonly x1: number;
  /** The least value, and the greatest. */
  readonly min: number;
  readonly max: number;
  /** Where they are. */
  readonly minX: number;
  readonly maxX: number;
}

type OwnBucket = { -readonly [Key in keyof CurveBucket]: CurveBucket[Key] };

/** A curve of any length in a bounded number of buckets, which lose no lowest and no highest value. */
export class Curve {
  readonly #most: number;
  readonly #buckets: OwnBucket[] = [];
  #width = 1;
  #room = 0;

  /** @param most How many buckets there may be, at least 2. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Adds a point. What is no finite number is in no curve.
   *
   * @param x Where it is.
   * @param value Its value.
   */
  add(x: number, value: number): void {
    if (!Number.isFinite(value) || !Number.isFinite(x)) return;
    const last = this.#buckets.at(-1);
    const [min, max, minX, maxX] = [value, value, x, x];
    const point = { x0: x, x1: x, min, max, minX, maxX };
    if (last !== undefined && this.#room > 0) {
      this.#room--;
      return merge(last, point);
    }
    if (this.#buckets.length >= this.#most) this.#halve();
    this.#buckets.push(point);
    this.#room = this.#width - 1;
  }

  /** The buckets, in the order in which their points came. */
  get buckets(): readonly CurveBucket[] {
    return this.#buckets;
  }

  #halve(): void {
    const buckets = this.#buckets;
    const half = Math.ceil(buckets.length / 2);
    for (let at = 0; at < half; at++) {
      const into = buckets[2 * at] as OwnBucket;
      const next = buckets[2 * at + 1];
      if (next !== undefined) merge(into, next);
      buckets[at] = into;
    }
    buckets.length = half;
    this.#width *= 2;
  }
}

function merge(into: OwnBucket, from: CurveBucket): void {
  into.x1 = from.x1;
  if (from.min < into.min) {
    into.min = from.min;
    into.minX = from.minX;
  }
  if (from.max > into.max) {
    into.max = from.max;
    into.maxX = from.maxX;
  }
}
