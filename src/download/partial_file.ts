import { createHash } from "node:crypto";
import { join } from "@std/path";
import { stampOf } from "./download_note.ts";
import type { PlannedObject } from "./plan.ts";

/** What is noted of an object that has begun to come. */
interface PartialNote {
  /** Size and checksum of the object. */
  readonly stamp: string;
  /** The object's entity tag. */
  readonly etag?: string;
}

/** Smaller objects are fetched anew: to note each of them would take longer. */
const RESUME_BYTES = 1024 * 1024;
const NOTE_SUFFIX = ".json";

/**
 * The beginning of an object, in a directory of such beginnings. Its name tells it from a whole one, and is good for every
 * key.
 */
export class PartialFile {
  /** The file. */
  readonly path: string;
  readonly #notePath: string;
  readonly #stamp: string | undefined;

  /**
   * @param dir The directory of beginnings; it exists.
   * @param object The object.
   */
  constructor(dir: string, object: PlannedObject) {
    this.path = join(dir, partialName(object.key));
    this.#notePath = this.path + NOTE_SUFFIX;
    const isResumable = object.sizeBytes >= RESUME_BYTES &&
      (object.md5 ?? object.inParts) !== undefined;
    this.#stamp = isResumable ? stampOf(object) : undefined;
  }

  /** How much of the object is there already, in bytes, and its entity tag then. */
  async begun(): Promise<{ readonly start: number; readonly etag?: string }> {
    const note = await this.#readNote();
    if (note === undefined || note.stamp !== this.#stamp) return { start: 0 };
    const start = await sizeOf(this.path);
    return note.etag === undefined ? { start } : { start, etag: note.etag };
  }

  /**
   * Begins the object, or goes on with it.
   *
   * @param start How much of what is there stays, in bytes; the file must be at least as long.
   * @param etag The object's entity tag, if the server names one.
   * @returns The file, at its end.
   */
  async open(start: number, etag: string | null): Promise<Deno.FsFile> {
    const file = await Deno.open(this.path, {
      read: true,
      write: true,
      create: true,
    });
    await file.truncate(start);
    if (start === 0 && this.#stamp !== undefined) await this.#note(etag);
    await file.seek(start, Deno.SeekMode.Start);
    return file;
  }

  /** Gives the object its own name: it is whole. */
  async complete(path: string): Promise<void> {
    await Deno.rename(this.path, path);
    await removeIfThere(this.#notePath);
  }

  /** Forgets what is there: it is not what was wanted. */
  async discard(): Promise<void> {
    await removeIfThere(this.path);
    await removeIfThere(this.#notePath);
  }

  async #note(etag: string | null): Promise<void> {
    // A weak tag says that two contents mean the same, not that they are.
    const isStrong = etag !== null && /^"[\x21-\x7e]{0,200}"$/.test(etag);
    const note: PartialNote = {
      stamp: this.#stamp ?? "",
      ...(isStrong ? { etag } : {}),
    };
    await Deno.writeTextFile(this.#notePath, JSON.stringify(note));
  }

  async #readNote(): Promise<PartialNote | undefined> {
    if (this.#stamp === undefined) return undefined;
    try {
      return JSON.parse(await Deno.readTextFile(this.#notePath));
    } catch (error) {
      const isNone = error instanceof Deno.errors.NotFound ||
        error instanceof SyntaxError;
      if (isNone) return undefined;
      throw error;
    }
  }
}

/**
 * The names that beginnings of objects may have.
 *
 * @param objects The objects.
 * @returns The names of the files, and of the notes beside them.
 */
export function partialNames(objects: readonly PlannedObject[]): Set<string> {
  return new Set(
    objects.map(({ key }) => partialName(key)).flatMap((name) => [
      name,
      name + NOTE_SUFFIX,
    ]),
  );
}

function partialName(key: string): string {
  return createHash("sha1").update(key).digest("hex");
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
