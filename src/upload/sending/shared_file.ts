import { type ByteReader, FileChangedError } from "../../aistore/form_body.ts";

/** An open file that is read at several places at the same time. The file's own position is of no account then. */
export class SharedFile {
  readonly #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();

  /** @param file The open file; whoever opened it closes it. */
  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Reads from some place on.
   *
   * @param startBytes Where, from the beginning of the file.
   * @returns A reader with a position of its own.
   */
  from(startBytes: number): ByteReader {
    let at = startBytes;
    return {
      read: async (buffer) => {
        const count = await this.#inTurn(async () => {
          this.#file.seekSync(at, Deno.SeekMode.Start);
          return await this.#file.read(buffer);
        });
        at += count ?? 0;
        return count;
      },
    };
  }

  /**
   * Reads a few bytes.
   *
   * @param startBytes Where they begin.
   * @param sizeBytes How many.
   * @returns The bytes.
   * @throws {FileChangedError} If the file ends before.
   */
  async bytes(
    startBytes: number,
    sizeBytes: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(sizeBytes);
    const reader = this.from(startBytes);
    for (let length = 0; length < sizeBytes;) {
      const count = await reader.read(bytes.subarray(length));
      if (count === null) {
        throw new FileChangedError(
          `the file ended ${sizeBytes - length} bytes early`,
        );
      }
      length += count;
    }
    return bytes;
  }

  /** The system moves the position and reads in two steps: nobody else may come between. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(step, step);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
