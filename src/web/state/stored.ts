/**
 * What a browser remembers.
 *
 * @module
 */

import { effect, type Signal, signal } from "@preact/signals";

/**
 * A signal whose value is kept in the browser.
 *
 * @param key Under which name.
 * @param fallback The value where none is kept.
 * @param check Whether a kept value is still good.
 * @returns The signal.
 */
export function stored<T>(
  key: string,
  fallback: T,
  check: (value: unknown) => value is T,
): Signal<T> {
  const name = `em.${key}`;
  const result = signal<T>(read(name, check) ?? fallback);
  let isFirst = true;
  effect(() => {
    const text = JSON.stringify(result.value);
    if (isFirst) isFirst = false;
    else write(name, text);
  });
  return result;
}

function read<T>(
  name: string,
  check: (value: unknown) => value is T,
): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return check(value) ? value : undefined;
  } catch {
    // A browser may refuse storage, and anything may stand in it.
    return undefined;
  }
}

function write(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // The choice then holds for this page only.
  }
}
