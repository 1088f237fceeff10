import type { Hash } from "node:crypto";
import { FileChangedError, readPart } from "../../aistore/form_body.ts";
import type { SharedFile } from "./shared_file.ts";

/** How many bytes at either end of what was read are kept to tell whether they are still there. */
const SAMPLE_BYTES = 4096;

/**
 * The MD5 of the beginning of a file, which can be carried on when the file has grown, without reading it again from its
 * beginning.
 */
export class ContentHash {
  readonly #hash: Hash;
  #head = new Uint8Array();
  #tail = new Uint8Array();
  #sizeBytes = 0;

  private constructor(hash: Hash) {
    this.#hash = hash;
  }

  /**
   * Begins with nothing.
   *
   * @returns The MD5 of no bytes.
   */
  static async begin(): Promise<ContentHash> {
    const { createHash } = await import("node:crypto");
    return new ContentHash(createHash("md5"));
  }

  /** How many bytes were seen. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The MD5 of the bytes that were seen, lower-case hex. */
  get checksum(): string {
    return this.#hash.copy().digest("hex");
  }

  /**
   * Adds the next bytes.
   *
   * @param chunk The bytes; they may be overwritten afterwards.
   */
  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#sizeBytes += chunk.length;
    if (this.#head.length < SAMPLE_BYTES) {
      this.#head = joined(
        this.#head,
        chunk.subarray(0, SAMPLE_BYTES - this.#head.length),
      );
    }
    this.#tail = chunk.length >= SAMPLE_BYTES
      ? chunk.slice(-SAMPLE_BYTES)
      : joined(this.#tail, chunk).slice(-SAMPLE_BYTES);
  }

  /**
   * Reads on in a file.
   *
   * @param file The file.
   * @param sizeBytes How many bytes.
   * @param signal Breaks the reading off.
   * @throws {FileChangedError} If the file ends before.
   */
  async read(
    file: SharedFile,
    sizeBytes: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const part = { file: file.from(this.#sizeBytes), sizeBytes };
    for await (const chunk of readPart(part)) {
      signal?.throwIfAborted();
      this.add(chunk);
    }
  }

  /**
   * Makes one that goes its own way from here.
   *
   * @returns The copy.
   */
  copy(): ContentHash {
    const copy = new ContentHash(this.#hash.copy());
    copy.#head = this.#head;
    copy.#tail = this.#tail;
    copy.#sizeBytes = this.#sizeBytes;
    return copy;
  }

  /**
   * Looks whether the bytes at either end of what was seen are still there. It is a probe, no proof.
   *
   * @param file The file.
   * @returns Whether they are.
   */
  async isStillIn(file: SharedFile): Promise<boolean> {
    return await isAt(file, 0, this.#head) &&
      await isAt(file, this.#sizeBytes - this.#tail.length, this.#tail);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

async function isAt(
  file: SharedFile,
  start: number,
  wanted: Uint8Array,
): Promise<boolean> {
  try {
    const found = await file.bytes(start, wanted.length);
    return found.every((byte, at) => byte === wanted[at]);
  } catch (error) {
    if (error instanceof FileChangedError) return false;
    throw error;
  }
}
