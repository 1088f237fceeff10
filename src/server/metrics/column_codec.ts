/**
 * Columns of numbers as bytes: each in the shortest of a few forms that gives back the same numbers.
 *
 * @module
 */

/** How a column is written. */
const FORM = { constant: 0, ramp: 1, float32: 2, float64: 3, offset32: 4 };

type Form = keyof typeof FORM;

const FORMS = Object.keys(FORM) as Form[];
const MAX_OFFSET = 2 ** 32;
const WORD_BYTES = 8;

/** Where the header of a column begins; before it stand the number of rows and that of columns. */
const headerAt = (column: number) => 2 + 2 * column;

/** A table of numbers, column by column. */
export type Columns = readonly Float64Array[];

/**
 * Writes columns.
 *
 * @param columns The columns.
 * @param length How many rows of them count; at least one.
 * @returns The bytes.
 */
export function encodeColumns(columns: Columns, length: number): Uint8Array {
  const forms = columns.map((column) => chooseForm(column, length));
  let size = WORD_BYTES * (1 + columns.length);
  const offsets = forms.map((form) => {
    const at = size;
    size += sizeOf(form, length);
    return at;
  });
  const buffer = new ArrayBuffer(size);
  const header = new Uint32Array(buffer, 0, headerAt(columns.length));
  header[0] = length;
  header[1] = columns.length;
  for (const [index, column] of columns.entries()) {
    const form = forms[index] as Form;
    const at = offsets[index] as number;
    header[headerAt(index)] = FORM[form];
    header[headerAt(index) + 1] = at;
    write(column, { form, length, buffer, at });
  }
  return new Uint8Array(buffer);
}

/** Columns that were written; each is read when it is asked for. */
export class ColumnReader {
  /** How many rows there are. */
  readonly length: number;
  readonly #buffer: ArrayBufferLike;
  readonly #header: Uint32Array;
  readonly #read: (Float64Array | undefined)[];
  #all: Columns | undefined;

  /** @param bytes What {@linkcode encodeColumns} wrote. */
  constructor(bytes: Uint8Array) {
    const aligned = bytes.byteOffset % WORD_BYTES === 0 ? bytes : bytes.slice();
    // The numbers are in the order of bytes of this machine, which also wrote them.
    const count = new Uint32Array(aligned.buffer, aligned.byteOffset, 2);
    this.length = count[0] ?? 0;
    this.#buffer = aligned.buffer;
    this.#header = new Uint32Array(
      aligned.buffer,
      aligned.byteOffset,
      headerAt(count[1] ?? 0),
    );
    this.#read = new Array(count[1] ?? 0);
  }

  /**
   * Reads a column.
   *
   * @param index Which one.
   * @returns Its numbers.
   */
  column(index: number): Float64Array {
    return this.#read[index] ??= this.#decode(index);
  }

  /** All columns. */
  get all(): Columns {
    return this.#all ??= Array.from(
      this.#read,
      (_, index) => this.column(index),
    );
  }

  #decode(index: number): Float64Array {
    const form = FORMS[this.#header[headerAt(index)] ?? -1];
    const at = this.#header[headerAt(index) + 1] ?? 0;
    const buffer = this.#buffer;
    const { length } = this;
    if (form === "float64") return new Float64Array(buffer, at, length);
    if (form === "float32") {
      return Float64Array.from(new Float32Array(buffer, at, length));
    }
    const column = new Float64Array(length);
    const [first = NaN] = new Float64Array(buffer, at, 1);
    if (form === "constant") return column.fill(first);
    if (form === "ramp") {
      const [, slope = NaN] = new Float64Array(buffer, at, 2);
      for (let row = 0; row < length; row++) column[row] = first + row * slope;
      return column;
    }
    const offsets = new Uint32Array(buffer, at + WORD_BYTES, length);
    for (let row = 0; row < length; row++) {
      column[row] = first + (offsets[row] as number);
    }
    return column;
  }
}

function sizeOf(form: Form, length: number): number {
  switch (form) {
    case "constant":
      return WORD_BYTES;
    case "ramp":
      return 2 * WORD_BYTES;
    case "float32":
      return padded(4 * length);
    case "offset32":
      return WORD_BYTES + padded(4 * length);
    case "float64":
      return WORD_BYTES * length;
  }
}

function padded(bytes: number): number {
  return Math.ceil(bytes / WORD_BYTES) * WORD_BYTES;
}

function chooseForm(column: Float64Array, length: number): Form {
  const first = column[0] as number;
  const slope = length > 1 ? (column[1] as number) - first : 0;
  let isConstant = true;
  let isRamp = true;
  let isFloat = true;
  let isInteger = true;
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < length; row++) {
    const value = column[row] as number;
    isConstant &&= Object.is(value, first);
    isRamp &&= Object.is(value, first + row * slope);
    isFloat &&= Object.is(value, Math.fround(value));
    isInteger &&= Number.isSafeInteger(value) && !Object.is(value, -0);
    if (value < low) low = value;
    if (value > high) high = value;
    if (!(isConstant || isRamp || isFloat || isInteger)) return "float64";
  }
  if (isConstant) return "constant";
  if (isRamp) return "ramp";
  if (isFloat) return "float32";
  return isInteger && high - low < MAX_OFFSET ? "offset32" : "float64";
}

interface Place {
  readonly form: Form;
  readonly length: number;
  readonly buffer: ArrayBuffer;
  readonly at: number;
}

function write(
  column: Float64Array,
  { form, length, buffer, at }: Place,
): void {
  const first = column[0] as number;
  const rows = column.subarray(0, length);
  switch (form) {
    case "constant":
      new Float64Array(buffer, at, 1)[0] = first;
      return;
    case "ramp":
      new Float64Array(buffer, at, 2).set([first, (column[1] ?? NaN) - first]);
      return;
    case "float32":
      new Float32Array(buffer, at, length).set(rows);
      return;
    case "float64":
      new Float64Array(buffer, at, length).set(rows);
      return;
    case "offset32": {
      let low = Infinity;
      for (const value of rows) low = Math.min(low, value);
      new Float64Array(buffer, at, 1)[0] = low;
      const offsets = new Uint32Array(buffer, at + WORD_BYTES, length);
      for (let row = 0; row < length; row++) {
        offsets[row] = (rows[row] as number) - low;
      }
    }
  }
}
