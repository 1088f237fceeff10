import { resolve } from "@std/path";
import type { Reporter } from "../reporter.ts";
import type { DestinationOptions } from "../upload/placing/resolve_destination.ts";
import { findNamed, isNode } from "./find_directories.ts";
import { FollowedDirectory } from "./followed_directory.ts";
import { pause } from "./pause.ts";
import { becomeResident } from "./resident_lock.ts";
import { UploadQueue } from "./upload_queue.ts";
import type { WatchEvent } from "./watch_event.ts";

/** How {@linkcode watchDirectories} works. */
export interface WatchOptions {
  /** Where what was never asked to be uploaded goes. Default: nowhere. */
  readonly fallback?: DestinationOptions;
  /** Takes what is worth knowing. */
  readonly reporter: Reporter;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Is told when it has begun. */
  readonly onReady?: () => void;
  /** Is told what was done. Default: nobody is. */
  readonly onEvent?: (event: WatchEvent) => void;
}

/** How often new directories are looked for, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Keeps servers equal to the runs and artifacts that other processes write, running and finished ones, until it is told to
 * stop. It looks at directories rather than being told of changes: a watch would make each write of a run dearer.
 *
 * @param dirs The directories of runs and artifacts; made if they are missing.
 * @param options What to follow, and who is told.
 * @throws {EmError} If another process watches one of them.
 */
export async function watchDirectories(
  dirs: readonly string[],
  options: WatchOptions,
): Promise<void> {
  const { fallback, reporter, signal, onEvent } = options;
  using _residence = claimAll(dirs);
  const followed = new Map<string, FollowedDirectory>();
  const queue = new UploadQueue();
  options.onReady?.();
  while (!signal.aborted) {
    const named = new Set(dirs.flatMap(findNamed));
    for (const dir of named) {
      if (followed.has(dir) || !isNode(dir)) continue;
      followed.set(
        dir,
        new FollowedDirectory(dir, {
          fallback,
          reporter,
          queue,
          signal,
          onEvent,
        }),
      );
    }
    const nowMs = Date.now();
    for (const [dir, one] of followed) {
      if (named.has(dir)) one.visit(nowMs);
      else followed.delete(dir);
    }
    await pause(LOOK_MS, signal);
  }
  await Promise.allSettled([...followed.values()].map(({ done }) => done));
}

function claimAll(dirs: readonly string[]): Disposable {
  const claims = new DisposableStack();
  try {
    for (const dir of new Set(dirs.map((dir) => resolve(dir)))) {
      claims.use(becomeResident(dir));
    }
    return claims;
  } catch (error) {
    claims[Symbol.dispose]();
    throw error;
  }
}
