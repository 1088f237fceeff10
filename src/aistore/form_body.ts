import type { Answer } from "./failure.ts";
import { CAPABILITIES_HEADER, UPLOAD_OFFSET_HEADER } from "./protocol.ts";

/** Where bytes come from. */
export interface ByteReader {
  /**
   * Reads the next bytes.
   *
   * @param buffer Takes them.
   * @returns How many there were, or `null` at the end.
   */
  read(buffer: Uint8Array): Promise<number | null>;
}

/** A part of an open file, sent as it is read: memory does not depend on its size. */
export interface FilePart {
  /** The open file; reading starts at its position. */
  readonly file: ByteReader;
  /** Exactly how many bytes are sent. */
  readonly sizeBytes: number;
  /** Sees every chunk before it goes out. */
  readonly onChunk?: (chunk: Uint8Array) => void;
}

/** What an object is made of: bytes in memory, or a part of a file. */
export type ObjectSource = Uint8Array | FilePart;

/** The file ended before the promised number of bytes: it was shortened while it was being sent. */
export class FileChangedError extends Error {
  override name = "FileChangedError";
}

/** The frame of a form with the one field `content`. */
export interface FormFrame {
  /** The header `Content-Type`. */
  readonly contentType: string;
  /** What goes before the content. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** What goes after it. */
  readonly tail: Uint8Array<ArrayBuffer>;
}

const CHUNK_BYTES = 256 * 1024;

const encoder = new TextEncoder();
const NO_FRAME = { head: new Uint8Array(), tail: new Uint8Array() };

/**
 * Frames a content the way AIStore wants it: `multipart/form-data` with one field named `content`.
 *
 * @param filename The file's base name.
 * @returns The frame, with a boundary of 128 random bits.
 */
export function formFrame(filename: string): FormFrame {
  const boundary = crypto.randomUUID().replaceAll("-", "");
  const name = filename.replace(/["\r\n]/g, (c) => encodeURIComponent(c));
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: encoder.encode(
      `--${boundary}\r\nContent-Disposition: form-data; name="content"; filename="${name}"\r\n\r\n`,
    ),
    tail: encoder.encode(`\r\n--${boundary}--\r\n`),
  };
}

/**
 * Puts a content in its frame.
 *
 * @param frame The frame.
 * @param content The content.
 * @returns The whole body.
 */
export function framed(
  frame: FormFrame,
  content: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { head, tail } = frame;
  const body = new Uint8Array(head.length + content.length + tail.length);
  body.set(head);
  body.set(content, head.length);
  body.set(tail, head.length + content.length);
  return body;
}

/**
 * Reads a part of a file, chunk by chunk. All chunks share one piece of memory: a new one for each would pile up by the
 * dozens before they are collected.
 *
 * @param part The part.
 * @returns Chunks of at most 256 KiB, together exactly `sizeBytes`; each is good until the next is asked for.
 * @throws {FileChangedError} If the file ends before.
 */
export async function* readPart(part: FilePart): AsyncGenerator<Uint8Array> {
  let left = part.sizeBytes;
  const buffer = new Uint8Array(Math.min(CHUNK_BYTES, left));
  while (left > 0) {
    const count = await part.file.read(
      buffer.subarray(0, Math.min(buffer.length, left)),
    );
    if (count === null) {
      throw new FileChangedError(`the file ended ${left} bytes early`);
    }
    const chunk = buffer.subarray(0, count);
    part.onChunk?.(chunk);
    left -= count;
    yield chunk;
  }
}

/** A request whose body is a part of a file. */
export interface StreamRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The headers, but for `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The form around the content. Default: none. */
  readonly frame?: FormFrame;
  /** The content. */
  readonly part: FilePart;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/**
 * Sends a part of a file with a `Content-Length`. `fetch` sends streams in chunked encoding only, which gateways
 * in front of an AIStore may refuse; hence Node's client.
 *
 * @param url The whole address.
 * @param options The request.
 * @returns The answer; it may come before the whole body went out.
 */
export async function sendStream(
  url: URL,
  options: StreamRequest,
): Promise<Answer> {
  const { method, headers, part, signal } = options;
  const { head, tail } = options.frame ?? NO_FRAME;
  const { request } = url.protocol === "https:"
    ? await import("node:https")
    : await import("node:http");
  const length = head.length + part.sizeBytes + tail.length;
  const outgoing = request(url, {
    method,
    agent: false,
    headers: { ...headers, "content-length": length },
  });
  const answer = readAnswer(outgoing);
  answer.catch(() => {});
  let answered = false;
  const settled = answer.then(() => answered = true, () => answered = true);
  const abort = () => outgoing.destroy(new Error("aborted"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) abort();
    outgoing.write(head);
    for await (const chunk of readPart(part)) {
      if (answered) break;
      await Promise.race([written(outgoing, chunk), settled]);
    }
    if (!answered) outgoing.end(tail);
    return await answer;
  } finally {
    signal.removeEventListener("abort", abort);
    outgoing.destroy();
  }
}

type Outgoing = import("node:http").ClientRequest;

/** Resolves when the chunk's memory can be used again. */
function written(outgoing: Outgoing, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => outgoing.write(chunk, () => resolve()));
}

function readAnswer(outgoing: Outgoing): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answering = false;
    const broken = () =>
      reject(new Error("connection closed before the answer was complete"));
    // A server that refuses a body answers, then breaks the connection off: what it says counts.
    outgoing.on("error", (error) => answering || reject(error));
    outgoing.on("close", () => answering || broken());
    outgoing.on("response", (incoming) => {
      answering = true;
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      incoming.on(
        "data",
        (chunk: Uint8Array<ArrayBuffer>) => chunks.push(chunk),
      );
      incoming.on("error", reject);
      incoming.on("close", broken);
      incoming.on("end", () => {
        resolve({
          status: incoming.statusCode ?? 0,
          text: decode(chunks),
          location: incoming.headers.location ?? null,
          retryAfter: incoming.headers["retry-after"] ?? null,
          capabilities: incoming.headers[CAPABILITIES_HEADER]?.toString() ??
            null,
          uploadOffset: incoming.headers[UPLOAD_OFFSET_HEADER]?.toString() ??
            null,
        });
      });
    });
  });
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join(
    "",
  ) + decoder.decode();
}
