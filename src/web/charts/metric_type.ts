/**
 * Metric types, of which the ranks of a run have their own.
 *
 * @module
 */

/** A metric type, taken apart. */
export interface MetricType {
  /** As it was logged, such as `train`. */
  readonly base: string;
  /** The rank that logged it; undefined for the run itself. */
  readonly rank: number | undefined;
}

/** Takes a type such as `train@rank1` apart. */
export function readType(type: string): MetricType {
  const [, base = type, rank] = /^(.+)@rank(\d{1,7})$/s.exec(type) ?? [];
  return { base, rank: rank === undefined ? undefined : Number(rank) };
}

const KNOWN_TYPES = ["train", "val", "valid", "validation", "eval", "test"];

/** Puts metric types in the order in which people name them; each is followed by those of its ranks. */
export function sortTypes(types: Iterable<string>): string[] {
  const all = [...new Set(types)].map((type) => {
    const { base, rank = -1 } = readType(type);
    const at = KNOWN_TYPES.indexOf(base);
    return { type, base, rank, at: at < 0 ? KNOWN_TYPES.length : at };
  });
  return all.sort((a, b) =>
    a.at - b.at ||
    (a.base === b.base ? a.rank - b.rank : a.base < b.base ? -1 : 1)
  ).map(({ type }) => type);
}

/** Where a type stands: among those that were logged, and its rank among the ranks, where the run itself is the first. */
export interface TypePlace {
  readonly base: number;
  readonly rank: number;
}

/** Where types stand. */
export interface TypePlaces {
  readonly of: (type: string) => TypePlace;
  readonly hasRanks: boolean;
}

const known = new WeakMap<readonly string[], TypePlaces>();

/**
 * Finds out where types stand.
 *
 * @param types The types, in order; asking again with the same list costs nothing.
 * @returns Their places.
 */
export function placesOf(types: readonly string[]): TypePlaces {
  const found = known.get(types) ?? findPlaces(types);
  known.set(types, found);
  return found;
}

function findPlaces(types: readonly string[]): TypePlaces {
  const read = types.map(readType);
  const bases = [...new Set(read.map(({ base }) => base))];
  const ranks = [...new Set(read.map(({ rank = -1 }) => rank))]
    .filter((rank) => rank >= 0).sort((a, b) => a - b);
  const baseAt = new Map(bases.map((base, at) => [base, at]));
  const rankAt = new Map(ranks.map((rank, at) => [rank, at + 1]));
  return {
    of: (type) => {
      const { base, rank = -1 } = readType(type);
      return { base: baseAt.get(base) ?? 0, rank: rankAt.get(rank) ?? 0 };
    },
    hasRanks: ranks.length > 0,
  };
}
