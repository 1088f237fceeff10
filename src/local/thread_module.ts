/**
 * What a thread can be started from.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { granted } from "./permissions.ts";

/** From a local file a thread needs leave to read its modules; to try without it would print an error. */
const SOURCE = new URL("../../", import.meta.url);

/**
 * The permission without which there can be no thread.
 *
 * @returns The flag, or undefined if nothing is missing.
 */
export function missingThreadFlag(): string | undefined {
  if (SOURCE.protocol !== "file:") return undefined;
  const isGranted = granted({ name: "read", path: SOURCE });
  return isGranted ? undefined : `--allow-read=${fromFileUrl(SOURCE)}`;
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
