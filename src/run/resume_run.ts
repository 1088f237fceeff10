import { delay } from "@std/async";
import { basename, join, resolve } from "@std/path";
import {
  ConnectionError,
  DamagedFileError,
  InUseError,
  NotFoundError,
  ResponseError,
} from "../errors.ts";
import { decodeRunMetadata } from "../format/metadata.ts";
import { isAlternativeName } from "../format/names.ts";
import { isDirectory } from "../local/is_directory.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";
import { readOwner } from "../local/owner.ts";
import { requireAccess } from "../local/permissions.ts";
import type { Reporter } from "../reporter.ts";
import type { ResolvedRunOptions } from "./create_run_options.ts";
import type { OwnMap } from "./hparam_values.ts";
import { loadRunAs } from "./load_run.ts";
import type { LoadRunOptions } from "./load_run_options.ts";
import {
  type ChangedHparam,
  changedHparams,
  notePassed,
  readPassed,
} from "./passed_hparams.ts";
import type { Run } from "./run.ts";

/** What {@linkcode resumeRun} looks for. */
export interface ResumeOptions {
  /** Which run is to go on. */
  readonly resume: string;
  /** The directory of runs. */
  readonly parent: string;
  /** The run as it would be made. */
  readonly resolved: ResolvedRunOptions & { readonly hparams: OwnMap };
  /** How it is loaded. */
  readonly load: LoadRunOptions;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/**
 * Continues the run that an earlier process has left.
 *
 * @param options Which one.
 * @returns The run; undefined if there is none, and none must be.
 * @throws {NotFoundError} If there must be one.
 * @throws {InUseError} If the one that was named is being written.
 */
export async function resumeRun<T extends object>(
  options: ResumeOptions,
): Promise<Run<T> | undefined> {
  const { resume, resolved } = options;
  if (resume !== "auto" && resume !== "must") {
    return await take<T>(options, placeOf(options));
  }
  const { name } = resolved;
  requireAccess(options.parent, {
    names: ["read", "write"],
    what: "the directory of runs",
  });
  const found = await unfinished(options);
  for (const dir of found.same) {
    const run = await takeUnlessHeld<T>(options, dir);
    if (run !== undefined) return run;
  }
  if (resume === "must") {
    for (const dir of found.other) {
      const run = await takeUnlessHeld<T>(options, dir);
      if (run !== undefined) return run;
    }
  }
  const path = options.load.autoUpload && !found.isDone
    ? await pathOnServer(options)
    : undefined;
  if (path !== undefined) return await take<T>(options, path);
  if (resume === "auto") {
    sayOther(options, found.other[0]);
    return undefined;
  }
  throw new NotFoundError(
    options.parent,
    `directory with an unfinished run "${name}" that nobody writes; pass resume: "auto" to begin a new one then`,
  );
}

/** A run that was named: a directory, the name of one among the runs, or a path on the server. */
function placeOf({ resume, parent }: ResumeOptions): string {
  if (isDirectory(resume)) return resume;
  const sibling = join(parent, resume);
  if (!isAlternativeName(resume) || basename(resume) !== resume) return resume;
  requireAccess(parent, { names: ["read"], what: "the directory of runs" });
  if (isDirectory(sibling)) return sibling;
  throw new NotFoundError(resume, `run in "${parent}"`);
}

/** Another process may be quicker: two that start at the same time never share a run. */
async function takeUnlessHeld<T extends object>(
  options: ResumeOptions,
  dir: string,
): Promise<Run<T> | undefined> {
  try {
    return await take<T>(options, dir);
  } catch (error) {
    if (error instanceof InUseError) return undefined;
    throw error;
  }
}

async function take<T extends object>(
  { resolved, load, reporter }: ResumeOptions,
  place: string,
): Promise<Run<T>> {
  const { hparams } = resolved;
  const run = await loadRunAs<T>(place, load, { resumes: true });
  const before = readPassed(run.local) ?? {};
  const changed = changedHparams(before, hparams)
    .filter(({ now }) => now !== undefined);
  for (const { name } of changed) {
    (run.hparams as Record<string, unknown>)[name] = hparams[name];
  }
  if (changed.length > 0) {
    reporter.warn(
      `resumed ${run.local}`,
      `Run "${run.name}" goes on with other hyperparameters than before: ${
        say(changed)
      }`,
    );
  }
  notePassed(run.local, hparams);
  return run;
}

/** How long a server is asked whether it has the run. */
const SEARCH_MS = 20_000;

/** A run that was left on a machine that is gone, or whose disk is. */
async function pathOnServer(
  { resume, resolved, parent, reporter }: ResumeOptions,
): Promise<string | undefined> {
  const { name, folder, hparams } = resolved;
  const { findLeftOnServer } = await import("./left_on_server.ts");
  try {
    const { path, maybeLive } = await findLeftOnServer({
      name,
      folder,
      hparams: resume === "must" ? undefined : hparams,
      isHere: (unique) => isDirectory(join(parent, unique)),
      signal: AbortSignal.timeout(SEARCH_MS),
    });
    if (path === undefined && maybeLive !== undefined) {
      reporter.warn(
        `perhaps live ${maybeLive}`,
        `Run "${maybeLive}" on the server is unfinished, but may go on elsewhere: something came of it in the last minutes; ` +
          `if its process is gone, pass resume: "${maybeLive}" to go on with it`,
      );
    }
    return path;
  } catch (error) {
    const isUnreachable = error instanceof ConnectionError ||
      (error instanceof ResponseError && error.status >= 500) ||
      (error instanceof DOMException && error.name === "TimeoutError");
    if (!isUnreachable || resume === "must") throw error;
    reporter.warn(
      `search ${folder}/${name}`,
      `Cannot ask the server whether it has an unfinished run "${name}", so a new one is begun: ${error.message}`,
    );
    return undefined;
  }
}

interface Unfinished {
  /** Those with the hyperparameters that are passed in, the newest first. */
  readonly same: readonly string[];
  /** Those with others. */
  readonly other: readonly string[];
  /** Whether a later one with the hyperparameters that are passed in is complete. */
  readonly isDone: boolean;
}

/** The runs of a name that nobody writes and that are not complete, as far as no later one is. */
async function unfinished(
  { parent, resolved }: ResumeOptions,
): Promise<Unfinished> {
  const same: string[] = [];
  const other: string[] = [];
  let isDone = false;
  for (const dir of runsOf(parent, resolved.name)) {
    const state = await stateOf(dir);
    if (state === undefined) continue;
    const passed = readPassed(dir);
    const isSame = passed !== undefined &&
      changedHparams(passed, resolved.hparams).length === 0;
    if (isSame && isDone) continue;
    if (state === "left") (isSame ? same : other).push(dir);
    else if (isSame && state === "complete") isDone = true;
  }
  return { same, other, isDone };
}

/** The directories of runs of a name, the newest first. */
function runsOf(parent: string, name: string): string[] {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(parent)];
  } catch (error) {
    if (isOsError(error)) return [];
    throw error;
  }
  return entries.map((entry) => entry.name)
    .filter((entry) =>
      entry.startsWith(`${name}_`) &&
      /^[0-9]{6}_[0-9]{6}_[a-z0-9]{6}$/.test(entry.slice(name.length + 1))
    )
    .map((entry) => {
      const dir = join(resolve(parent), entry);
      return { dir, key: entry.slice(0, -6) + startOf(dir) };
    })
    .sort((a, b) => a.key < b.key ? 1 : -1)
    .map(({ dir }) => dir);
}

