import { existsSync } from "@std/fs";
import { join, resolve } from "@std/path";
import { alternativeName } from "../format/names.ts";
import { stateDir } from "./layout.ts";
import { type Hold, hold } from "./owner.ts";
import { requireAccess } from "./permissions.ts";

/**
 * What is made of a run before anybody is to see it, and what is removed of one, lies next to its directory under these
 * names. A process that is killed may leave it behind.
 */
const STAGING = "unfinished";
const REMOVED = "removed-";

/** How often another random name is tried. */
const MAX_TRIES = 20;

/** How the directory of a new run is called. */
export interface StageOptions {
  /** When the run began. */
  readonly now: () => Date;
}

/**
 * The directory of a run while it is filled: hidden next to where it is to be, on the same file system, and locked for
 * as long as this process lives. Disposing of it removes what was not published.
 */
export class StagedDirectory {
  /** Where it is filled. */
  readonly path: string;
  /** Where it is to be. */
  readonly target: string;
  readonly #hold: Hold;
  readonly #isNew: boolean;
  #isPublished = false;

  private constructor(
    target: string,
    { held, isNew }: { readonly held: Hold; readonly isNew: boolean },
  ) {
    this.path = join(stateDir(target), STAGING);
    this.target = target;
    this.#hold = held;
    this.#isNew = isNew;
    Deno.mkdirSync(this.path);
  }

  /**
   * Begins the directory of a new run, under a name that nobody has.
   *
   * @param parent The directory of all runs; made if it is missing.
   * @param name The name of the run.
   * @param options When it began.
   * @returns The directory.
   * @throws {PermissionError} If the parent may not be read or written.
   */
  static forNew(
    parent: string,
    name: string,
    { now }: StageOptions,
  ): StagedDirectory {
    requireAccess(parent, {
      names: ["read", "write"],
      what: "the directory of runs",
    });
    const random = (bytes: Uint8Array) =>
      void crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
    Deno.mkdirSync(parent, { recursive: true });
    for (let tries = 1;; tries++) {
      const alternative = alternativeName(name, { now: now(), random });
      const target = join(resolve(parent), alternative);
      const held = existsSync(target) ? undefined : reserve(target);
      if (held !== undefined) {
        return new StagedDirectory(target, { held, isNew: true });
      }
      if (tries === MAX_TRIES) {
        throw new Error(`There is no free name for "${name}" in "${parent}"`);
      }
    }
  }

  /**
   * Begins what is to take the place of files in the directory of a run.
   *
   * @param target The run's directory.
   * @returns The directory; undefined if somebody else is at work on the run.
   */
  static forExisting(target: string): StagedDirectory | undefined {
    Deno.mkdirSync(stateDir(target), { recursive: true });
    const held = hold(target);
    if (held === undefined) return undefined;
    removeLeft(target);
    return new StagedDirectory(target, { held, isNew: false });
  }

  /** Makes the directory of a new run be seen, all of it at once. */
  publish(): void {
    Deno.renameSync(this.path, this.target);
    this.#isPublished = true;
  }

  /** Ends the work on it. */
  [Symbol.dispose](): void {
    if (!this.#isPublished) {
      const made = this.#isNew ? stateDir(this.target) : this.path;
      Deno.removeSync(made, { recursive: true });
    }
    this.#hold.release({ forgetOwner: this.#isNew });
  }
}

/**
 * Moves the directory of a run or an artifact to where nobody sees it, at once, so that it can be removed.
 *
 * @param dir The directory.
 */
export function hideRemoved(dir: string): void {
  Deno.renameSync(dir, join(stateDir(dir), REMOVED + crypto.randomUUID()));
}

/**
 * Removes what was left unfinished, or hidden, next to a directory. Nobody else may be at work on it.
 *
 * @param dir The directory; it need not be there any more.
 */
export function removeLeft(dir: string): void {
  for (const path of leftOf(dir)) Deno.removeSync(path, { recursive: true });
}

/**
 * Tells what was left unfinished, or hidden, next to a directory.
 *
 * @param dir The directory; it need not be there any more.
 * @returns The paths.
 */
export function leftOf(dir: string): string[] {
  const state = stateDir(dir);
  return [...Deno.readDirSync(state)]
    .filter(({ name, isDirectory }) =>
      isDirectory && (name === STAGING || name.startsWith(REMOVED))
    ).map(({ name }) => join(state, name));
}

/** Takes a name, unless it is taken. */
function reserve(target: string): Hold | undefined {
  const state = stateDir(target);
  Deno.mkdirSync(join(state, ".."), { recursive: true });
  try {
    Deno.mkdirSync(state);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
  return hold(target);
}
