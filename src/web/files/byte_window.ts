/**
 * A part of an object that slides over it, so that objects of any size can be looked at.
 *
 * @module
 */

import { countLines } from "./lines.ts";

/** Reads a range of an object: from the first byte to the one that is not wanted, or to the end. */
export type ReadBytes = (
  range: { readonly from: number; readonly to?: number },
  signal: AbortSignal,
) => Promise<
  { readonly bytes: Uint8Array; readonly from: number; readonly size: number }
>;

/** What is at hand of an object. */
export interface Part {
  /** The bytes at hand. */
  readonly bytes: Uint8Array;
  /** Where in the object they begin. */
  readonly from: number;
  /** How long the object is, as far as is known. */
  readonly size: number;
  /** How many lines end before; undefined where that is not known. */
  readonly linesBefore: number | undefined;
  /** Another one when the object was replaced, or another part of it was opened. */
  readonly generation: number;
}

/** How a {@linkcode ByteWindow} works. */
export interface ByteWindowOptions {
  readonly read: ReadBytes;
  /** The object's size, as far as is known. */
  readonly size: number;
  /** How much is read at once. Default: 256 KiB. */
  readonly stepBytes?: number;
  /** How much is kept. Default: 4 MiB. */
  readonly maxBytes?: number;
  /** How many lines are kept. Default: 200 000. */
  readonly maxLines?: number;
  /** Told when there is something else at hand. */
  readonly onChange: (part: Part) => void;
  /** Told what went wrong; undefined when it is well again. */
  readonly onError: (error: Error | undefined) => void;
}

/** Slides over an object. One thing is read at a time; what is asked for meanwhile is not done. */
export class ByteWindow {
  readonly #options: Required<ByteWindowOptions>;
  readonly #abort = new AbortController();
  #part: Part;
  #isBusy = false;

