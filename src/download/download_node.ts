import { delay, pooledMap } from "@std/async";
import { join, resolve } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { DownloadError } from "../errors.ts";
import { SETTLED_MS, stampOf as stampOfFile } from "../local/file_stamp.ts";
import {
  type KnownChecksum,
  NOTED_BYTES,
  noteDelivered,
} from "../local/known_checksums.ts";
import { stateDir } from "../local/layout.ts";
import { requireAccess } from "../local/permissions.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import {
  readDownloadNote,
  stampOf,
  writeDownloadNote,
} from "./download_note.ts";
import { fetchObject } from "./fetch_object.ts";
import { isObject, isThere, removeUnwanted } from "./local_files.ts";
import { type Md5Thread, startMd5Thread } from "./md5_thread.ts";
import { partialNames } from "./partial_file.ts";
import { directoryName, type PlannedObject, planObjects } from "./plan.ts";
import { ProgressLine } from "./progress_line.ts";
import { withRetry } from "./retry.ts";

/** What to download, and where to. */
export interface DownloadNodeOptions {
  /** The server. */
  readonly client: AIStoreClient;
  /** The node, as the server describes it. */
  readonly node: AIStoreNode;
  /** The directory in which the node's own directory is made; made if it is missing. */
  readonly into: string;
  /** Ends the download; what is whole is kept for the next time. */
  readonly signal?: AbortSignal;
  /** Told what is worth knowing. Default: lines on stderr. */
  readonly reporter?: Reporter;
  /**
   * Told where all objects are before they appear in the node's own directory. What it throws ends the download. Default:
   * nothing is done.
   */
  readonly prepare?: (staging: string, dir: string) => void;
  /** How long to wait after so many failed attempts, in milliseconds. Default: exponential with full jitter. */
  readonly pauseMs?: (attempt: number) => number;
}

/** A node that is here. */
export interface DownloadedNode {
  /** Its directory, absolute. */
  readonly dir: string;
  /** Whether it was downloaded now, and not before. */
  readonly isNew: boolean;
}

/** How many objects are under way at once. */
const CONCURRENCY = 4;

/** To start a thread takes as long as to compute the checksum of this much. */
const THREAD_BYTES = 32 * 1024 * 1024;

/** How often to look whether somebody else's download has ended. */
const LOCK_POLL_MS = 100;

/** A download under way. */
interface Job extends DownloadNodeOptions {
  readonly dir: string;
  readonly objects: readonly PlannedObject[];
}

/**
 * Downloads a node into a directory of its own, named by its alternative name. Size and checksum of each object are
 * verified: its CRC-32 where the server names one, else its MD5;
 * the directory appears when all of them are there, whole. What was interrupted goes on where it stopped, also within an
 * object. A download of the same node by somebody else is waited for.
 *
 * A directory that is there already is left as it is; it is an error if the server has something newer.
 *
 * @param options What, and where to.
 * @returns The directory.
 * @throws {DownloadError} If the server describes the node wrongly, an object is not what the listing says, or there is
 *   a directory that differs.
 * @throws {PermissionError} If the directory may not be read or written.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function downloadNode(
  options: DownloadNodeOptions,
): Promise<DownloadedNode> {
  const { client, node, signal, pauseMs } = options;
  const into = resolve(options.into);
  const dir = join(into, directoryName(node));
  requireAccess(into, {
    names: ["read", "write"],
    what: "the directory to download to",
  });
  const objects = await withRetry(
    () => planObjects(node.path, client.listObjects(node.path, { signal })),
    { signal, pauseMs },
  );
  const job = { ...options, dir, objects };
  if (await isThere(dir)) {
    await checkPresent(job);
    return { dir, isNew: false };
  }
  await Deno.mkdir(stateDir(dir), { recursive: true });
  using lock = await Deno.open(join(stateDir(dir), "download.lock"), {
    write: true,
    create: true,
  });
  await waitForLock(lock, job);
  // Somebody else may have brought it meanwhile.
  if (await isThere(dir)) return { dir, isNew: false };
  await fetchAll(job);
  return { dir, isNew: true };
}

async function waitForLock(lock: Deno.FsFile, job: Job): Promise<void> {
  const { node, signal, reporter = stderrReporter } = job;
  let isSaid = false;
  while (!lock.tryLockSync(true)) {
    if (!isSaid) {
      reporter.info(
        `Waiting for another download of ${node.type} "${node.path}"`,
      );
    }
    isSaid = true;
    await delay(LOCK_POLL_MS, signal === undefined ? {} : { signal });
  }
}

const SHOWN_FILES = 3;

/** An object counts as known if it is the same here, or is still what was downloaded, whatever became of it here. */
async function checkPresent(
  { client, node, dir, objects, signal }: Job,
): Promise<void> {
  const note = readDownloadNote(dir);
  const known = note?.host === client.host && note.id === node.id
    ? note.objects
    : {};
  const newer: string[] = [];
  for (const object of objects) {
    if (Object.hasOwn(known, object.key)) {
      if (known[object.key] === stampOf(object)) continue;
    }
    if (await isObject(join(dir, object.key), object, signal)) continue;
    newer.push(object.key);
  }
  if (newer.length === 0) return;
  const more = newer.length > SHOWN_FILES
    ? ` and ${newer.length - SHOWN_FILES} more`
    : "";
  throw new DownloadError(
    node.path,
    `"${dir}" is there already, and differs in ${
      newer.slice(0, SHOWN_FILES).join(", ")
    }${more}: load that directory by its path, or move it away first`,
  );
}

