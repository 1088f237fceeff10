/**
 * Stand-in for the part of `@std/assert` that this project uses.
 *
 * @module
 */

export * from "./assertion_error.ts";
export * from "./equal.ts";
export * from "./equality.ts";
export * from "./errors.ts";
export * from "./object_match.ts";
export * from "./order.ts";
export * from "./truth.ts";
