import { basename, join, resolve } from "@std/path";
import { EmError, NotFoundError } from "./errors.ts";
import { isAlternativeName } from "./format/names.ts";
import { decodeKind } from "./format/metadata_kind.ts";
import { METADATA_FILE } from "./local/layout.ts";
import { type Reporter, stderrReporter } from "./reporter.ts";
import { uploadRunDirectory } from "./run/upload_run.ts";
import type { UploadReport } from "./upload/types.ts";
import { uploadArtifactDirectory } from "./upload/upload_artifact.ts";
import type { DestinationOptions } from "./upload/placing/resolve_destination.ts";
import type { UploadNodeOptions } from "./upload/upload_node.ts";
import { checkWait } from "./upload/wait_options.ts";

/** Options of {@linkcode upload}. */
export interface UploadDirectoryOptions extends DestinationOptions {
  /** How long the upload of one directory may take, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
  /** Ends the upload when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
}

/** What became of one directory. */
export interface UploadedDirectory {
  /** The directory. */
  readonly path: string;
  /** What arrived; absent if there is an error. */
  readonly report?: UploadReport;
  /** Why nothing was uploaded. */
  readonly error?: EmError;
}

/**
 * Uploads the directories of runs and artifacts: one, or all in a parent directory. Running, complete and crashed runs
 * alike, written by this package or the Python SDK. Only files that the server does not have yet are sent; status, log
 * and history stay as they are, but for the record of the upload. What was uploaded before goes to the same place again
 * unless the options name another.
 *
 * @param path The directory of a run or an artifact, or a directory of such directories.
 * @param options Where to.
 * @returns What became of each directory; a failure of one does not keep the others.
 * @throws {NotFoundError} If there is no run and no artifact at the path.
 *
 * @example
 * ```ts ignore
 * import { login, upload } from "@t9k/em";
 *
 * await login();
 * for (const { path, report } of await upload(".em/runs", { folder: "cv", makeFolder: true })) {
 *   console.log(path, report?.state);
 * }
 * ```
 */
export async function upload(
  path: string,
  options: UploadDirectoryOptions = {},
): Promise<UploadedDirectory[]> {
  const results: UploadedDirectory[] = [];
  for (const dir of findNodes(path)) {
    try {
      results.push({
        path: dir,
        report: await uploadOne(dir, options, stderrReporter),
      });
    } catch (error) {
      if (!(error instanceof EmError)) throw error;
      results.push({ path: dir, error });
    }
  }
  return results;
}

/**
 * Finds the directories of runs and artifacts that a path stands for.
 *
 * @param path The directory of a run or an artifact, or a directory of such directories.
 * @returns Their absolute paths, sorted.
 * @throws {NotFoundError} If there are none.
 */
export function findNodes(path: string): string[] {
  const found = isAlternativeName(basename(resolve(path)))
    ? [path]
    : children(path);
  const nodes = found.map((dir) => resolve(dir)).filter((dir) =>
    exists(join(dir, METADATA_FILE))
  );
  if (nodes.length === 0) {
    throw new NotFoundError(
      path,
      "directory of a run or an artifact, and holds none",
    );
  }
  return nodes.sort();
}

function children(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)]
      .filter((entry) => entry.isDirectory && isAlternativeName(entry.name))
      .map((entry) => join(path, entry.name));
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return [];
    throw error;
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Uploads the directory of one run or artifact.
 *
 * @param dir The absolute path of the directory.
 * @param options Where to.
 * @param reporter Told what is worth knowing.
 * @returns What arrived.
 * @throws {EmError} If the metadata cannot be read, no server is known, or it refuses the node as a whole.
 */
export async function uploadOne(
  dir: string,
  options: UploadDirectoryOptions & Pick<UploadNodeOptions, "recreates">,
  reporter: Reporter,
): Promise<UploadReport> {
  const { timeoutMs = Infinity } = options;
  const all = { ...options, timeoutMs: checkWait({ timeoutMs }), reporter };
  const path = join(dir, METADATA_FILE);
  const kind = decodeKind(await Deno.readTextFile(path), path);
  return kind === "Artifact"
    ? await uploadArtifactDirectory(dir, all)
    : await uploadRunDirectory(dir, all);
}
