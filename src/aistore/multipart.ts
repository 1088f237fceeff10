import { isRecord, isUploadMissing } from "./answers.ts";
import type { FilePart } from "./form_body.ts";
import type { PartListing, PartRecord } from "./protocol.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** Up to this size an object goes in one request, as in the Python SDK. */
export const SINGLE_PUT_BYTES = 100 * 1024 * 1024;

const MIB = 1024 * 1024;
const MAX_OBJECT_BYTES = 25_000_000 * MIB;
const PATH = "/apis/v1/objects/multipart";

/**
 * The size of the parts of a large object: as many MiB as the root of its size in MiB, rounded down.
 *
 * @param sizeBytes The object's size.
 * @returns The size of every part but the last.
 * @throws {RangeError} If it is more than AIStore takes.
 */
export function partBytes(sizeBytes: number): number {
  if (sizeBytes > MAX_OBJECT_BYTES) {
    throw new RangeError(
      `Cannot send an object of ${sizeBytes} bytes: AIStore takes at most ${MAX_OBJECT_BYTES}`,
    );
  }
  return Math.max(1, Math.floor(Math.sqrt(sizeBytes / MIB))) * MIB;
}

/** A part that was sent. */
export interface SentPart {
  /** Its number, from 1. */
  readonly partNumber: number;
  /** What the server answered. */
  readonly etag: string;
}

/** A part that is to be sent. */
export interface PutPartOptions extends RequestOptions {
  /** Its number, from 1. */
  readonly partNumber: number;
  /** Its content. */
  readonly source: FilePart;
}

/** How an upload is completed. */
export interface CompleteOptions extends RequestOptions {
  /** The size of the whole object. */
  readonly sizeBytes: number;
}

/** An object on its way in parts. It retries nothing: every failure is thrown. */
export class MultipartUpload {
  /** The upload's id. */
  readonly id: string;
  readonly #transport: Transport;
  readonly #query: readonly (readonly [string, string])[];
  readonly #path: string;

  /**
   * @param transport Sends the requests.
   * @param path The object's whole path.
   * @param id The upload's id.
   */
  constructor(transport: Transport, path: string, id: string) {
    this.id = id;
    this.#transport = transport;
    this.#query = [["path", path]];
    this.#path = `${PATH}/${encodeURIComponent(id)}`;
  }

  /** The server's address. */
  get host(): string {
    return this.#transport.host;
  }

  /**
   * Begins an upload.
   *
   * @param transport Sends the requests.
   * @param path The object's whole path.
   * @param options Abort.
   * @returns The upload.
   */
  static async begin(
    transport: Transport,
    path: string,
    options: RequestOptions = {},
  ): Promise<MultipartUpload> {
    const { uploadId } = await transport.json({
      method: "POST",
      path: PATH,
      query: [["path", path]],
      ...options,
    }, hasUploadId);
    return new MultipartUpload(transport, path, uploadId);
  }

  /**
   * Sends a part, in place of the one with its number.
   *
   * @param options The part.
   * @returns What the server calls it: our own server its MD5, another anything.
   */
  async putPart(options: PutPartOptions): Promise<string> {
    const { partNumber, source, signal } = options;
    const { eTag } = await this.#transport.json({
      method: "PUT",
      path: this.#path,
      query: [...this.#query, ["partNumber", `${partNumber}`]],
      content: { source, filename: "content" },
      signal,
    }, hasETag);
    return eTag;
  }

  /**
   * Asks which parts the server has. Only for a server that has the capability {@linkcode MULTIPART_LIST}.
   *
   * @param options Abort.
   * @returns The parts, or undefined if the server does not know the upload any more.
   */
  async parts(
    options: RequestOptions = {},
  ): Promise<readonly PartRecord[] | undefined> {
    try {
      const { parts } = await this.#transport.json({
        method: "GET",
        path: this.#path,
        query: this.#query,
        ...options,
      }, isPartListing);
      return parts;
    } catch (error) {
      if (isUploadMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Makes the parts one object.
   *
   * @param parts All parts, by rising number.
   * @param options The object's size, and abort.
   * @returns The MD5 of the object if the server says it.
   */
  async complete(
    parts: readonly SentPart[],
    options: CompleteOptions,
  ): Promise<string | undefined> {
    const { sizeBytes, signal } = options;
    const text = await this.#transport.text({
      method: "POST",
      path: this.#path,
      query: this.#query,
      json: {
        parts: parts.map(({ etag, partNumber }) => ({ etag, partNumber })),
      },
      movedBytes: sizeBytes,
      signal,
    });
    return checksumIn(text);
  }

  /** Tells the server to forget the parts, as far as it can be told. */
  async abort(): Promise<void> {
    await this.#transport.text({
      method: "DELETE",
      path: this.#path,
      query: this.#query,
    }).catch(() => {});
  }
}

/** The checksum in an object's record; AIStore's answer need not be one. */
function checksumIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value.checksum === "string" &&
        /^[0-9a-f]{32}$/.test(value.checksum)
      ? value.checksum
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function hasUploadId(value: unknown): value is { readonly uploadId: string } {
  return isRecord(value) && typeof value.uploadId === "string";
}

function hasETag(value: unknown): value is { readonly eTag: string } {
  return isRecord(value) && typeof value.eTag === "string";
}

function isPartListing(value: unknown): value is PartListing {
  return isRecord(value) && Array.isArray(value.parts) &&
    value.parts.every((part) =>
      isRecord(part) && typeof part.partNumber === "number" &&
      typeof part.size === "number" && typeof part.eTag === "string"
    );
}
