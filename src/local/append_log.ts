const encoder = new TextEncoder();

/**
 * A file that only grows. Each {@linkcode AppendLog.append} is one `write` of the operating system on an open file: when
 * it has returned, the text survives the end of the process, `SIGKILL` included (a power failure only with a `DiskSync`).
 */
export class AppendLog {
  /** The file's path. */
  readonly path: string;
  #file: Deno.FsFile | undefined;
  #buffer = new Uint8Array(1024);
  #isChanged = true;

  /** @param path The file's path; it is made by the first append. */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Appends text.
   *
   * @param text The text.
   * @throws {Deno.errors} If the disk refuses, for example because it is full; then nothing of the text stays behind.
   */
  append(text: string): void {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    if (text.length * 3 > this.#buffer.length) {
      this.#buffer = new Uint8Array(text.length * 3);
    }
    const { written } = encoder.encodeInto(text, this.#buffer);
    this.appendBytes(this.#buffer.subarray(0, written));
  }

  /**
   * Appends bytes.
   *
   * @param bytes The bytes.
   * @throws {Deno.errors} If the disk refuses; then nothing of the bytes stays behind.
   */
  appendBytes(bytes: Uint8Array): void {
    this.#file ??= Deno.openSync(this.path, { append: true, create: true });
    const written = this.#file.writeSync(bytes);
    this.#isChanged = true;
    if (written < bytes.length) this.#writeRest(bytes, written);
  }

  /**
   * Tells, once, that something was appended.
   *
   * @returns Whether something was since the last call, or may have been before the first.
   */
  takeChange(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  /** Closes the file; a later append opens it again. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #writeRest(bytes: Uint8Array, written: number): void {
    const file = this.#file;
    if (file === undefined) return;
    const start = file.statSync().size - written;
    try {
      while (written < bytes.length) {
        written += file.writeSync(bytes.subarray(written));
      }
    } catch (error) {
      file.truncateSync(start);
      throw error;
    }
  }
}
