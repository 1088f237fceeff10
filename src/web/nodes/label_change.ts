/**
 * Changing the labels of several nodes at once.
 *
 * @module
 */

/** The labels that all have, in the order of the first. */
export function commonLabels(
  lists: readonly (readonly string[])[],
): readonly string[] {
  const [first = [], ...others] = lists;
  return first.filter((label) => others.every((list) => list.includes(label)));
}

/** A node's labels after those in common were changed from `before` to `after`: the others stay. */
export function changedLabels(
  labels: readonly string[],
  before: readonly string[],
  after: readonly string[],
): readonly string[] {
  const kept = labels.filter((label) =>
    after.includes(label) || !before.includes(label)
  );
  return [...new Set([...kept, ...after])];
}
