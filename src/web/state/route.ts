/**
 * The address of what is shown. Everything that a person may want to send to a colleague stands in it.
 *
 * @module
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { formatRoute, parseRoute, type Route } from "./route_text.ts";

/** Where the browser is. */
export const route = signal<Route>(parseRoute(location.hash));

addEventListener("hashchange", () => {
  if (location.hash !== formatRoute(route.peek())) {
    route.value = parseRoute(location.hash);
  }
});

/** The address of a node. */
export function nodeHref(
  id: string,
  tab = "",
  params: Readonly<Record<string, string>> = {},
): string {
  return formatRoute({
    page: "folders",
    node: id,
    tab,
    params: new URLSearchParams(params),
  });
}

/** The address of the comparison of runs. */
export function compareHref(ids: readonly string[], tab = ""): string {
  const params = new URLSearchParams(ids.map((id) => ["run", id]));
  return formatRoute({ page: "compare", node: "", tab, params });
}

/** Goes somewhere. */
export function go(href: string): void {
  location.hash = href;
}

/**
 * Changes values in the address, without a step in the history unless `push` is set. What is `undefined` or `""` leaves it.
 */
export function setParams(
  changes: { readonly [name: string]: string | readonly string[] | undefined },
  options: { readonly push?: boolean } = {},
): void {
  const params = new URLSearchParams(route.peek().params);
  for (const [name, value] of Object.entries(changes)) {
    params.delete(name);
    const values = typeof value === "string" ? [value] : value ?? [];
    for (const each of values) if (each !== "") params.append(name, each);
  }
  const next = { ...route.peek(), params };
  const href = formatRoute(next);
  if (href === formatRoute(route.peek())) return;
  history[options.push ? "pushState" : "replaceState"](null, "", href);
  route.value = next;
}

/** A value in the address. */
export function param(name: string): ReadonlySignal<string | undefined> {
  return computed(() => route.value.params.get(name) ?? undefined);
}
