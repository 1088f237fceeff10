import { basename, join, resolve } from "@std/path";
import { EmError, NotFoundError } from "../errors.ts";
import { decodeRunMetadata, encodeRunMetadata } from "../format/metadata.ts";
import { isAlternativeName } from "../format/names.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { Document } from "../local/document.ts";
import { RUN_FILES, stateDir } from "../local/layout.ts";
import { readOwner } from "../local/owner.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import type { UploadReport } from "../upload/types.ts";
import type { UploadOptions } from "./create_run_options.ts";
import { withUploadRecord } from "./upload_record.ts";
import { uploadRun } from "./upload_run.ts";
import { checkWait } from "./wait_options.ts";

/** Options of {@linkcode upload}. */
export interface UploadDirectoryOptions extends UploadOptions {
  /** How long the upload of one directory may take, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
  /** Ends the upload when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
}

/** What became of one directory. */
export interface UploadedDirectory {
  /** The run directory. */
  readonly path: string;
  /** What arrived; absent if there is an error. */
  readonly report?: UploadReport;
  /** Why nothing was uploaded. */
  readonly error?: EmError;
}

/**
 * Uploads run directories: one, or all in a parent directory. Running, complete and crashed runs alike, written by this
 * package or the Python SDK. Only files that the server does not have yet are sent; status, log and history stay as they
 * are, but for the record of the upload.
 *
 * @param path A run directory, or a directory of run directories.
 * @param options Where to.
 * @returns What became of each directory; a failure of one does not keep the others.
 * @throws {NotFoundError} If there is no run directory at the path.
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
  for (const dir of findRuns(path)) {
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

function findRuns(path: string): string[] {
  const found = isAlternativeName(basename(resolve(path)))
    ? [path]
    : childRuns(path);
  const runs = found.map((dir) => resolve(dir)).filter((dir) =>
    exists(join(dir, RUN_FILES.metadata))
  );
  if (runs.length === 0) {
    throw new NotFoundError(path, "run directory, and holds none");
  }
  return runs.sort();
}

function childRuns(path: string): string[] {
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

async function uploadOne(
  dir: string,
  options: UploadDirectoryOptions,
  reporter: Reporter,
): Promise<UploadReport> {
  Deno.mkdirSync(stateDir(dir), { recursive: true });
  const document = new Document(join(dir, RUN_FILES.metadata), stateDir(dir));
  // The directory's name is what counts, as in the Python SDK: it may have been renamed.
  const metadata = {
    ...decodeRunMetadata(document.read(), document.path),
    alternativeName: basename(dir),
  };
  return await uploadRun({
    dir,
    metadata,
    reporter,
    recordUpload(node) {
      // A running process writes its own metadata.
      if (readOwner(dir)?.alive) return;
      document.write(
        encodeRunMetadata(withUploadRecord(metadata, node, formatTimestamp())),
      );
    },
  }, {
    ...options,
    timeoutMs: checkWait({ timeoutMs: options.timeoutMs ?? Infinity }),
  });
}
