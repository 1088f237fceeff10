/**
 * What a thread can be started from.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";

/** From the package's folder to a module that a thread is started with: `src/ROOM/PART/module.ts`. */
const TO_ROOT = "../../../";

/** Where modules from npm lie: in a project, or in Deno's cache. */
const FROM_NPM = /\/node_modules\/|\/npm\/.+\/@t9k\/em\/[^/]+\//;

/**
 * What must be readable before a module of this package can start a thread. Deno loads what came from JSR or npm without
 * leave; a thread out of a checkout needs leave to read its modules, and to try without it would print an error.
 *
 * @param module The module.
 * @returns The folder to be read, if it may not be; undefined if the thread can start.
 */
export function unreadableForThread(module: URL): string | undefined {
  if (module.protocol !== "file:" || FROM_NPM.test(module.pathname)) {
    return undefined;
  }
  const path = fromFileUrl(new URL(TO_ROOT, module));
  const { state } = Deno.permissions.querySync({ name: "read", path });
  return state === "granted" ? undefined : path;
}

/**
 * What is to be loaded in place of a module: Node's threads load files and `data:` only, so that a module from the net is
 * imported by a `data:` module.
 *
 * @param url The thread's module.
 * @returns What to start the thread with.
 */
export function threadModule(url: URL): URL {
  if (url.protocol === "file:") return url;
  return new URL(
    `data:text/javascript,${
      encodeURIComponent(`import ${JSON.stringify(url.href)};`)
    }`,
  );
}
