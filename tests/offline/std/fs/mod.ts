/**
 * Stand-in for `@std/fs` over `Deno`'s own file functions.
 *
 * @module
 */

export * from "./copy.ts";
export * from "./empty_dir.ts";
export * from "./ensure_dir.ts";
export * from "./exists.ts";
export * from "./walk.ts";
