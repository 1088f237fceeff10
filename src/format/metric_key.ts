/**
 * The metrics files of a run: those of its main process, and those of the ranks that joined it.
 *
 * @module
 */

/** The directory of the ranks within a run directory. */
export const RANKS_DIR = "ranks";

const KEY = /^(?:ranks\/(0|[1-9]\d{0,6})\/)?metrics\/([^/]+)\.yaml$/;
const RANKED = /^(.+)@rank(0|[1-9]\d{0,6})$/s;

/** What a metrics file holds. */
export interface MetricKey {
  /** The metric type, as it was logged. */
  readonly type: string;
  /** The rank that writes it; undefined for the main process. */
  readonly rank: number | undefined;
}

/**
 * What a file of a run holds.
 *
 * @param key Its path in the run directory, with `/`.
 * @returns What it holds; undefined if it is no metrics file.
 */
export function readMetricKey(key: string): MetricKey | undefined {
  const [, rank, type] = KEY.exec(key) ?? [];
  if (type === undefined) return undefined;
  return { type, rank: rank === undefined ? undefined : Number(rank) };
}

/**
 * The metric type under which a file's records are shown: those of a rank under one of its own.
 *
 * @param key What the file holds.
 * @returns Such as `train`, or `train@rank1`.
 */
export function shownType({ type, rank }: MetricKey): string {
  return rank === undefined ? type : `${type}@rank${rank}`;
}

/**
 * Takes a shown type apart.
 *
 * @param shown Such as `train@rank1`.
 * @returns The type and the rank.
 */
export function readShownType(shown: string): MetricKey {
  const [, type, rank] = RANKED.exec(shown) ?? [];
  if (type === undefined) return { type: shown, rank: undefined };
  return { type, rank: Number(rank) };
}

/**
 * The path of the file whose records are shown under a type.
 *
 * @param shown Such as `train@rank1`.
 * @returns Such as `ranks/1/metrics/train.yaml`.
 */
export function metricKeyOf(shown: string): string {
  const { type, rank } = readShownType(shown);
  const file = `metrics/${type}.yaml`;
  return rank === undefined ? file : `${RANKS_DIR}/${rank}/${file}`;
}

/**
 * Brings shown types in order: each type is followed by those of its ranks.
 *
 * @param a One.
 * @param b Another.
 * @returns Less than 0 if the one comes first.
 */
export function compareShown(a: string, b: string): number {
  const one = readShownType(a);
  const other = readShownType(b);
  if (one.type !== other.type) return one.type < other.type ? -1 : 1;
  return (one.rank ?? -1) - (other.rank ?? -1);
}
