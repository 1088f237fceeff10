import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, format, suffix } from "./format.ts";

/** Fails unless both are equal in depth. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${suffix(msg)}\n${difference(actual, expected)}`,
  );
}

/** Fails if both are equal in depth. */
export function assertNotEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${format(actual)} not to be: ` +
      `${format(expected)}${suffix(msg)}`,
  );
}

/** Fails unless both are the same by `Object.is`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const [what, detail] = format(actual) === format(expected)
    ? [
      "Values have the same structure but are not reference-equal",
      format(actual),
    ]
    : ["Values are not strictly equal", difference(actual, expected)];
  throw new AssertionError(`${what}${suffix(msg)}\n${detail}`);
}

/** Fails if both are the same by `Object.is`. */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    `Expected "actual" to not be strictly equal to: ` +
      `${format(actual)}${suffix(msg)}`,
  );
}

/** Fails unless both numbers are within `tolerance` of each other. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  if (delta <= tolerance) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": ` +
      `delta "${delta}" is greater than "${tolerance}"${suffix(msg)}`,
  );
}
