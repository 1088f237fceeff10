/**
 * The temporary directory of a viewer.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { isOsError } from "../local/os_error.ts";
import { granted } from "../local/permissions.ts";

const PREFIX = "em-ui-";

/** A directory that is younger may be somebody's who has just begun. */
const MIN_AGE_MS = 60_000;

/** A directory that goes when it is disposed of. */
export interface WorkingDir extends Disposable {
  /** Its path. */
  readonly path: string;
  /** The directory of the store, which holds the lock by which others see that it is in use. */
  readonly dataDir: string;
}

/**
 * Makes a temporary directory, and removes those of viewers that were killed.
 *
 * @param now Milliseconds since 1970. Default: `Date.now`.
 * @returns The directory.
 */
export function makeWorkingDir(now: () => number = Date.now): WorkingDir {
  const path = Deno.makeTempDirSync({ prefix: PREFIX });
  removeLeftOver(dirname(path), now());
  return {
    path,
    dataDir: dataDirOf(path),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

function dataDirOf(path: string): string {
  return join(path, "data");
}

function removeLeftOver(parent: string, nowMs: number): void {
  if (!granted({ name: "read", path: parent })) return;
  for (const { name, isDirectory } of Deno.readDirSync(parent)) {
    if (!isDirectory || !name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    try {
      const changedMs = Deno.statSync(path).mtime?.getTime() ?? nowMs;
      const isOld = nowMs - changedMs > MIN_AGE_MS;
      if (isOld && !isInUse(path)) Deno.removeSync(path, { recursive: true });
    } catch (error) {
      // Another user's, or one that somebody else has just removed.
      if (!isOsError(error)) throw error;
    }
  }
}

/** The system gives the lock of a store back when its process ends, however it ends. */
function isInUse(path: string): boolean {
  using lock = Deno.openSync(join(dataDirOf(path), "lock"), { write: true });
  return !lock.tryLockSync(true);
}
