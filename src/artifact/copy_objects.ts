import { dirname, join } from "@std/path";
import { sameStamp, toStamp } from "../local/file_stamp.ts";
import { showProgress } from "../progress.ts";
import type { SourceFile } from "./source_tree.ts";

/** A file on its way into an artifact. */
export interface Copy extends SourceFile {
  /** Its path within the artifact. */
  readonly objectPath: string;
}

/** What {@linkcode copyObjects} copies, and where to. */
export interface CopyObjectsOptions {
  /** The files. */
  readonly copies: readonly Copy[];
  /** The artifact's directory. */
  readonly dir: string;
  /** A directory on the same file system, in which nobody else copies at the time. */
  readonly temporaryDir: string;
}

const AT_ONCE = 4;
const TEMPORARY_PREFIX = "object-";

/**
 * Copies files into an artifact, several at a time. Each is whole before it gets its name.
 *
 * @param source What is copied, for the line that shows the progress.
 * @param options The files.
 * @throws {Deno.errors.Busy} If a file was changed meanwhile.
 */
export async function copyObjects(
  source: string,
  options: CopyObjectsOptions,
): Promise<void> {
  const { copies, dir, temporaryDir } = options;
  removeLeftovers(temporaryDir);
  let doneBytes = 0;
  const totalBytes = copies.reduce(
    (sum, { stamp }) => sum + stamp.sizeBytes,
    0,
  );
  using _progress = showProgress({
    title: `Copying "${source}"`,
    look: () => ({
      doneBytes: doneBytes + leftoverBytes(temporaryDir),
      totalBytes,
    }),
  });
  const waiting = copies.values();
  const made = new Set<string>();
  let failed = false;
  const work = async (temporary: string) => {
    try {
      for (const copy of waiting) {
        if (failed) return;
        const target = join(dir, copy.objectPath);
        await copyWhole(copy, temporary);
        const parent = dirname(target);
        if (!made.has(parent)) await Deno.mkdir(parent, { recursive: true });
        made.add(parent);
        await Deno.rename(temporary, target);
        doneBytes += copy.stamp.sizeBytes;
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const workers = Array.from(
    { length: Math.min(AT_ONCE, copies.length) },
    (_, slot) => work(join(temporaryDir, `${TEMPORARY_PREFIX}${slot}.tmp`)),
  );
  // All have ended when this ends: the directory is theirs no longer.
  const ends = await Promise.allSettled(workers);
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) {
    removeLeftovers(temporaryDir);
    throw failure.reason;
  }
}

async function copyWhole(copy: Copy, temporary: string): Promise<void> {
  // The kernel copies: as a reflink where the file system can do that, and never through this process's memory.
  await Deno.copyFile(copy.path, temporary);
  if (!sameStamp(copy.stamp, toStamp(await Deno.stat(copy.path)))) {
    throw new Deno.errors.Busy(
      `Cannot add "${copy.path}": it was changed meanwhile; add it when it is complete`,
    );
  }
}

function leftovers(temporaryDir: string): string[] {
  return [...Deno.readDirSync(temporaryDir)]
    .filter(({ name }) => name.startsWith(TEMPORARY_PREFIX))
    .map(({ name }) => join(temporaryDir, name));
}

function leftoverBytes(temporaryDir: string): number {
  let sum = 0;
  for (const path of leftovers(temporaryDir)) {
    try {
      sum += Deno.statSync(path).size;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return sum;
}

/** Removes what is left of copies that were cut short. */
function removeLeftovers(temporaryDir: string): void {
  for (const path of leftovers(temporaryDir)) Deno.removeSync(path);
}
