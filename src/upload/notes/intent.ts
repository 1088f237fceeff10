import { stateDir } from "../../local/layout.ts";
import { isNoSuchFile } from "../../local/os_error.ts";
import type { Reporter } from "../../reporter.ts";
import type { FollowerJob, KnownNode, UploadIntent } from "../types.ts";

/** Where a directory is uploaded to, as any later process needs it. Never holds the API key. */
export interface RememberedIntent extends UploadIntent {
  /** The server's address. */
  readonly host: string;
  /** The node, once it was placed. */
  readonly node?: KnownNode;
  /** Since when the process owns the directory that delivers it while it lives; absent if none does. */
  readonly deliveredBy?: string;
  /** The fingerprint of the directory when the server was known to have all of it. */
  readonly whole?: string;
  /** Why the last upload did not bring all of it; absent if it did, or nobody knows. */
  readonly trouble?: UploadTrouble;
}

/** Why an upload did not bring all of a directory. */
export interface UploadTrouble {
  /** Whether a later attempt may bring it, or the server does not want it. */
  readonly state: "pending" | "refused";
  /** Why, without a full stop. */
  readonly reason: string;
  /** Since when there is such a reason, RFC 3339. */
  readonly since: string;
}

/** A server, and a folder of it. */
export interface Place {
  /** The server's address. */
  readonly host: string;
  /** The folder as the user gave it. */
  readonly folder: string;
}

const FILE = "upload.json";
const VERSION = 1;
const MAX_PLACES = 16;
const STRATEGIES: readonly string[] = ["skip", "error", "new", "replace"];

/**
 * Notes next to a directory where it is uploaded to, as the latest of its places. What was known of that place and is not
 * said again stays known.
 *
 * @param dir The directory.
 * @param intent Where to.
 */
export function rememberIntent(dir: string, intent: RememberedIntent): void {
  const all = readIntents(dir);
  const earlier = all.find((one) => isAt(one, intent));
  const others = all.filter((one) => one !== earlier);
  write(dir, [merge(earlier, intent), ...others].slice(0, MAX_PLACES));
}

/**
 * Notes that the server has all of a directory.
 *
 * @param dir The directory.
 * @param place Which server.
 * @param fingerprint The fingerprint of what it has.
 */
export function rememberWhole(
  dir: string,
  place: Place,
  fingerprint: string,
): void {
  const all = readIntents(dir);
  write(
    dir,
    all.map((one) => {
      if (!isAt(one, place)) return one;
      const { trouble: _over, ...rest } = one;
      return { ...rest, whole: fingerprint };
    }),
  );
}

/** What {@linkcode noteTrouble} notes. */
export interface TroubleOptions extends Place, Omit<UploadTrouble, "since"> {
  /** Takes the warning when the note cannot be written. */
  readonly reporter: Reporter;
}

/**
 * Notes why the upload of a directory did not bring all of it, if it is noted where it goes; where that cannot be written,
 * warns and goes on.
 *
 * @param dir The directory.
 * @param options Which place, why, and who is warned.
 */
export function noteTrouble(dir: string, options: TroubleOptions): void {
  const { state, reason, reporter } = options;
  if (!isRemembered(dir, options)) return;
  attemptNote(dir, reporter, () => {
    write(
      dir,
      readIntents(dir).map((one) => {
        if (!isAt(one, options)) return one;
        const since = one.trouble?.state === state
          ? one.trouble.since
          : new Date().toISOString();
        return { ...one, trouble: { state, reason, since } };
      }),
    );
  });
}

/**
 * Forgets a place, because nothing of the directory can get there.
 *
 * @param dir The directory.
 * @param place Which place.
 */
export function forgetIntent(dir: string, place: Place): void {
  const all = readIntents(dir);
  const others = all.filter((one) => !isAt(one, place));
  if (others.length < all.length) write(dir, others);
}

/**
 * Tells whether a directory was uploaded to a place before, or was to be.
 *
 * @param dir The directory.
 * @param place Which place.
 * @returns Whether it is noted.
 */
export function isRemembered(dir: string, place: Place): boolean {
  return readIntents(dir).some((one) => isAt(one, place));
}

/** What {@linkcode noteIntent} adds. */
export interface NoteOptions {
  /** The node, once it was placed. */
  readonly node?: KnownNode | undefined;
  /** Since when the process owns the directory that delivers it while it lives. */
  readonly deliveredBy?: string | undefined;
  /** Takes the warning when the note cannot be written. */
  readonly reporter: Reporter;
}

/**
 * Notes next to a directory where it is uploaded to; where that cannot be written, warns and goes on.
 *
 * @param job What is uploaded, and where to.
 * @param options The node, and who is warned.
 */
export function noteIntent(
  job: FollowerJob,
  options: NoteOptions,
): void {
  const { dir, target, intent } = job;
  const { folder, makeFolder, conflictStrategy } = intent;
  const { node = job.known, deliveredBy, reporter } = options;
  attemptNote(dir, reporter, () =>
    rememberIntent(dir, {
      host: target.host,
      folder,
      makeFolder,
      conflictStrategy,
      ...(node && { node: { id: node.id, path: node.path } }),
      ...(deliveredBy === undefined ? {} : { deliveredBy }),
    }));
}

