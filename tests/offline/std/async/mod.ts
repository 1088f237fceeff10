/**
 * Stand-in for the part of `@std/async` that this project uses.
 *
 * @module
 */

export * from "./abortable.ts";
export * from "./deadline.ts";
export * from "./delay.ts";
export * from "./pool.ts";
export * from "./retry.ts";
