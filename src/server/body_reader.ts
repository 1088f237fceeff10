/**
 * The body of a request, read through two buffers.
 *
 * @module
 */

import { buffers, type OwnBuffer } from "./buffer_pool.ts";
import { BUFFER_BYTES, MIN_BODY_BUFFER_BYTES } from "./limits.ts";
import { ReceivedBody } from "./operations/received_body.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { Meter } from "./request_data.ts";

/** How a {@linkcode BodyReader} reads. */
export interface BodyReaderOptions {
  /** Counts the bytes. */
  readonly meter: Meter;
  /** What is said of a body that breaks off. */
  readonly broken: string;
}

/** Reads into a buffer; how many bytes came, and the buffer that they are in, which need not be the one that was given. */
type Read = (
  buffer: OwnBuffer,
  at: number,
) => Promise<
  { readonly count: number; readonly buffer: OwnBuffer }
>;

/**
 * Reads a body in large pieces. Memory does not depend on its length, nor on when garbage is collected: two buffers take
 * turns.
 */
export class BodyReader implements Disposable {
  readonly #read: Read;
  readonly #body: ReceivedBody;
  readonly #options: BodyReaderOptions;
  readonly #capacity: number;
  #current: OwnBuffer = new Uint8Array();
  #spare: OwnBuffer = new Uint8Array();
  #ended = false;

  /**
   * @param request The request.
   * @param options What counts the bytes.
   */
  constructor(request: Request, options: BodyReaderOptions) {
    this.#options = options;
    const { read, cancel } = readInto(request.body);
    this.#read = read;
    this.#body = new ReceivedBody(request, cancel);
    const length = Number(request.headers.get("content-length") ?? Infinity);
    this.#capacity = Math.min(
      Math.max(length, MIN_BODY_BUFFER_BYTES),
      BUFFER_BYTES,
    );
  }

  /**
   * Reads on until a buffer is full.
   *
   * @param rest What of the piece before is to stand at the beginning of this one.
   * @returns That, and what came; nothing else came if the body is over. It is good until the call after the next.
   * @throws {Refusal} If the body breaks off.
   */
  async next(rest: Uint8Array = new Uint8Array()): Promise<Uint8Array> {
    let buffer = this.#spare;
    if (buffer.length === 0) buffer = this.#newBuffer();
    buffer.set(rest);
    let filled = rest.length;
    while (!this.#ended && filled < buffer.length) {
      const read = await this.#readOn(buffer, filled);
      buffer = read.buffer;
      filled += read.count;
      this.#options.meter.receivedBodyBytes += read.count;
      this.#ended = read.count === 0;
    }
    this.#spare = this.#current;
    this.#current = buffer;
    return buffer.subarray(0, filled);
  }

  /**
   * Reads the whole body.
   *
   * @returns The pieces; each is good until the one after the next is asked for.
   * @throws {Refusal} If the body breaks off.
   */
  async *pieces(): AsyncGenerator<Uint8Array> {
    while (true) {
      const piece = await this.next();
      if (piece.length === 0) return;
      yield piece;
    }
  }

  /** Ends the reading. Nobody may look at a piece any more. */
  [Symbol.dispose](): void {
    this.#ended = true;
    buffers.give([this.#current, this.#spare]);
    this.#current = this.#spare = new Uint8Array();
  }

  #newBuffer(): OwnBuffer {
    return this.#capacity === BUFFER_BYTES
      ? buffers.take()
      : new Uint8Array(this.#capacity);
  }

  async #readOn(
    buffer: OwnBuffer,
    at: number,
  ): ReturnType<Read> {
    try {
      return await this.#body.wait(() => this.#read(buffer, at));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // Whatever it was, the client's bytes are not there.
      throw invalid(this.#options.broken);
    }
  }
}

interface BodySource {
  readonly read: Read;
  /** Ends a read that is under way. */
  readonly cancel: () => void;
}

function readInto(body: Request["body"]): BodySource {
  if (body === null) {
    const read: Read = (buffer) => Promise.resolve({ count: 0, buffer });
    return { read, cancel: () => {} };
  }
  try {
    const reader = body.getReader({ mode: "byob" });
    const read: Read = async (buffer, at) => {
      const { value } = await reader.read(buffer.subarray(at));
      if (value === undefined) throw new Error("the body was given up");
      return { count: value.length, buffer: new Uint8Array(value.buffer) };
    };
    return { read, cancel: () => giveUp(reader) };
  } catch (error) {
    // A stream that was made in this process rather than by a connection need not be one of bytes.
    if (!(error instanceof TypeError)) throw error;
    const reader = body.getReader();
    return { read: copyInto(reader), cancel: () => giveUp(reader) };
  }
}

function giveUp(
  reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array>,
): void {
  reader.cancel().catch(() => {});
}

function copyInto(reader: ReadableStreamDefaultReader<Uint8Array>): Read {
  let left: Uint8Array = new Uint8Array();
  return async (buffer, at) => {
    while (left.length === 0) {
      const { done, value } = await reader.read();
      if (done) return { count: 0, buffer };
      left = value;
    }
    const count = Math.min(left.length, buffer.length - at);
    buffer.set(left.subarray(0, count), at);
    left = left.subarray(count);
    return { count, buffer };
  };
}
