/** A line that is longer is given in pieces. */
const LONGEST_CHARACTERS = 64 * 1024;

/** Makes lines of bytes that come piece by piece. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  readonly #take: (lines: readonly string[]) => void;
  #rest = "";

  /** @param take Takes lines, without their breaks. */
  constructor(take: (lines: readonly string[]) => void) {
    this.#take = take;
  }

  /**
   * Takes the next bytes.
   *
   * @param piece The bytes.
   */
  add(piece: Uint8Array<ArrayBuffer>): void {
    const lines = (this.#rest + this.#decoder.decode(piece, { stream: true }))
      .split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > LONGEST_CHARACTERS) {
      lines.push(this.#rest);
      this.#rest = "";
    }
    if (lines.length > 0) this.#take(lines);
  }

  /** Gives the last line, which has no break. */
  finish(): void {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = "";
    if (last !== "") this.#take([last]);
  }
}
