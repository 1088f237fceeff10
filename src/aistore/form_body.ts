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

/** The frame of a body that is not a form. */
export const NO_FRAME: Pick<FormFrame, "head" | "tail"> = {
  head: new Uint8Array(),
  tail: new Uint8Array(),
};

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
 * @param chunkBytes The longest chunk. Default: 256 KiB.
 * @returns Chunks, together exactly `sizeBytes`; each is good until the next is asked for.
 * @throws {FileChangedError} If the file ends before.
 */
export async function* readPart(
  part: FilePart,
  chunkBytes = CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  let left = part.sizeBytes;
  const buffer = new Uint8Array(Math.min(chunkBytes, left));
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
