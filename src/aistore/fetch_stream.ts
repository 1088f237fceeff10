import type { Answer } from "./failure.ts";
import { NO_FRAME, readPart } from "./form_body.ts";
import { readAnswer } from "./read_answer.ts";
import type { StreamRequest } from "./send_stream.ts";

/** `fetch` holds a few chunks at a time, each in memory of its own. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Sends a part of a file with a `Content-Length` by `fetch`, which goes through a proxy where one is set. It costs more
 * time and memory than {@linkcode sendStream}, and an answer that comes early is lost if the connection breaks then.
 *
 * @param url The whole address.
 * @param options The request.
 * @returns The answer.
 */
export async function fetchStream(
  url: URL,
  options: StreamRequest & { readonly fetch: typeof fetch },
): Promise<Answer> {
  const { method, headers, part, signal } = options;
  const { head, tail } = options.frame ?? NO_FRAME;
  const pieces = readPieces(options);
  const stream = ReadableStream.from(pieces);
  const sizeBytes = head.length + part.sizeBytes + tail.length;
  const sized = new SizedBody(stream, sizeBytes);
  const common = { method, headers, signal, redirect: "manual" } as const;
  const request = new Request(url, { ...common, body: sized });
  try {
    return await readAnswer(
      await options.fetch(
        // A body whose size is not believed goes in chunked encoding.
        sized.isAsked ? request : new Request(url, { ...common, body: stream }),
      ),
    );
  } catch (error) {
    throw pieces.error ?? error;
  } finally {
    // Nobody reads the file any more when this is over.
    await pieces.return();
  }
}

type Piece = Uint8Array<ArrayBuffer>;
type Pieces = AsyncIterableIterator<Piece> & {
  /** Why the file could not be read, if so. */
  readonly error: unknown;
  return(): Promise<IteratorResult<Piece>>;
};

function readPieces({ frame, part }: StreamRequest): Pieces {
  const { head, tail } = frame ?? NO_FRAME;
  let error: unknown;
  async function* read(): AsyncGenerator<Piece, undefined> {
    try {
      yield head;
      for await (const chunk of readPart(part, CHUNK_BYTES)) {
        yield chunk.slice();
      }
      yield tail;
    } catch (cause) {
      error = cause;
      throw cause;
    }
  }
  const pieces = read();
  return {
    next: () => pieces.next(),
    return: () => pieces.return(undefined),
    [Symbol.asyncIterator]() {
      return this;
    },
    get error() {
      return error;
    },
  };
}

/**
 * A stream of a known size. `fetch` sends a stream in chunked encoding, which gateways in front of an AIStore may refuse,
 * but a `Blob` with its size.
 */
class SizedBody extends Blob {
  /** Whether the stream was asked for. */
  isAsked = false;
  readonly #stream: ReadableStream<Piece>;
  readonly #sizeBytes: number;

  constructor(stream: ReadableStream<Piece>, sizeBytes: number) {
    super();
    this.#stream = stream;
    this.#sizeBytes = sizeBytes;
  }

  override get size(): number {
    return this.#sizeBytes;
  }

  override stream(): ReadableStream<Piece> {
    this.isAsked = true;
    return this.#stream;
  }
}
