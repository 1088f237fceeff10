import { readName } from "./metric_name.ts";

/**
 * A point in the tree of the name sequences seen so far. Records of one kind of call have the same names in the same
 * order, so a record's lines are compared with those of its predecessors instead of being taken apart.
 */
interface Shape {
  /** The names up to this point, in order. */
  readonly names: readonly string[];
  /** What may follow, by the bytes of a line up to its value. */
  readonly next: { readonly prefix: Uint8Array; readonly shape: Shape }[];
}

/** How many shapes are kept; a file with more is read item by item. */
const MAX_SHAPES = 10_000;
/** How many bytes are turned into text at once; what is cut from such a text keeps it alive. */
const WINDOW_BYTES = 256 * 1024;

/** How many decimal digits a double's mantissa is divided by without a rounding of the divisor. */
const MAX_EXACT_POWER = 22;
const POWERS_OF_TEN: readonly number[] = Array.from(
  { length: MAX_EXACT_POWER + 1 },
  (_, power) => Number(`1e${power}`),
);

const LINE_BREAK = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x27;
const MINUS = 0x2d;
const POINT = 0x2e;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const LETTER_E = 0x65;
const LETTER_S = 0x73;
const TILDE = 0x7e;

/** One character for each byte, whatever the byte. */
const latin1 = new TextDecoder("latin1");
const encoder = new TextEncoder();
const VALUE = encoder.encode("- value:");
const NO_VALUES = encoder.encode(" {}\n");
const SEQUENCE = encoder.encode("  sequence:\n    epoch: ");
const NULL = encoder.encode("null\n");
const STEP = encoder.encode("    step: ");
const TIMESTAMP = encoder.encode("    timestamp: '");

/**
 * Reads items of a metrics file from bytes, as long as they stand there exactly as both SDKs write them.
 */
export class MetricScanner {
  /** The names of the item read last. */
  names: readonly string[] = [];
  /** The values of the item read last; as many as there are names. */
  values: number[] = [];
  /** The epoch of the item read last. */
  epoch: number | null = null;
  /** The step of the item read last. */
  step = 0;

  readonly #bytes: Uint8Array;
  readonly #root: Shape = { names: [], next: [] };
  #shapes = 0;
  #position = 0;
  #failed = false;
  #timestampStart = 0;
  #timestampEnd = 0;
  #window = "";
  #windowStart = 0;

  /**
   * Begins with nothing read.
   *
   * @param bytes The file.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The timestamp of the item read last. */
  get timestamp(): string {
    return this.#text(this.#timestampStart, this.#timestampEnd);
  }

