/**
 * Several files read as one.
 *
 * @module
 */

/** A file that holds a part of an object. */
export interface StoredFile {
  /** Its name, by which it is found again. */
  readonly file: string;
  /** How many bytes of it count; whatever lies behind them is left over from a crash. */
  readonly size: number;
  /** The CRC-32 of those; absent, or null in the database, if it is not known. */
  readonly crc32?: number | null | undefined;
}

/** A part of an object. */
export interface ByteRange {
  /** The first byte, from 0. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** What a {@linkcode SegmentReader} reads. */
export interface SegmentReaderOptions {
  /** The files, in order. */
  readonly segments: readonly StoredFile[];
  /** The bytes that are wanted, counted over all files. */
  readonly range: ByteRange;
  /**
   * Finds a file.
   *
   * @param file Its name.
   * @returns Its path.
   */
  readonly pathOf: (file: string) => string;
}

/** Reads a range of bytes that lie in several files, one file open at a time. */
export class SegmentReader implements Disposable {
  readonly #pathOf: (file: string) => string;
  readonly #pieces: { readonly file: string; at: number; left: number }[];
  #open: Deno.FsFile | undefined;
  #closed = false;

  /** @param options What to read. */
  constructor({ segments, range, pathOf }: SegmentReaderOptions) {
    this.#pathOf = pathOf;
    let start = 0;
    this.#pieces = segments.flatMap(({ file, size }) => {
      const from = Math.max(range.start - start, 0);
      const to = Math.min(range.end - start, size);
      start += size;
      return from < to ? [{ file, at: from, left: to - from }] : [];
    });
  }

  /** Opens the first file, so that it is known to be there before anything is read. */
  async open(): Promise<void> {
    const [piece] = this.#pieces;
    if (piece !== undefined) this.#open ??= await this.#openAt(piece);
  }

  /**
   * Reads the next bytes.
   *
   * @param buffer Takes them.
   * @returns How many there were, or null at the end.
   */
  async read(buffer: Uint8Array): Promise<number | null> {
    const [piece] = this.#pieces;
    if (piece === undefined || this.#closed) return null;
    const file = this.#open ??= await this.#openAt(piece);
    const wanted = buffer.subarray(0, Math.min(buffer.length, piece.left));
    const count = await file.read(wanted);
    if (count === null) throw new Error(`"${piece.file}" is cut short`);
    piece.left -= count;
    if (piece.left === 0) {
      this.#pieces.shift();
      this.#closeFile();
    }
    return count;
  }

  /** Closes the file that is open. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#closeFile();
  }

  async #openAt(
    { file, at }: { readonly file: string; readonly at: number },
  ): Promise<Deno.FsFile> {
    const opened = await Deno.open(this.#pathOf(file), { read: true });
    if (!this.#closed) {
      await opened.seek(at, Deno.SeekMode.Start);
      if (!this.#closed) return opened;
    }
    opened.close();
    throw new Error("the reading was broken off");
  }

  #closeFile(): void {
    this.#open?.close();
    this.#open = undefined;
  }
}
