import { hasPython } from "../../examples/python/has_python.ts";

/** What is said where there is no Python. */
export const NO_PYTHON =
  "NO PYTHON: there is no python3. The tests that train with it DO NOT RUN. Install Python 3; no package is needed.";

/**
 * Makes sure that there is a Python. The whole suite runs the files that call this only where there is one, and says so
 * loudly elsewhere.
 *
 * @throws {Error} If there is none.
 */
export function requirePython(): void {
  if (!hasPython()) throw new Error(NO_PYTHON);
}
