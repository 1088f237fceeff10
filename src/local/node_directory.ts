import { join, resolve } from "@std/path";
import { alternativeName, type NamedKind } from "../format/names.ts";
import { stateDir } from "./layout.ts";
import { requireAccess } from "./permissions.ts";

/** What {@linkcode createNodeDirectory} makes, and what it needs for that. */
export interface CreateNodeDirectoryOptions {
  /** Whether it is to be the directory of a run or of an artifact. */
  readonly kind: NamedKind;
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
  /** Fills an array with random bytes. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: Uint8Array) => void;
}

/** A directory of a run or an artifact that was just made. */
export interface NewNodeDirectory {
  /** Its absolute path. */
  readonly path: string;
  /** Its base name, the alternative name. */
  readonly alternativeName: string;
}

/** How often another random name is tried; with 36^6 names a second, two tries are already rare. */
const MAX_TRIES = 20;

/**
 * Makes the directory of a new run or artifact: exclusively, so that two processes that choose the same name in the same
 * second never share one.
 *
 * @param parent The directory of all runs, or all artifacts; made if it is missing.
 * @param name The name of the run or artifact.
 * @param options The kind, clock and randomness.
 * @returns The directory.
 * @throws {PermissionError} If the parent may not be read or written.
 */
export function createNodeDirectory(
  parent: string,
  name: string,
  options: CreateNodeDirectoryOptions,
): NewNodeDirectory {
  const now = options.now ?? (() => new Date());
  const random = options.random ??
    ((bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  requireAccess(parent, {
    names: ["read", "write"],
    what: `the directory of ${options.kind.toLowerCase()}s`,
  });
  Deno.mkdirSync(parent, { recursive: true });
  for (let tries = 1;; tries++) {
    const alternative = alternativeName(name, { now: now(), random });
    const path = join(resolve(parent), alternative);
    try {
      Deno.mkdirSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists && tries < MAX_TRIES) {
        continue;
      }
      throw error;
    }
    Deno.mkdirSync(stateDir(path), { recursive: true });
    return { path, alternativeName: alternative };
  }
}

/**
 * Removes the directory of a run or an artifact, and what is remembered of it.
 *
 * @param path The directory.
 */
export function removeNodeDirectory(path: string): void {
  Deno.removeSync(path, { recursive: true });
  Deno.removeSync(stateDir(path), { recursive: true });
}
