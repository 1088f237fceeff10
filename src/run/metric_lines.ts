/**
 * Lines by which a child process hands metrics to the run that started it.
 *
 * @module
 */

import type { LogPosition, Metrics } from "./metrics_log.ts";
import { checkRank } from "./rank_environment.ts";

/** What a line that carries metrics begins with; a JSON document follows, and the line ends after it. */
export const METRICS_PREFIX = "EM_METRICS ";

/** A longer line is ordinary output, whatever it begins with. */
const LONGEST_LINE_BYTES = 1024 * 1024;

const PREFIX = new TextEncoder().encode(METRICS_PREFIX);
const NEWLINE = 10;

/** A piece of what a child prints. */
export interface OutputPart {
  /** Ordinary output, or a whole line that begins with {@linkcode METRICS_PREFIX}. */
  readonly kind: "output" | "metrics";
  /** The bytes as they came; those of a line with its line end, if it has one. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Takes the lines that carry metrics out of what a child prints, however it is torn. Everything else is handed on at
 * once, half lines as well; only what may still become such a line is held back, up to 1 MiB.
 */
export class MetricLineSplitter {
  readonly #held: Uint8Array<ArrayBuffer>[] = [];
  #heldBytes = 0;
  #isLineStart = true;

  /**
   * Takes what was printed.
   *
   * @param chunk The bytes.
   * @returns What can be told of it, in order; parts of the chunk, not copies.
   */
  *push(chunk: Uint8Array<ArrayBuffer>): Generator<OutputPart> {
    let from = 0;
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline === -1 ? chunk.length : newline + 1;
      if (this.#isLineStart && this.#mayGoOnWith(chunk, at)) {
        if (from < at) yield output(chunk.subarray(from, at));
        this.#hold(chunk.slice(at, end));
        from = end;
        if (newline !== -1) {
          yield { kind: "metrics", bytes: this.#release() };
        } else if (this.#heldBytes > LONGEST_LINE_BYTES) {
          yield output(this.#release());
          this.#isLineStart = false;
        }
      } else {
        if (this.#heldBytes > 0) yield output(this.#release());
        this.#isLineStart = newline !== -1;
      }
      at = end;
    }
    if (from < chunk.length) yield output(chunk.subarray(from));
  }

  /**
   * Nothing more is printed.
   *
   * @returns What was held back.
   */
  *end(): Generator<OutputPart> {
    const isLine = this.#heldBytes > PREFIX.length;
    if (this.#heldBytes === 0) return;
    yield { kind: isLine ? "metrics" : "output", bytes: this.#release() };
  }

  /** Whether what is held, and what follows it, begins as a line with metrics does. */
  #mayGoOnWith(chunk: Uint8Array, at: number): boolean {
    for (let i = this.#heldBytes; i < PREFIX.length; i++, at++) {
      if (at === chunk.length) return true;
      if (chunk[at] !== PREFIX[i]) return false;
    }
    return true;
  }

  #hold(bytes: Uint8Array<ArrayBuffer>): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #release(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const bytes of this.#held) {
      all.set(bytes, at);
      at += bytes.length;
    }
    this.#held.length = 0;
    this.#heldBytes = 0;
    return all;
  }
}

function output(bytes: Uint8Array<ArrayBuffer>): OutputPart {
  return { kind: "output", bytes };
}

/** What a line with metrics says. */
export interface MetricLine {
  /** The metric type. */
  readonly type: string;
  /** The values. */
  readonly metrics: Metrics;
  /** Step and epoch. */
  readonly position: LogPosition;
  /** The rank; 0 for the process that has the run. */
  readonly rank: number;
}

const KEYS: ReadonlySet<string> = new Set([
  "type",
  "step",
  "epoch",
  "metrics",
  "rank",
]);

/**
 * Reads a line with metrics: `EM_METRICS {"type":"train","step":1,"epoch":1,"metrics":{"loss":0.3}}`, of a rank with
 * `"rank":1` in it. What JSON cannot carry stands there as `"NaN"`, `"Infinity"` or `"-Infinity"`, with or without the quotes, as Python's `json` writes it.
 *
 * @param bytes The line.
 * @returns What it says; the types of values and step are left to be checked by who logs them.
 * @throws {SyntaxError} If it is no JSON.
 * @throws {TypeError} If it says something else.
 * @throws {RangeError} If the rank is no whole number from 0 on.
 */
export function readMetricLine(bytes: Uint8Array): MetricLine {
  const text = new TextDecoder().decode(bytes.subarray(PREFIX.length));
  const said: unknown = parseJson(text);
  if (!isMap(said)) throw new TypeError("it is no JSON object");
  const unknown = Object.keys(said).find((key) => !KEYS.has(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `"${unknown}" is none of its keys, which are ${[...KEYS].join(", ")}`,
    );
  }
  const { type, step, epoch = null, metrics, rank = 0 } = said;
  if (typeof type !== "string") throw new TypeError('"type" must be a string');
  if (!isMap(metrics)) throw new TypeError('"metrics" must be an object');
  const values = Object.entries(metrics).map(([name, value]) => [
    name,
    value === "NaN" || value === "Infinity" || value === "-Infinity"
      ? Number(value)
      : value,
  ]);
  return {
    type,
    metrics: Object.fromEntries(values),
    position: { step, epoch } as LogPosition,
    rank: checkRank(rank, '"rank"'),
  };
}

/** A string, or one of the words that Python writes where JSON has no number. */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replace(
      STRING_OR_WORD,
      (found) => found.startsWith('"') ? found : `"${found}"`,
    );
    if (quoted === text) throw error;
    return JSON.parse(quoted);
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
