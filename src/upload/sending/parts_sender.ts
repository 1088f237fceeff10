import type { Clock } from "../../aistore/backoff.ts";
import { type FilePart, readPart } from "../../aistore/form_body.ts";
import type { MultipartUpload, SentPart } from "../../aistore/multipart.ts";
import { crcETag, type PartRecord } from "../../aistore/protocol.ts";
import { ConnectionError } from "../../errors.ts";
import type { SharedFile } from "./shared_file.ts";
import { tryAgain } from "../gate/try_again.ts";

/** How many parts of one file are under way at the same time. Each takes a buffer of 256 KiB. */
export const PARTS_AT_ONCE = 4;

/** What a {@linkcode PartsSender} sends. */
export interface PartsSenderOptions {
  /** The file. */
  readonly file: SharedFile;
  /** How much of it. */
  readonly sizeBytes: number;
  /** The size of every part but the last. */
  readonly partBytes: number;
  /** What the server has from an earlier attempt. */
  readonly received: readonly PartRecord[];
  /** Whether the server's answer to a part is its {@linkcode crcETag}, so that a part damaged on the way is noticed. */
  readonly isETagCrc: boolean;
  /** Is told how many bytes go out. */
  readonly onSent: (bytes: number) => void;
  /** The time. */
  readonly clock: Clock;
}

/** Makes the server have all parts of a file. */
export class PartsSender {
  readonly #upload: MultipartUpload;
  readonly #options: PartsSenderOptions;
  readonly #received: ReadonlyMap<number, PartRecord>;

  /**
   * @param upload Where the parts go.
   * @param options What to send.
   */
  constructor(upload: MultipartUpload, options: PartsSenderOptions) {
    this.#upload = upload;
    this.#options = options;
    this.#received = new Map(
      options.received.map((part) => [part.partNumber, part]),
    );
  }

  /**
   * Sends what is missing. The first part that fails for good ends the others.
   *
   * @param signal Ends the sending.
   * @returns All parts, by number.
   */
  async run(signal: AbortSignal): Promise<SentPart[]> {
    const { sizeBytes, partBytes } = this.#options;
    const count = Math.ceil(sizeBytes / partBytes);
    const etags = new Array<string>(count);
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const errors: unknown[] = [];
    let next = 1;
    const work = async () => {
      while (next <= count && !either.aborted) {
        const partNumber = next++;
        try {
          etags[partNumber - 1] = await this.#provide(partNumber, either);
        } catch (error) {
          errors.push(error);
          failed.abort();
        }
      }
    };
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work));
    signal.throwIfAborted();
    if (errors.length > 0) throw errors[0];
    return etags.map((etag, at) => ({ etag, partNumber: at + 1 }));
  }

  /** Makes the server have a part; what it calls it. */
  async #provide(partNumber: number, signal: AbortSignal): Promise<string> {
    const { file, sizeBytes, partBytes, clock } = this.#options;
    const start = (partNumber - 1) * partBytes;
    const size = Math.min(partBytes, sizeBytes - start);
    const received = this.#received.get(partNumber);
    if (received?.size === size) {
      const part = { file: file.from(start), sizeBytes: size };
      if (await etagOf(part, signal) === received.eTag) return received.eTag;
    }
    return await tryAgain(
      () => this.#send(partNumber, { start, size, signal }),
      {
        signal,
        clock,
      },
    );
  }

  async #send(
    partNumber: number,
    part: {
      readonly start: number;
      readonly size: number;
      readonly signal: AbortSignal;
    },
  ): Promise<string> {
    const { start, size, signal } = part;
    const { file, isETagCrc, onSent } = this.#options;
    const { crc32 } = await import("node:zlib");
    let crc = 0;
    const etag = await this.#upload.putPart({
      partNumber,
      source: {
        file: file.from(start),
        sizeBytes: size,
        onChunk(chunk) {
          crc = crc32(chunk, crc);
          onSent(chunk.length);
        },
      },
      signal,
    });
    if (isETagCrc && etag !== crcETag(crc)) {
      throw new ConnectionError(
        this.#upload.host,
        `part ${partNumber} did not arrive as it was sent`,
      );
    }
    return etag;
  }
}

/** What our own server calls a part. */
async function etagOf(part: FilePart, signal: AbortSignal): Promise<string> {
  const { crc32 } = await import("node:zlib");
  let crc = 0;
  for await (const chunk of readPart(part)) {
    signal.throwIfAborted();
    crc = crc32(chunk, crc);
  }
  return crcETag(crc);
}
