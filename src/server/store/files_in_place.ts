/**
 * The bytes of objects that stay where others keep them.
 *
 * @module
 */

import { Refusal } from "../refusal.ts";
import {
  ObjectFiles,
  type ReadOptions,
  type WrittenFile,
} from "./object_files.ts";
import type { StoredFile } from "./segment_reader.ts";

/** Files that are read where they are. None of them is ever written, made longer or removed. */
export class FilesInPlace extends ObjectFiles {
  readonly #locate: (file: string) => string;

  /**
   * @param dataDir The data folder, for all but the bytes.
   * @param locate Finds a file's path by its name.
   */
  constructor(dataDir: string, locate: (file: string) => string) {
    super(dataDir, "process");
    this.#locate = locate;
  }

  /** @inheritdoc */
  override pathOf(file: string): string {
    return this.#locate(file);
  }

  /** @inheritdoc */
  override async read(
    segments: readonly StoredFile[],
    options: ReadOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    try {
      return await super.read(segments, options);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Refusal(404, "object not found: its file has just gone");
    }
  }

  /** Writes nothing: who calls this has missed that nothing here may be written. */
  override write(): Promise<WrittenFile> {
    return Promise.reject(notHere());
  }

  /** Makes nothing longer: who calls this has missed that nothing here may be written. */
  override extend(): Promise<StoredFile> {
    return Promise.reject(notHere());
  }

  /** Removes nothing: the files are not this server's. */
  override async remove(): Promise<void> {}

  /** Removes nothing: the files are not this server's. */
  override sweep(): void {}
}

function notHere(): Error {
  return new Error("The bytes of these objects are kept by others");
}