/** What {@linkcode noteWhole} notes. */
export interface WholeOptions extends Place {
  /** The fingerprint of what the server has. */
  readonly fingerprint: string;
  /** Takes the warning when the note cannot be written. */
  readonly reporter: Reporter;
}

/**
 * Notes that the server has all of a directory; where that cannot be written, warns and goes on.
 *
 * @param dir The directory.
 * @param options Which server, and who is warned.
 */
export function noteWhole(dir: string, options: WholeOptions): void {
  const { fingerprint, reporter } = options;
  attemptNote(dir, reporter, () => rememberWhole(dir, options, fingerprint));
}

/** Writes a note if that is permitted; warns, and goes on, if it cannot be written. */
function attemptNote(dir: string, reporter: Reporter, note: () => void): void {
  const state = stateDir(dir);
  if (
    Deno.permissions.querySync({ name: "write", path: state }).state !==
      "granted"
  ) {
    return reporter.warn(
      `intent ${dir}`,
      `Where "${dir}" is uploaded to is not noted for later: --allow-write=${state} permits it`,
    );
  }
  try {
    note();
  } catch (error) {
    if (!(error instanceof Error && error.constructor.name in Deno.errors)) {
      throw error;
    }
    reporter.warn(
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
  wanted: Place,
): KnownNode | undefined {
  return readIntents(dir).find((one) => isAt(one, wanted))?.node;
}

/**
 * Reads where a directory was last uploaded to.
 *
 * @param dir The directory.
 * @param host The server's address, if only that one is of interest.
 * @returns What was noted, or undefined if nothing was, or nothing of use.
 */
export function readIntent(
  dir: string,
  host?: string,
): RememberedIntent | undefined {
  return readIntents(dir).find((one) =>
    host === undefined || one.host === host
  );
}

/**
 * Reads all places that a directory was uploaded to.
 *
 * @param dir The directory.
 * @returns What was noted, the latest first; what is of no use is left out.
 */
export function readIntents(dir: string): readonly RememberedIntent[] {
  const path = `${stateDir(dir)}/${FILE}`;
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") {
    return [];
  }
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (isNoSuchFile(error)) return [];
    throw error;
  }
  const value = parse(text);
  if (value?.version !== VERSION || !Array.isArray(value.places)) return [];
  return value.places.map(readPlace).filter((one) => one !== undefined);
}

function isAt(one: Place, other: Place): boolean {
  return one.host === other.host && one.folder === other.folder;
}

function merge(
  earlier: RememberedIntent | undefined,
  intent: RememberedIntent,
): RememberedIntent {
  if (earlier === undefined) return intent;
  const { whole, ...rest } = { ...earlier, ...intent };
  const isSameNode = earlier.node?.id === rest.node?.id;
  return whole === undefined || !isSameNode ? rest : { ...rest, whole };
}

function write(dir: string, places: readonly RememberedIntent[]): void {
  const state = stateDir(dir);
  // Another process may write at the same moment.
  const temporary = `${state}/${FILE}.${crypto.randomUUID()}.tmp`;
  Deno.mkdirSync(state, { recursive: true });
  const text = JSON.stringify({ version: VERSION, places }, null, 2);
  Deno.writeTextFileSync(temporary, `${text}\n`);
  Deno.renameSync(temporary, `${state}/${FILE}`);
}

function readPlace(value: unknown): RememberedIntent | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { host, folder, makeFolder, conflictStrategy, ...rest } =
    value as Record<string, unknown>;
  const usable = typeof host === "string" && typeof folder === "string" &&
    typeof makeFolder === "boolean" &&
    typeof conflictStrategy === "string" &&
    STRATEGIES.includes(conflictStrategy);
  if (!usable) return undefined;
  const { node, deliveredBy, whole, trouble } = rest;
  return {
    host,
    folder,
    makeFolder,
    conflictStrategy: conflictStrategy as RememberedIntent["conflictStrategy"],
    ...(isKnownNode(node) ? { node: { id: node.id, path: node.path } } : {}),
    ...(typeof deliveredBy === "string" ? { deliveredBy } : {}),
    ...(typeof whole === "string" ? { whole } : {}),
    ...(isTrouble(trouble) ? { trouble } : {}),
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

function isTrouble(value: unknown): value is UploadTrouble {
  return typeof value === "object" && value !== null && "state" in value &&
    "reason" in value && "since" in value &&
    (value.state === "pending" || value.state === "refused") &&
    typeof value.reason === "string" && typeof value.since === "string";
}

function isKnownNode(value: unknown): value is KnownNode {
  return typeof value === "object" && value !== null && "id" in value &&
    "path" in value &&
    typeof value.id === "string" && typeof value.path === "string";
}
