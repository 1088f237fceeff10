/**
 * What of a comparison stands in the address: which runs, in which order, which of them are hidden, and which one the others
 * are measured against.
 *
 * @module
 */

/** The runs of a comparison, as the address says. */
export interface CompareView {
  /** The nodes' ids, each once, in the order of the address. */
  readonly ids: readonly string[];
  readonly hidden: ReadonlySet<string>;
  /** The run that the others are measured against; undefined where none is chosen. */
  readonly baseline: string | undefined;
}

const LEAST_LENGTH = 6;

/** Reads the address. */
export function readView(params: URLSearchParams): CompareView {
  const ids = [...new Set(params.getAll("run"))].filter(Boolean);
  const find = (short: string): string | undefined => {
    const found = ids.filter((id) => id.startsWith(short));
    return ids.includes(short)
      ? short
      : found.length === 1
      ? found[0]
      : undefined;
  };
  const hidden = (params.get("hide") ?? "").split(" ").filter(Boolean)
    .flatMap((short) => find(short) ?? []);
  const base = params.get("base");
  return {
    ids,
    hidden: new Set(hidden),
    baseline: base ? find(base) : undefined,
  };
}

/** What of the address says which runs are compared, for `setParams`. */
export function writeView(
  view: CompareView,
): { readonly [name: string]: string | readonly string[] | undefined } {
  const { ids, baseline } = view;
  const hidden = ids.filter((id) => view.hidden.has(id));
  return {
    run: ids,
    hide: hidden.map((id) => shorten(id, ids)).join(" "),
    base: baseline !== undefined && ids.includes(baseline)
      ? shorten(baseline, ids)
      : undefined,
  };
}

/** The shortest beginning of an id that no other id has, so that addresses stay short. */
export function shorten(id: string, ids: readonly string[]): string {
  for (let length = LEAST_LENGTH; length < id.length; length++) {
    const short = id.slice(0, length);
    if (short.includes(" ")) break;
    if (ids.every((other) => other === id || !other.startsWith(short))) {
      return short;
    }
  }
  return id;
}

/** Moves a run by so many places; it stops at both ends. */
export function moveRun(
  ids: readonly string[],
  id: string,
  by: number,
): readonly string[] {
  const from = ids.indexOf(id);
  if (from < 0) return ids;
  const rest = ids.filter((other) => other !== id);
  const to = Math.max(0, Math.min(rest.length, from + by));
  return rest.toSpliced(to, 0, id);
}
