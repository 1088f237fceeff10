/**
 * Finds the known word that somebody who mistyped probably meant.
 *
 * @param word What was typed.
 * @param known The words there are.
 * @returns The nearest one, letter case aside; undefined if none is near: more than half of the letters differ.
 */
export function suggest(
  word: string,
  known: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const longer = Math.max(word.length, candidate.length);
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least && steps * 2 <= longer) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}

/** How many letters have to be put in, taken out, replaced, or swapped with the next one (Damerau, Levenshtein). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const isSwap = a[i] === b[j - 1] && a[i - 1] === b[j];
      next.push(Math.min(
        at(row, j) + (a[i] === b[j] ? 0 : 1),
        at(row, j + 1) + 1,
        at(next, j) + 1,
        isSwap ? at(before, j - 1) + 1 : Infinity,
      ));
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