  /**
   * Reads one item.
   *
   * @param start Where it begins.
   * @returns Where the next begins, or the file ends; -1 if the item is written in another way or is not whole.
   */
  read(start: number): number {
    const bytes = this.#bytes;
    this.#position = start;
    this.#failed = false;
    if (!this.#skip(VALUE)) return -1;
    if (bytes[this.#position] === LINE_BREAK) {
      this.#position++;
      this.#readValues();
    } else if (this.#skip(NO_VALUES)) {
      this.names = this.#root.names;
      this.values.length = 0;
    } else {
      return -1;
    }
    if (this.#failed || !this.#skip(SEQUENCE)) return -1;
    this.epoch = this.#skip(NULL) ? null : this.#readNumber();
    if (this.#failed || !this.#skip(STEP)) return -1;
    this.step = this.#readNumber();
    if (this.#failed || !this.#skip(TIMESTAMP)) return -1;
    this.#readTimestamp();
    if (this.#failed) return -1;
    // A further line would belong to this item.
    const next = bytes[this.#position];
    return next === undefined || next === MINUS ? this.#position : -1;
  }

  #readValues(): void {
    const bytes = this.#bytes;
    let shape = this.#root;
    let count = 0;
    while (bytes[this.#position + 2] !== LETTER_S) {
      const next = this.#follow(shape) ?? this.#learn(shape);
      if (next === undefined) {
        this.#failed = true;
        return;
      }
      shape = next;
      this.values[count++] = this.#readNumber();
      if (this.#failed) return;
    }
    if (this.values.length !== count) this.values.length = count;
    this.names = shape.names;
    if (count === 0) this.#failed = true;
  }

  #follow(shape: Shape): Shape | undefined {
    for (const next of shape.next) {
      if (this.#skip(next.prefix)) return next.shape;
    }
    return undefined;
  }

  /** Takes a line apart whose name was not yet seen at this place. */
  #learn(shape: Shape): Shape | undefined {
    const bytes = this.#bytes;
    const start = this.#position;
    const end = bytes.indexOf(LINE_BREAK, start);
    if (end < 0 || this.#shapes >= MAX_SHAPES) return undefined;
    const line = latin1.decode(bytes.subarray(start, end));
    const name = readName(line);
    if (name === undefined || shape.names.includes(name)) return undefined;
    const length = line.lastIndexOf(": ") + 2;
    const next = { names: [...shape.names, name], next: [] };
    shape.next.push({
      prefix: bytes.slice(start, start + length),
      shape: next,
    });
    this.#shapes++;
    this.#position += length;
    return next;
  }

  #skip(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    const start = this.#position;
    const length = expected.length;
    for (let index = 0; index < length; index++) {
      if (bytes[start + index] !== expected[index]) return false;
    }
    this.#position = start + length;
    return true;
  }

  /** Reads a number and its line break. */
  #readNumber(): number {
    const bytes = this.#bytes;
    const start = this.#position;
    let position = start;
    const isNegative = bytes[position] === MINUS;
    if (isNegative) position++;
    const firstDigit = position;
    let mantissa = 0;
    let byte = bytes[position] ?? 0;
    while (byte >= DIGIT_0 && byte <= DIGIT_9) {
      mantissa = mantissa * 10 + (byte - DIGIT_0);
      byte = bytes[++position] ?? 0;
    }
    const whole = position - firstDigit;
    // A number with a leading zero is octal.
    if (whole > 1 && bytes[firstDigit] === DIGIT_0) return this.#fail();
    let decimals = 0;
    if (byte === POINT) {
      if (whole === 0) return this.#readNoNumber(start);
      const firstDecimal = ++position;
      byte = bytes[position] ?? 0;
      while (byte >= DIGIT_0 && byte <= DIGIT_9) {
        mantissa = mantissa * 10 + (byte - DIGIT_0);
        byte = bytes[++position] ?? 0;
      }
      decimals = position - firstDecimal;
      if (byte === LETTER_E) return this.#readSlowly(start);
    } else if (whole === 0 || mantissa > Number.MAX_SAFE_INTEGER) {
      return this.#fail();
    } else if (isNegative && mantissa === 0) {
      return this.#fail();
    }
    if (byte !== LINE_BREAK) return this.#fail();
    // Both are exact, so the quotient is rounded once, as by a full conversion.
    if (mantissa > Number.MAX_SAFE_INTEGER || decimals > MAX_EXACT_POWER) {
      return this.#readSlowly(start);
    }
    this.#position = position + 1;
    const value = mantissa / (POWERS_OF_TEN[decimals] ?? 1);
    return isNegative ? -value : value;
  }

  #readSlowly(start: number): number {
    const end = this.#bytes.indexOf(LINE_BREAK, start);
    if (end < 0) return this.#fail();
    const text = this.#text(start, end);
    if (!/^-?[0-9]+\.[0-9]*(?:e[-+][0-9]+)?$/.test(text)) return this.#fail();
    this.#position = end + 1;
    return Number(text);
  }

  #readNoNumber(start: number): number {
    const end = this.#bytes.indexOf(LINE_BREAK, start);
    if (end < 0) return this.#fail();
    this.#position = end + 1;
    switch (this.#text(start, end)) {
      case ".nan":
        return NaN;
      case ".inf":
        return Infinity;
      case "-.inf":
        return -Infinity;
      default:
        return this.#fail();
    }
  }

  #readTimestamp(): void {
    const bytes = this.#bytes;
    let position = this.#position;
    let byte = bytes[position] ?? 0;
    while (byte >= SPACE && byte <= TILDE && byte !== QUOTE) {
      byte = bytes[++position] ?? 0;
    }
    if (byte !== QUOTE || bytes[position + 1] !== LINE_BREAK) {
      this.#failed = true;
      return;
    }
    this.#timestampStart = this.#position;
    this.#timestampEnd = position;
    this.#position = position + 2;
  }

  #fail(): number {
    this.#failed = true;
    return 0;
  }

  /** ASCII bytes as text. */
  #text(start: number, end: number): string {
    if (
      start < this.#windowStart ||
      end > this.#windowStart + this.#window.length
    ) {
      const length = Math.max(WINDOW_BYTES, end - start);
      this.#windowStart = start;
      this.#window = latin1.decode(this.#bytes.subarray(start, start + length));
    }
    return this.#window.slice(
      start - this.#windowStart,
      end - this.#windowStart,
    );
  }
}
