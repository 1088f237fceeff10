/**
 * The keys of a tree.
 *
 * @module
 */

/**
 * Moves the focus in a tree: up and down, into and out of branches, to the ends, and to the next name that begins with a
 * letter. What a folder has done with a key itself, such as opening, is left alone.
 */
export function onTreeKey(event: KeyboardEvent): void {
  const tree = event.currentTarget as HTMLElement;
  const item = (event.target as HTMLElement).closest<HTMLElement>(
    "[role=treeitem]",
  );
  if (item === null || event.defaultPrevented) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const items = [...tree.querySelectorAll<HTMLElement>("[role=treeitem]")];
  const levels = items.map((each) => Number(each.ariaLevel));
  const names = items.map((each) => each.textContent ?? "");
  const next = nextItem(event.key, { at: items.indexOf(item), levels, names });
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

/** The folders of a tree that are shown, from top to bottom. */
export interface TreeView {
  /** The one with the focus. */
  readonly at: number;
  readonly levels: readonly number[];
  readonly names: readonly string[];
}

/** Where a key leads; undefined where it means nothing. */
export function nextItem(
  key: string,
  { at, levels, names }: TreeView,
): number | undefined {
  const level = levels[at] ?? 0;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, levels.length - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return levels.length - 1;
    case "ArrowRight":
      return (levels[at + 1] ?? 0) > level ? at + 1 : undefined;
    case "ArrowLeft": {
      const above = levels.slice(0, at).findLastIndex((each) => each < level);
      return above < 0 ? undefined : above;
    }
  }
  if (!/^[\p{L}\p{N}]$/u.test(key)) return undefined;
  const order = levels.map((_, i) => (at + 1 + i) % levels.length);
  return order.find((i) =>
    names[i]?.toLowerCase().startsWith(key.toLowerCase())
  );
}