async function fetchAll(job: Job): Promise<void> {
  const { client, node, dir, objects, reporter = stderrReporter } = job;
  const staging = join(stateDir(dir), "download");
  const partialDir = join(stateDir(dir), "partial");
  await Deno.mkdir(staging, { recursive: true });
  await Deno.mkdir(partialDir, { recursive: true });
  await removeUnwanted(staging, new Set(objects.map(({ key }) => key)));
  await removeUnwanted(partialDir, partialNames(objects));
  reporter.info(
    `Downloading ${objects.length} objects of ${node.type} "${node.path}" to "${dir}"`,
  );
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress = new ProgressLine(node.path, {
    objects: objects.length,
    bytes,
  });
  const isLarge = objects.some(({ sizeBytes }) => sizeBytes >= THREAD_BYTES);
  let started: Promise<Md5Thread | undefined> | undefined;
  const thread = isLarge ? () => started ??= startMd5Thread() : undefined;
  try {
    await fetchMissing(job, { staging, partialDir, progress, thread });
  } finally {
    await (await started)?.[Symbol.asyncDispose]();
    progress.end();
  }
  job.prepare?.(staging, dir);
  writeDownloadNote(dir, {
    host: client.host,
    id: node.id,
    objects: Object.fromEntries(
      objects.map((object) => [object.key, stampOf(object)]),
    ),
  });
  await Deno.remove(partialDir, { recursive: true });
  await Deno.rename(staging, dir);
  await noteChecksums(job);
}

/** A later upload need not read what came from there. */
async function noteChecksums({ dir, objects }: Job): Promise<void> {
  const large = objects.filter(({ sizeBytes }) => sizeBytes >= NOTED_BYTES);
  if (large.length === 0) return;
  // What was written a moment ago may change without a trace in its stamp.
  await delay(SETTLED_MS + 10);
  const known = new Map<string, KnownChecksum>();
  for (const { key, md5, inParts } of large) {
    const checksum = md5 ?? inParts;
    if (checksum === undefined) continue;
    const stamp = await stampOfFile(join(dir, key));
    if (stamp !== undefined) known.set(key, { stamp, checksum });
  }
  noteDelivered(dir, known);
}

/** Where objects go while a download is under way, and who is told. */
interface Site {
  /** Gets the objects that are whole. */
  readonly staging: string;
  /** Gets those that are not whole yet. */
  readonly partialDir: string;
  readonly progress: ProgressLine;
  /** Starts the thread that computes MD5 sums, once; absent where it is not worth it. */
  readonly thread: (() => Promise<Md5Thread | undefined>) | undefined;
}

/** Tasks of a pool must not reject: the first error ends the others, and is thrown when all have ended. */
async function fetchMissing(job: Job, site: Site): Promise<void> {
  const { objects, signal } = job;
  const stop = new AbortController();
  const giveUp = () => stop.abort(signal?.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  const failures: unknown[] = [];
  const fetchOne = async (object: PlannedObject): Promise<void> => {
    try {
      stop.signal.throwIfAborted();
      await bring(object, { ...job, ...site, signal: stop.signal });
      site.progress.addObject();
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  try {
    for await (const _ of pooledMap(CONCURRENCY, objects, fetchOne));
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
  if (failures.length > 0) throw failures[0];
}

/** An attempt that brought this much shows that it is of use to go on. */
const GAIN_BYTES = 1024 * 1024;

/** Makes an object be in the staging directory, by what is there already as far as possible. */
async function bring(
  object: PlannedObject,
  work: Job & Site & { readonly signal: AbortSignal },
): Promise<void> {
  const { client, node, progress, signal, reporter = stderrReporter } = work;
  const into = join(work.staging, object.key);
  if (await isObject(into, object, signal)) {
    progress.addBytes(object.sizeBytes);
    return;
  }
  let position = 0;
  let best = 0;
  const onPosition = (bytes: number) => {
    progress.addBytes(bytes - position);
    position = bytes;
  };
  const hasGained = () => {
    if (position < best + GAIN_BYTES) return false;
    best = position;
    return true;
  };
  const onUnproven = () =>
    reporter.warn(
      `unproven ${node.path}`,
      `${node.path}/${object.key} has the size that the server lists, and no more is known: ${object.inParts} is the checksum of parts, and their size is unknown`,
    );
  const options = {
    ...work,
    nodePath: node.path,
    object,
    into,
    onPosition,
    onUnproven,
  };
  await withRetry(() => fetchObject(client, options), {
    signal,
    pauseMs: work.pauseMs,
    hasGained,
  });
}
