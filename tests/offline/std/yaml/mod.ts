/**
 * Stand-in for `@std/yaml` over `npm:js-yaml@3`, the library that the
 * original is a port of.
 *
 * @module
 */

export * from "./parse.ts";
export * from "./stringify.ts";
