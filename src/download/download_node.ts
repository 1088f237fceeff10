import { pooledMap } from "@std/async";
import { join, resolve } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { DownloadError } from "../errors.ts";
import { stateDir } from "../local/layout.ts";
import { requireAccess } from "../local/permissions.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import {
  readDownloadNote,
  stampOf,
  writeDownloadNote,
} from "./download_note.ts";
import { fetchObject } from "./fetch_object.ts";
import { isObject, removeUnwanted } from "./local_files.ts";
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

/** A download under way. */
interface Job extends DownloadNodeOptions {
  readonly dir: string;
  readonly objects: readonly PlannedObject[];
}

/**
 * Downloads a node into a directory of its own, named by its alternative name. Size and MD5 of each object are verified;
 * the directory appears when all of them are there, whole. What was interrupted goes on where it stopped.
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
  if (!lock.tryLockSync(true)) {
    throw new DownloadError(node.path, "somebody else is downloading it");
  }
  await fetchAll(job);
  return { dir, isNew: true };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
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
  await Deno.mkdir(staging, { recursive: true });
  await removeUnwanted(staging, new Set(objects.map(({ key }) => key)));
  reporter.info(
    `Downloading ${objects.length} objects of ${node.type} "${node.path}" to "${dir}"`,
  );
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const progress = new ProgressLine(node.path, {
    objects: objects.length,
    bytes,
  });
  try {
    await fetchMissing(job, staging, progress);
  } finally {
    progress.end();
  }
  writeDownloadNote(dir, {
    host: client.host,
    id: node.id,
    objects: Object.fromEntries(
      objects.map((object) => [object.key, stampOf(object)]),
    ),
  });
  await Deno.rename(staging, dir);
}

/** Tasks of a pool must not reject: the first error ends the others, and is thrown when all have ended. */
async function fetchMissing(
  { client, node, objects, signal, pauseMs }: Job,
  staging: string,
  progress: ProgressLine,
): Promise<void> {
  const stop = new AbortController();
  const giveUp = () => stop.abort(signal?.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  const failures: unknown[] = [];
  const fetchOne = async (object: PlannedObject): Promise<void> => {
    const path = join(staging, object.key);
    try {
      stop.signal.throwIfAborted();
      if (await isObject(path, object, stop.signal)) {
        progress.addBytes(object.sizeBytes);
      } else {
        await withRetry(() =>
          fetchObject(client, {
            nodePath: node.path,
            object,
            into: path,
            onBytes: (bytes) => progress.addBytes(bytes),
            signal: stop.signal,
          }), { signal: stop.signal, pauseMs });
      }
      progress.addObject();
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