  /** @param options How it works. */
  constructor(options: ByteWindowOptions) {
    this.#options = {
      stepBytes: 256 * 1024,
      maxBytes: 4 * 1024 * 1024,
      maxLines: 200_000,
      ...options,
    };
    this.#part = {
      bytes: new Uint8Array(0),
      from: 0,
      size: options.size,
      linesBefore: 0,
      generation: 0,
    };
  }

  /** What is at hand. */
  get part(): Part {
    return this.#part;
  }

  /** Whether the end of the object is at hand. */
  get isAtEnd(): boolean {
    const { from, bytes, size } = this.#part;
    return from + bytes.length >= size;
  }

  /** Ends all that is under way. */
  close(): void {
    this.#abort.abort();
  }

  /** Opens the part of the object around a byte. */
  openAt(offset: number): Promise<void> {
    const { stepBytes } = this.#options;
    return this.#open(Math.max(0, Math.floor(offset - stepBytes / 2)));
  }

  /** Opens the end of the object. */
  openEnd(): Promise<void> {
    return this.#open(Math.max(0, this.#part.size - this.#options.stepBytes));
  }

  /** Reads what lies before. */
  earlier(): Promise<void> {
    return this.#alone(async (signal) => {
      const { from: to, generation } = this.#part;
      if (to === 0) return;
      const from = Math.max(0, to - this.#options.stepBytes);
      const { bytes } = await this.#options.read({ from, to }, signal);
      const part = this.#part;
      if (part.generation !== generation || bytes.length !== to - from) return;
      const { linesBefore } = part;
      this.#set(this.#trim({
        ...part,
        bytes: join(bytes, part.bytes),
        from,
        linesBefore: from === 0
          ? 0
          : linesBefore && linesBefore - countLines(bytes),
      }, "end"));
    });
  }

  /** Reads what lies behind. */
  later(): Promise<void> {
    return this.#alone(async (signal) => {
      if (!this.isAtEnd) await this.#readOn(signal);
    });
  }

  /**
   * Looks whether the object has grown, or is another one now.
   *
   * @param wants Whether what is new is wanted, or only how long the object is.
   */
  refresh(wants: boolean): Promise<void> {
    return this.#alone(async (signal) => {
      const { bytes, from, size } = this.#part;
      const last = from + bytes.length - 1;
      if (bytes.length === 0 || size === 0) {
        await this.#reopen(signal);
        return;
      }
      const to = last + 1 +
        (wants && this.isAtEnd ? this.#options.stepBytes : 0);
      const read = await this.#options.read({ from: last, to }, signal)
        .catch((error) => {
          // A range outside of the object: it is shorter now.
          if (error?.status === 416) return undefined;
          throw error;
        });
      if (read === undefined || read.bytes[0] !== bytes.at(-1)) {
        await this.#reopen(signal);
        return;
      }
      this.#append(read.bytes.subarray(1), read.size);
    });
  }

  async #reopen(signal: AbortSignal): Promise<void> {
    const { read, stepBytes } = this.#options;
    const found = await read({ from: -stepBytes }, signal).catch((error) => {
      // There is nothing in it.
      if (error?.status === 416) {
        return { bytes: new Uint8Array(0), from: 0, size: 0 };
      }
      throw error;
    });
    this.#show(found);
  }

  #open(from: number): Promise<void> {
    return this.#alone(async (signal) => {
      const { read, stepBytes } = this.#options;
      const { size } = this.#part;
      if (size === 0) {
        this.#show({ bytes: new Uint8Array(0), from: 0, size: 0 });
        return;
      }
      const to = Math.max(from + stepBytes, 1);
      this.#show(await read({ from: Math.min(from, size - 1), to }, signal));
    });
  }

  async #readOn(signal: AbortSignal): Promise<void> {
    const { bytes, from } = this.#part;
    const at = from + bytes.length;
    const read = await this.#options.read(
      { from: at, to: at + this.#options.stepBytes },
      signal,
    );
    if (read.from === at) this.#append(read.bytes, read.size);
  }

  #append(bytes: Uint8Array, size: number): void {
    const part = this.#part;
    if (bytes.length === 0 && size === part.size) return;
    this.#set(
      this.#trim({ ...part, bytes: join(part.bytes, bytes), size }, "start"),
    );
  }

  #show(
    { bytes, from, size }: { bytes: Uint8Array; from: number; size: number },
  ): void {
    const generation = this.#part.generation + 1;
    const linesBefore = from === 0 ? 0 : undefined;
    this.#set({ bytes, from, size, linesBefore, generation });
  }

  /** Lets go of what is too much, on one side. */
  #trim(part: Part, side: "start" | "end"): Part {
    const { maxBytes, maxLines } = this.#options;
    const { bytes, from, linesBefore } = part;
    const lines = countLines(bytes);
    let drop = Math.max(0, bytes.length - maxBytes);
    if (lines > maxLines) {
      const wanted = lines - maxLines;
      drop = Math.max(drop, placeOfLine(bytes, wanted, side));
    }
    if (drop === 0) return part;
    if (side === "end") {
      return { ...part, bytes: bytes.slice(0, bytes.length - drop) };
    }
    const dropped = countLines(bytes.subarray(0, drop));
    return {
      ...part,
      bytes: bytes.slice(drop),
      from: from + drop,
      linesBefore: linesBefore === undefined
        ? undefined
        : linesBefore + dropped,
    };
  }

  #set(part: Part): void {
    this.#part = part;
    this.#options.onChange(part);
  }

  async #alone(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    if (this.#isBusy || signal.aborted) return;
    this.#isBusy = true;
    try {
      await work(signal);
      if (!signal.aborted) this.#options.onError(undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.onError(
        error instanceof Error ? error : new Error(String(error)),
      );
    } finally {
      this.#isBusy = false;
    }
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** How many bytes the first or last so many lines are long. */
function placeOfLine(
  bytes: Uint8Array,
  lines: number,
  side: "start" | "end",
): number {
  // What ends the last line but those is not theirs.
  let left = side === "start" ? lines : lines + 1;
  for (let i = 0; i < bytes.length; i++) {
    const at = side === "start" ? i : bytes.length - 1 - i;
    if (bytes[at] === 10 && --left === 0) return side === "start" ? i + 1 : i;
  }
  return bytes.length;
}
