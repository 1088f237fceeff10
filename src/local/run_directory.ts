import { join, resolve } from "@std/path";
import { PermissionError } from "../errors.ts";
import { alternativeName } from "../format/names.ts";
import { METRICS_DIR, stateDir } from "./layout.ts";

/** How {@linkcode createRunDirectory} gets what it does not make itself. */
export interface CreateRunDirectoryOptions {
  /** The clock. Default: the system's. */
  readonly now?: () => Date;
  /** Fills an array with random bytes. Default: `crypto.getRandomValues`. */
  readonly random?: (bytes: Uint8Array) => void;
}

/** A run directory that was just made. */
export interface NewRunDirectory {
  /** Its absolute path. */
  readonly path: string;
  /** Its base name, the run's alternative name. */
  readonly alternativeName: string;
}

/** How often another random name is tried; with 36^6 names a second, two tries are already rare. */
const MAX_TRIES = 20;

/**
 * Makes the directory of a new run: exclusively, so that two processes that choose the same name in the same second
 * never share one.
 *
 * @param parent The directory of all runs; made if it is missing.
 * @param name The run's name.
 * @param options Clock and randomness.
 * @returns The directory.
 * @throws {PermissionError} If the parent may not be read or written.
 */
export function createRunDirectory(
  parent: string,
  name: string,
  options: CreateRunDirectoryOptions = {},
): NewRunDirectory {
  const now = options.now ?? (() => new Date());
  const random = options.random ??
    ((bytes) => void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>));
  requireAccess(parent);
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
    Deno.mkdirSync(join(path, METRICS_DIR));
    Deno.mkdirSync(stateDir(path), { recursive: true });
    return { path, alternativeName: alternative };
  }
}

/**
 * Removes a run directory and what is remembered of it.
 *
 * @param path The run directory.
 */
export function removeRunDirectory(path: string): void {
  Deno.removeSync(path, { recursive: true });
  Deno.removeSync(stateDir(path), { recursive: true });
}

function requireAccess(parent: string): void {
  for (const name of ["read", "write"] as const) {
    const { state } = Deno.permissions.querySync({ name, path: parent });
    if (state !== "granted") {
      throw new PermissionError(
        `${name} the directory of runs "${parent}"`,
        `--allow-${name}=${parent}`,
      );
    }
  }
}
