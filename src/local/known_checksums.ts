import { type FileStamp, sameStamp } from "./file_stamp.ts";
import { stateDir } from "./layout.ts";
import { isOsError } from "./os_error.ts";

/** A version of a file whose checksum is known. */
export interface KnownChecksum {
  /** The version. */
  readonly stamp: FileStamp;
  /** What a server names as the checksum of its content: the MD5, lower-case hex, or that of an object that came in parts. */
  readonly checksum: string;
}

const FILE = "delivered.json";
const VERSION = 1;

const SAVE_INTERVAL_MS = 30_000;

/** To read a smaller file costs no more than to look it up. */
export const NOTED_BYTES = 64 * 1024;

/**
 * The checksums of a directory's larger files, as far as they are known, noted next to the directory: a later process
 * that asks the server what it has need not read them again. An entry holds for one version of a file and nothing else,
 * so what is missing, damaged or outdated costs no more than reading.
 */
export class KnownChecksums {
  readonly #dir: string;
  readonly #clock: { now(): number };
  #files: Map<string, KnownChecksum> | undefined;
  #isChanged = false;
  #savedAtMs: number;

  /**
   * @param dir The directory.
   * @param clock The time, in milliseconds. Default: the real one.
   */
  constructor(dir: string, clock: { now(): number } = Date) {
    this.#dir = dir;
    this.#clock = clock;
    this.#savedAtMs = clock.now();
  }

  /** Whether there is something to {@linkcode save}, and that has not been done for a while. */
  get isDue(): boolean {
    return this.#isChanged &&
      this.#clock.now() - this.#savedAtMs > SAVE_INTERVAL_MS;
  }

  /**
   * Looks up the checksum of a version of a file.
   *
   * @param key The file's path below the directory, with `/`.
   * @param stamp The version.
   * @returns The checksum, or undefined.
   */
  find(key: string, stamp: FileStamp): string | undefined {
    if (stamp.sizeBytes < NOTED_BYTES) return undefined;
    const known = (this.#files ??= read(this.#dir)).get(key);
    return known !== undefined && sameStamp(known.stamp, stamp)
      ? known.checksum
      : undefined;
  }

  /**
   * Takes note of a checksum.
   *
   * @param key The file's path below the directory, with `/`.
   * @param known The version, which must be certain to change its stamp with the next write, and its checksum.
   */
  add(key: string, known: KnownChecksum): void {
    if (known.stamp.sizeBytes < NOTED_BYTES) return;
    if (this.find(key, known.stamp) === known.checksum) return;
    (this.#files ??= read(this.#dir)).set(key, known);
    this.#isChanged = true;
  }

  /**
   * Writes what has become known. Where that cannot be done, it is left out.
   *
   * @param exists Whether a file still is in the directory; the others are forgotten. Default: all are.
   */
  save(exists: (key: string) => boolean = () => true): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#savedAtMs = this.#clock.now();
    const files = new Map(read(this.#dir));
    for (const [key, known] of this.#files ?? []) files.set(key, known);
    for (const key of files.keys()) if (!exists(key)) files.delete(key);
    write(this.#dir, files);
  }
}

/**
 * Notes the checksums of files that are known to be on a server as they are here, for example because they were
 * downloaded from there: a later upload need not read them.
 *
 * @param dir The directory.
 * @param files The files, by their path below the directory, with `/`. A stamp must have been taken when the file was
 *   complete, and the file must not have been written to within the 50 ms before.
 */
export function noteDelivered(
  dir: string,
  files: ReadonlyMap<string, KnownChecksum>,
): void {
  const known = new KnownChecksums(dir);
  for (const [key, file] of files) known.add(key, file);
  known.save();
}

type Entry = readonly [
  sizeBytes: number,
  mtimeMs: number,
  inode: number,
  checksum: string,
];

function read(dir: string): Map<string, KnownChecksum> {
  const path = `${stateDir(dir)}/${FILE}`;
  const files = new Map<string, KnownChecksum>();
  if (!isGranted("read", path)) return files;
  try {
    const value: unknown = JSON.parse(Deno.readTextFileSync(path));
    if (!isRecord(value) || value.version !== VERSION) return files;
    for (
      const [key, entry] of Object.entries(
        isRecord(value.files) ? value.files : {},
      )
    ) {
      if (!isEntry(entry)) continue;
      const [sizeBytes, mtimeMs, inode, checksum] = entry;
      files.set(key, { stamp: { sizeBytes, mtimeMs, inode }, checksum });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isOsError(error)) throw error;
  }
  return files;
}

function write(dir: string, files: ReadonlyMap<string, KnownChecksum>): void {
  const state = stateDir(dir);
  if (!isGranted("write", state)) return;
  const entries = [...files].map(([key, { stamp, checksum }]) => {
    const { sizeBytes, mtimeMs, inode } = stamp;
    return [key, [sizeBytes, mtimeMs, inode, checksum] satisfies Entry];
  });
  const text = JSON.stringify({
    version: VERSION,
    files: Object.fromEntries(entries),
  });
  // Another process may write at the same moment.
  const temporary = `${state}/${FILE}.${crypto.randomUUID()}.tmp`;
  try {
    Deno.mkdirSync(state, { recursive: true });
    Deno.writeTextFileSync(temporary, `${text}\n`);
    Deno.renameSync(temporary, `${state}/${FILE}`);
  } catch (error) {
    if (!isOsError(error)) throw error;
    removeIfThere(temporary);
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!isOsError(error)) throw error;
  }
}

function isGranted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isEntry(value: unknown): value is Entry {
  return Array.isArray(value) && value.length === 4 &&
    value.slice(0, 3).every((one) => typeof one === "number") &&
    typeof value[3] === "string";
}
