import { stripVTControlCharacters } from "node:util";
import { AssertionError } from "./assertion_error.ts";
import { suffix } from "./format.ts";

// deno-lint-ignore no-explicit-any
type ErrorType<E> = abstract new (...args: any[]) => E;

/** Fails unless `fn` throws; gives back what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws an error of that class and message. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorType<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  typeOrMsg?: ErrorType<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const wanted = toWanted(typeOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    check(error, wanted, "thrown");
    return error;
  }
  throw new AssertionError(`Expected function to throw${suffix(wanted.msg)}`);
}

/** Fails unless `fn` gives a promise that rejects; gives back the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/** Fails unless the promise rejects with an error of that class and message. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorType<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  typeOrMsg?: ErrorType<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const wanted = toWanted(typeOrMsg, msgIncludes, msg);
  const promise = start(fn, wanted.msg);
  try {
    await promise;
  } catch (error) {
    check(error, wanted, "rejected");
    return error;
  }
  throw new AssertionError(`Expected function to reject${suffix(wanted.msg)}`);
}

interface Wanted {
  readonly type: ErrorType<Error> | undefined;
  readonly includes: string | undefined;
  readonly msg: string | undefined;
}

function toWanted(
  typeOrMsg: ErrorType<Error> | string | undefined,
  includes: string | undefined,
  msg: string | undefined,
): Wanted {
  return typeof typeOrMsg === "string"
    ? { type: undefined, includes: undefined, msg: typeOrMsg }
    : { type: typeOrMsg, includes, msg };
}

function start(
  fn: () => PromiseLike<unknown>,
  msg: string | undefined,
): PromiseLike<unknown> {
  let result: unknown;
  try {
    result = fn();
  } catch (cause) {
    refuse("Function throws when expected to reject", msg, cause);
  }
  if (typeof (result as PromiseLike<unknown>)?.then === "function") {
    return result as PromiseLike<unknown>;
  }
  refuse("Function throws when expected to reject", msg);
}

function check(error: unknown, wanted: Wanted, how: string): void {
  const { type, includes, msg } = wanted;
  if (type === undefined) return;
  if (!(error instanceof Error)) {
    refuse(`A non-Error object was ${how}`, msg, error);
  }
  if (!(error instanceof type)) {
    const [name, got] = [type.name, (error as Error).constructor.name];
    refuse(
      `Expected error to be instance of "${name}", but was "${got}"`,
      msg,
      error,
    );
  }
  const text = stripVTControlCharacters(error.message);
  if (includes && !text.includes(stripVTControlCharacters(includes))) {
    const [want, got] = [includes, error.message].map((m) => JSON.stringify(m));
    refuse(
      `Expected error message to include ${want}, but got ${got}`,
      msg,
      error,
    );
  }
}

function refuse(
  what: string,
  msg: string | undefined,
  cause?: unknown,
): never {
  throw new AssertionError(what + suffix(msg), { cause });
}
