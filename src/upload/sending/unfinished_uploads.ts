import { stateDir } from "../../local/layout.ts";
import type { FileStamp } from "../../local/file_stamp.ts";
import { isOsError } from "../../local/os_error.ts";

/** An object that was begun to be sent in parts. */
export interface UnfinishedUpload {
  /** The server's address. */
  readonly host: string;
  /** The object's whole path there. */
  readonly objectPath: string;
  /** The upload's id there. */
  readonly uploadId: string;
  /** The size of the file when it was begun. */
  readonly sizeBytes: number;
  /** When the file was last changed before, in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** The size of the parts but the last. */
  readonly partBytes: number;
}

const FILE = "multipart.json";
const VERSION = 1;

/**
 * What this machine remembers of the uploads in parts of a directory's files, so that a later process can go on where an
 * earlier one was interrupted. It lies next to the directory, and is gone when nothing is unfinished.
 */
export class UnfinishedUploads {
  readonly #state: string;
  /** What the file holds, once it was read: this process is the only one to write it meanwhile. */
  #uploads: readonly UnfinishedUpload[] | undefined;

  /** @param dir The directory. */
  constructor(dir: string) {
    this.#state = stateDir(dir);
  }

  /**
   * Finds the upload of an object.
   *
   * @param host The server's address.
   * @param objectPath The object's whole path.
   * @returns The upload, or undefined.
   */
  find(host: string, objectPath: string): UnfinishedUpload | undefined {
    return this.#all().find((upload) => isOf(upload, { host, objectPath }));
  }

  /**
   * Remembers an upload, in place of another of its object.
   *
   * @param upload The upload.
   * @returns Whether it is remembered; not where the directory's neighbour cannot be written.
   */
  remember(upload: UnfinishedUpload): boolean {
    const others = this.#all().filter((other) => !isOf(other, upload));
    return this.#write([...others, upload]);
  }

  /**
   * Forgets the upload of an object, if there is one.
   *
   * @param host The server's address.
   * @param objectPath The object's whole path.
   */
  forget(host: string, objectPath: string): void {
    const all = this.#all();
    const others = all.filter((other) => !isOf(other, { host, objectPath }));
    if (others.length < all.length) this.#write(others);
  }

  #all(): readonly UnfinishedUpload[] {
    return this.#uploads ??= this.#read();
  }

  #read(): UnfinishedUpload[] {
    const path = `${this.#state}/${FILE}`;
    if (!isGranted("read", path)) return [];
    try {
      const value: unknown = JSON.parse(Deno.readTextFileSync(path));
      return isRecord(value) && value.version === VERSION &&
          Array.isArray(value.uploads)
        ? value.uploads.filter(isUpload)
        : [];
    } catch (error) {
      // What cannot be read costs no more than to send the file from its beginning.
      if (error instanceof SyntaxError || isOsError(error)) return [];
      throw error;
    }
  }

  #write(uploads: readonly UnfinishedUpload[]): boolean {
    if (!isGranted("write", this.#state)) return false;
    this.#uploads = uploads;
    const path = `${this.#state}/${FILE}`;
    try {
      if (uploads.length === 0) {
        Deno.removeSync(path);
        return true;
      }
      const text = JSON.stringify({ version: VERSION, uploads }, null, 2);
      Deno.mkdirSync(this.#state, { recursive: true });
      Deno.writeTextFileSync(`${path}.tmp`, `${text}\n`);
      Deno.renameSync(`${path}.tmp`, path);
      return true;
    } catch (error) {
      if (isOsError(error)) return false;
      throw error;
    }
  }
}

function isGranted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}

function isOf(
  upload: UnfinishedUpload,
  object: Pick<UnfinishedUpload, "host" | "objectPath">,
): boolean {
  return upload.host === object.host && upload.objectPath === object.objectPath;
}

/**
 * Tells whether an upload is of a version of a file.
 *
 * @param upload The upload.
 * @param stamp The version.
 * @returns Whether size and time are the same.
 */
export function isOfVersion(
  upload: UnfinishedUpload,
  stamp: FileStamp,
): boolean {
  return upload.sizeBytes === stamp.sizeBytes &&
    upload.mtimeMs === stamp.mtimeMs;
}

function isUpload(value: unknown): value is UnfinishedUpload {
  return isRecord(value) && typeof value.host === "string" &&
    typeof value.objectPath === "string" &&
    typeof value.uploadId === "string" &&
    typeof value.sizeBytes === "number" && typeof value.mtimeMs === "number" &&
    typeof value.partBytes === "number";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
