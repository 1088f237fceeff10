/** The types that come first, in this order; others follow by name, and what a machine says of itself comes last. */
const FIRST = ["train", "val", "test"];
const LAST = "system";

/**
 * Puts what has a metric type in the order in which people look at it.
 *
 * @param items What is put in order; within a type it stays as it is.
 * @returns A new list.
 */
export function inTypeOrder<T extends { readonly type: string }>(
  items: readonly T[],
): T[] {
  return items.toSorted((a, b) => rank(a.type) - rank(b.type));
}

/**
 * All metric types in their order, also those that nothing has: a type has the same place wherever it is shown.
 *
 * @param items What has types.
 * @returns The types.
 */
export function typesInOrder(
  items: readonly { readonly type: string }[],
): string[] {
  const found = inTypeOrder(items).map(({ type }) => type);
  return [...new Set([...FIRST, ...found])];
}

function rank(type: string): number {
  if (type === LAST) return FIRST.length + 1;
  const at = FIRST.indexOf(type);
  return at < 0 ? FIRST.length : at;
}
