/** The dots of a braille character, by row and column. */
const BITS = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

const BRAILLE = 0x2800;

/** A rectangle of characters to draw on, each of some dots. */
export class DotCanvas {
  /** How many dots there are in a line, and how many lines of them. */
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #across: number;
  readonly #down: number;
  readonly #dots: Uint8Array;
  readonly #owners: Int16Array;

  /**
   * @param columns How many characters there are in a line.
   * @param rows How many lines.
   * @param isBraille Whether a character has two by four dots, or is one.
   */
  constructor(columns: number, rows: number, isBraille: boolean) {
    this.#columns = columns;
    this.#across = isBraille ? 2 : 1;
    this.#down = isBraille ? 4 : 1;
    this.width = columns * this.#across;
    this.height = rows * this.#down;
    this.#dots = new Uint8Array(columns * rows);
    this.#owners = new Int16Array(columns * rows).fill(-1);
  }

  /**
   * Draws a straight line.
   *
   * @param from Its first dot, from the left and from the top.
   * @param to Its last dot.
   * @param owner Whose line it is; where lines meet, the later one is seen.
   */
  line(
    from: readonly [x: number, y: number],
    to: readonly [x: number, y: number],
    owner: number,
  ): void {
    const [x0, y0] = from;
    const [dx, dy] = [to[0] - x0, to[1] - y0];
    const steps = Math.max(Math.abs(dx), Math.abs(dy));
    for (let step = 0; step <= steps; step++) {
      const part = steps === 0 ? 0 : step / steps;
      this.#set(Math.round(x0 + part * dx), Math.round(y0 + part * dy), owner);
    }
  }

  /**
   * A line of characters.
   *
   * @param row Which one, from the top.
   * @param paint Makes what is shown of a character and its owner.
   * @returns The line.
   */
  row(
    row: number,
    paint: (character: string, owner: number) => string,
  ): string {
    let line = "";
    for (let column = 0; column < this.#columns; column++) {
      const at = row * this.#columns + column;
      const owner = this.#owners[at] ?? -1;
      line += owner < 0
        ? " "
        : paint(String.fromCharCode(BRAILLE + (this.#dots[at] ?? 0)), owner);
    }
    return line;
  }

  #set(x: number, y: number, owner: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const row = Math.floor(y / this.#down);
    const at = row * this.#columns + Math.floor(x / this.#across);
    const bit = BITS[y % this.#down]?.[x % this.#across] ?? 0;
    this.#dots[at] = (this.#dots[at] ?? 0) | bit;
    this.#owners[at] = owner;
  }
}
