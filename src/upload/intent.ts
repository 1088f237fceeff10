import { stateDir } from "../local/layout.ts";
import type { Reporter } from "../reporter.ts";
import type { ConflictStrategy, FollowerJob, KnownNode } from "./types.ts";

/** Where a directory is uploaded to, as any later process needs it. Never holds the API key. */
export interface RememberedIntent {
  /** The server's address. */
  readonly host: string;
  /** The folder as the user gave it. */
  readonly folder: string;
  /** Whether to make the folder when it is missing. */
  readonly makeFolder: boolean;
  /** What to do when the name is taken. */
  readonly conflictStrategy: ConflictStrategy;
  /** The node, once it was placed. */
  readonly node?: KnownNode;
}

const FILE = "upload.json";
const VERSION = 1;
const STRATEGIES: readonly string[] = ["skip", "error", "new", "replace"];

/**
 * Notes next to a directory where it is uploaded to.
 *
 * @param dir The directory.
 * @param intent Where to.
 */
export function rememberIntent(dir: string, intent: RememberedIntent): void {
  const { host, folder, makeFolder, conflictStrategy, node } = intent;
  const state = stateDir(dir);
  const known = node === undefined
    ? {}
    : { node: { id: node.id, path: node.path } };
  const text = JSON.stringify(
    { version: VERSION, host, folder, makeFolder, conflictStrategy, ...known },
    null,
    2,
  );
  const temporary = `${state}/${FILE}.tmp`;
  Deno.mkdirSync(state, { recursive: true });
  Deno.writeTextFileSync(temporary, `${text}\n`);
  Deno.renameSync(temporary, `${state}/${FILE}`);
}

/** What {@linkcode noteIntent} adds. */
export interface NoteOptions {
  /** The node, once it was placed. */
  readonly node?: KnownNode | undefined;
  /** Takes the warning when the note cannot be written. */
  readonly reporter: Reporter;
}

/**
 * Notes next to a directory where it is uploaded to; where that cannot be written, warns and goes on.
 *
 * @param job What is uploaded, and where to.
 * @param options The node, and who is warned.
 */
export function noteIntent(job: FollowerJob, options: NoteOptions): void {
  const { dir, target, intent } = job;
  const node = options.node ?? job.known;
  const state = stateDir(dir);
  if (
    Deno.permissions.querySync({ name: "write", path: state }).state !==
      "granted"
  ) {
    return options.reporter.warn(
      `intent ${dir}`,
      `Where "${dir}" is uploaded to is not noted for later: --allow-write=${state} permits it`,
    );
  }
  try {
    rememberIntent(dir, {
      host: target.host,
      ...intent,
      ...(node === undefined ? {} : { node }),
    });
  } catch (error) {
    if (!(error instanceof Error && error.constructor.name in Deno.errors)) {
      throw error;
    }
    options.reporter.warn(
      `intent ${dir}`,
      `Cannot note next to "${dir}" where it is uploaded to: ${error.message}`,
    );
  }
}

/**
 * Finds the node that a directory was uploaded to before, if it is to go to the same place again.
 *
 * @param dir The directory.
 * @param wanted The server and the folder.
 * @returns The node, or undefined.
 */
export function rememberedNode(
  dir: string,
  wanted: { readonly host: string; readonly folder: string },
): KnownNode | undefined {
  const noted = readIntent(dir);
  return noted?.host === wanted.host && noted.folder === wanted.folder
    ? noted.node
    : undefined;
}

/**
 * Reads where a directory is uploaded to.
 *
 * @param dir The directory.
 * @returns What was noted, or undefined if nothing was, or nothing of use.
 */
export function readIntent(dir: string): RememberedIntent | undefined {
  const path = `${stateDir(dir)}/${FILE}`;
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") {
    return undefined;
  }
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const value = parse(text);
  if (value === undefined || value.version !== VERSION) return undefined;
  const { host, folder, makeFolder, conflictStrategy, node } = value;
  const usable = typeof host === "string" && typeof folder === "string" &&
    typeof makeFolder === "boolean" &&
    typeof conflictStrategy === "string" &&
    STRATEGIES.includes(conflictStrategy);
  if (!usable) return undefined;
  return {
    host,
    folder,
    makeFolder,
    conflictStrategy: conflictStrategy as ConflictStrategy,
    ...(isKnownNode(node) ? { node: { id: node.id, path: node.path } } : {}),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isKnownNode(value: unknown): value is KnownNode {
  return typeof value === "object" && value !== null && "id" in value &&
    "path" in value &&
    typeof value.id === "string" && typeof value.path === "string";
}