/** Tells runs apart that were begun in the same second. */
function startOf(dir: string): string {
  return metadataOf(dir)?.startTimestamp ?? "";
}

/** How long others hold the note of a run's owner at most, to look at it. */
const LOOK_MS = 50;

async function stateOf(dir: string): Promise<"left" | "complete" | undefined> {
  const metadata = metadataOf(dir);
  if (metadata === undefined) return undefined;
  if (metadata.status === "Complete") return "complete";
  if (!readOwner(dir)?.alive) return "left";
  await delay(LOOK_MS);
  return readOwner(dir)?.alive ? undefined : "left";
}

function metadataOf(dir: string) {
  const path = join(dir, METADATA_FILE);
  try {
    return decodeRunMetadata(Deno.readTextFileSync(path), path);
  } catch (error) {
    if (error instanceof DamagedFileError || isOsError(error)) return undefined;
    throw error;
  }
}

function sayOther(
  { resolved, reporter }: ResumeOptions,
  dir: string | undefined,
): void {
  if (dir === undefined) return;
  const changed = changedHparams(readPassed(dir) ?? {}, resolved.hparams);
  const other = basename(dir);
  reporter.info(
    `A new run "${resolved.name}" is begun: "${other}" is unfinished, but was given other hyperparameters (${
      say(changed)
    }); pass resume: "${other}" to go on with it`,
  );
}

function say(changed: readonly ChangedHparam[]): string {
  const all = changed.slice(0, 5).map(({ name, before, now }) =>
    before === undefined
      ? `"${name}" is ${now} and was not given`
      : now === undefined
      ? `"${name}" was ${before} and is not given`
      : `"${name}" was ${before} and is ${now}`
  );
  if (changed.length > 5) all.push(`${changed.length - 5} more`);
  return all.join(", ");
}
