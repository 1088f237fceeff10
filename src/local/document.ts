import { basename, join } from "@std/path";

/**
 * A small text document on disk that is always whole: each version is written to a temporary file and renamed over the
 * last one, so that a reader, or a process that is killed, never meets half of it. A version that equals the one on
 * disk is not written.
 */
export class Document {
  /** The document's path. */
  readonly path: string;
  readonly #temporary: string;
  #text: string | undefined;
  #onReplaced: (() => void) | undefined;

  /**
   * @param path The document's path.
   * @param temporaryDir A directory on the same file system for the temporary file.
   */
  constructor(path: string, temporaryDir: string) {
    this.path = path;
    this.#temporary = join(temporaryDir, `${basename(path)}.tmp`);
  }

  /**
   * Makes the document hold a text.
   *
   * @param text The whole text.
   * @returns Whether the file had to be written.
   */
  write(text: string): boolean {
    if (text === this.#text) return false;
    Deno.writeTextFileSync(this.#temporary, text);
    if (this.#onReplaced !== undefined) syncFile(this.#temporary);
    Deno.renameSync(this.#temporary, this.path);
    this.#text = text;
    this.#onReplaced?.();
    return true;
  }

  /**
   * From now on each version is on the disk before it takes the place of the last: no power failure leaves half of one.
   *
   * @param onReplaced Is told that the directory has to be brought to the disk.
   */
  makeDurable(onReplaced: () => void): void {
    this.#onReplaced = onReplaced;
  }

  /**
   * Reads the document as it is on disk.
   *
   * @returns The text.
   */
  read(): string {
    this.#text = Deno.readTextFileSync(this.path);
    return this.#text;
  }
}

function syncFile(path: string): void {
  using file = Deno.openSync(path);
  file.syncSync();
}
