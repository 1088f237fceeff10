/**
 * What runs are called where several have the same name.
 *
 * @module
 */

/**
 * Names nodes by as much of the end of their paths as tells them apart.
 *
 * @param paths Their paths.
 * @returns A label for each.
 */
export function runLabels(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.split("/").filter(Boolean));
  const labels = parts.map((part) => part.at(-1) ?? "");
  const longest = Math.max(0, ...parts.map((part) => part.length));
  for (let length = 2; length <= longest; length++) {
    const counts = new Map<string, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    parts.forEach((part, i) => {
      if ((counts.get(labels[i] ?? "") ?? 0) > 1) {
        labels[i] = part.slice(-length).join("/");
      }
    });
  }
  return labels;
}
