import type { TimeLimit } from "./time_limit.ts";

/** Memory with bytes in it. */
export interface FilledBuffer {
  /** The memory; the one that was given is no longer of use. */
  readonly buffer: ArrayBuffer;
  /** How many bytes of it are filled, from its start. */
  readonly count: number;
}

/** How exactly the time between two reads is limited. */
const TIMER_STEP_MS = 1000;

/** A successful answer whose body is read piece by piece. Each read must be over within the request's time limit. */
export class AnswerBody {
  /** The HTTP status, 200 to 299. */
  readonly status: number;
  /** The answer's headers. */
  readonly headers: Headers;
  readonly #limit: TimeLimit;
  readonly #source: Source;

  /**
   * @param response The answer, not yet read.
   * @param limit The request's time limit, which ends with the body.
   */
  constructor(response: Response, limit: TimeLimit) {
    this.status = response.status;
    this.headers = response.headers;
    this.#limit = limit;
    this.#source = sourceOf(response.body ?? new Blob().stream());
  }

  /**
   * Reads until a buffer is full or the body ends.
   *
   * @param buffer Takes the bytes. It moves: go on with the one in the answer.
   * @returns The bytes; less than the buffer can take only at the end.
   * @throws {EmError} If the connection breaks; what came into this buffer is lost then.
   */
  async fill(buffer: ArrayBuffer): Promise<FilledBuffer> {
    return await this.#timed(async () => {
      let filled: FilledBuffer = { buffer, count: 0 };
      let sinceMs = performance.now();
      while (filled.count < filled.buffer.byteLength) {
        const before = filled.count;
        filled = await this.#source.read(filled);
        if (filled.count === before) break;
        const nowMs = performance.now();
        // To set a timer takes longer than to read.
        if (nowMs - sinceMs < TIMER_STEP_MS) continue;
        sinceMs = nowMs;
        this.#limit.restart();
      }
      if (filled.count < filled.buffer.byteLength) this.#limit.end();
      return filled;
    });
  }

  /** Gives up what was not read. */
  async cancel(): Promise<void> {
    this.#limit.end();
    await this.#source.cancel();
  }

  /**
   * The body as a stream of pieces.
   *
   * @param pieceBytes The longest piece.
   * @returns The stream; read or cancel it.
   */
  stream(pieceBytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      pull: async (controller) => {
        const empty = { buffer: new ArrayBuffer(pieceBytes), count: 0 };
        const { buffer, count } = await this.#timed(() =>
          this.#source.read(empty)
        );
        if (count > 0) {
          return controller.enqueue(new Uint8Array(buffer, 0, count));
        }
        this.#limit.end();
        controller.close();
      },
      cancel: () => this.cancel(),
    }, { highWaterMark: 0 });
  }

  /** Reads within the time limit, which rests between reads. */
  async #timed(read: () => Promise<FilledBuffer>): Promise<FilledBuffer> {
    this.#limit.restart();
    try {
      return await read();
    } catch (error) {
      this.#limit.end();
      throw this.#limit.explain(error);
    } finally {
      this.#limit.pause();
    }
  }
}

/** Reads a body into memory that is given to it. */
interface Source {
  /** Adds bytes, and none only at the end. */
  read(filled: FilledBuffer): Promise<FilledBuffer>;
  cancel(): Promise<void>;
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

function sourceOf(body: Bytes): Source {
  const reader = intoOwnMemory(body);
  if (reader === undefined) return new ChunkSource(body);
  return {
    async read({ buffer, count }) {
      const { value } = await reader.read(new Uint8Array(buffer, count));
      if (value === undefined) return { buffer: new ArrayBuffer(0), count: 0 };
      return { buffer: value.buffer, count: count + value.length };
    },
    cancel: () => reader.cancel(),
  };
}

/** Bodies from the net can be read into memory that is used again and again, others need not. */
function intoOwnMemory(body: Bytes): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** A body that comes in chunks of its own, which are copied. */
class ChunkSource implements Source {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #rest = new Uint8Array();

  constructor(body: Bytes) {
    this.#reader = body.getReader();
  }

  async read({ buffer, count }: FilledBuffer): Promise<FilledBuffer> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#reader.read();
      if (done) return { buffer, count };
      this.#rest = value;
    }
    const piece = this.#rest.subarray(0, buffer.byteLength - count);
    new Uint8Array(buffer).set(piece, count);
    this.#rest = this.#rest.subarray(piece.length);
    return { buffer, count: count + piece.length };
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
