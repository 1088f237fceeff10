import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Md5Thread } from "./md5_thread.ts";

/** How large a piece of a large object is: larger ones leave the processor's cache, smaller ones are too many to hand around. */
export const PIECE_BYTES = 512 * 1024;

/** How many pieces of one object are in memory at most. */
const DEPTH = 8;

let nextId = 1;

/** A sum that is computed at once. */
interface Sum {
  update(bytes: Uint8Array): void;
  digest(): string;
}

/** How {@linkcode PieceHash} computes. */
export interface PieceHashOptions {
  /** Which checksum. Default: `md5`. */
  readonly kind?: "md5" | "crc32";
  /** Where an MD5 is computed. Default: here. */
  readonly thread?: Md5Thread | undefined;
}

/**
 * The checksum of one object that comes in pieces, and the memory for these. With a thread it is computed there, otherwise
 * at once.
 */
export class PieceHash {
  readonly #thread: Md5Thread | undefined;
  readonly #id = nextId++;
  readonly #pieceBytes: number;
  readonly #local: Sum;
  readonly #free: ArrayBuffer[] = [];
  readonly #busy = new Set<Promise<void>>();
  #failure: unknown;

  /**
   * @param sizeBytes How long the object is about.
   * @param options Which checksum, and where it is computed.
   */
  constructor(sizeBytes: number, options: PieceHashOptions = {}) {
    const { kind = "md5", thread } = options;
    // One more than there should be shows what is too long.
    this.#pieceBytes = Math.min(PIECE_BYTES, sizeBytes + 1);
    this.#thread = kind === "md5" ? thread : undefined;
    this.#local = kind === "md5" ? md5Sum() : crc32Sum();
  }

  /**
   * Gives memory for a piece, when there is some.
   *
   * @returns The memory.
   * @throws {Error} If the thread has ended.
   */
  async buffer(): Promise<ArrayBuffer> {
    while (this.#free.length === 0 && this.#busy.size >= DEPTH) {
      await Promise.race(this.#busy);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#free.pop() ?? new ArrayBuffer(this.#pieceBytes);
  }

  /**
   * Adds a piece.
   *
   * @param buffer Memory of {@linkcode PieceHash.buffer}, which is given back hereby.
   * @param count How many bytes it holds.
   */
  add(buffer: ArrayBuffer, count: number): void {
    if (this.#thread === undefined) {
      this.#local.update(new Uint8Array(buffer, 0, count));
      this.#free.push(buffer);
      return;
    }
    const added = this.#thread.add(this.#id, buffer, count).then(
      (back) => void this.#free.push(back),
      (error) => {
        this.#failure = error;
      },
    ).finally(() => this.#busy.delete(added));
    this.#busy.add(added);
  }

  /**
   * Ends the sum, also one that is of no interest any more.
   *
   * @returns Lower-case hex.
   * @throws {Error} If the thread has ended.
   */
  async digest(): Promise<string> {
    if (this.#thread === undefined) return this.#local.digest();
    return await this.#thread.digest(this.#id);
  }
}

function md5Sum(): Sum {
  const hash = createHash("md5");
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest("hex"),
  };
}

function crc32Sum(): Sum {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => crc.toString(16).padStart(8, "0"),
  };
}
