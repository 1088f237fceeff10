import type { AnswerBody } from "./answer_body.ts";
import { isObjectRecord } from "./answers.ts";
import type { ObjectSource } from "./form_body.ts";
import { MultipartUpload, SINGLE_PUT_BYTES } from "./multipart.ts";
import { NodeClient } from "./node_client.ts";
import type { ObjectRecord } from "./protocol.ts";
import type { Call } from "./call.ts";
import type { RequestOptions } from "./transport.ts";

/** Which part of an object is to be read. */
export interface OpenObjectOptions extends RequestOptions {
  /** The first byte that is wanted, counted from 0. Default: 0. */
  readonly start?: number | undefined;
  /** The entity tag of what was read before: if the object has another one now, the whole of it is wanted. Default: none. */
  readonly etag?: string | undefined;
}

/** What {@linkcode AIStoreClient.appendObject} appends. */
export interface AppendObjectOptions extends RequestOptions {
  /** The bytes. */
  readonly source: ObjectSource;
  /** Where they go: how long the object is before. */
  readonly offsetBytes: number;
}

/** What became of bytes that were appended to an object. */
export type AppendObjectResult =
  | {
    /** They are there. */
    readonly state: "appended";
    /** The size of the whole object. */
    readonly sizeBytes: number;
    /** MD5 of the whole object, lower-case hex. */
    readonly checksum: string;
  }
  | {
    /** The object does not end where they go; nothing was changed. */
    readonly state: "mismatch";
    /** Where it ends. */
    readonly offsetBytes: number;
  };

const OBJECTS = "/apis/v1/objects";
const PIECE_BYTES = 64 * 1024;

/** A client of one AIStore server on behalf of one API key. It retries nothing: every failure is thrown. */
export class AIStoreClient extends NodeClient {
  /**
   * Lists a node's objects.
   *
   * @param node The node's path.
   * @param options Abort.
   * @returns The objects, page by page.
   */
  listObjects(
    node: string,
    options: RequestOptions = {},
  ): AsyncGenerator<ObjectRecord> {
    return this.pages<ObjectRecord>({
      method: "GET",
      path: `${OBJECTS}/ls`,
      query: [["path", node]],
      ...options,
    });
  }

  /**
   * Creates or replaces an object.
   *
   * @param path The node's path, `/`, and the object's key.
   * @param source The content.
   * @param options Abort.
   * @throws {RangeError} If it is longer than {@linkcode SINGLE_PUT_BYTES}: that goes in parts.
   */
  async putObject(
    path: string,
    source: ObjectSource,
    options: RequestOptions = {},
  ): Promise<void> {
    if (
      !(source instanceof Uint8Array) && source.sizeBytes > SINGLE_PUT_BYTES
    ) {
      throw new RangeError(
        `Cannot send ${source.sizeBytes} bytes in one request: more than ${SINGLE_PUT_BYTES} go in parts`,
      );
    }
    const filename = path.slice(path.lastIndexOf("/") + 1);
    await this.transport.text({
      method: "POST",
      path: OBJECTS,
      query: [["path", path]],
      content: { source, filename },
      ...options,
    });
  }

  /**
   * Makes an object longer. Only for a server that has the capability {@linkcode APPEND}.
   *
   * @param path The node's path, `/`, and the object's key.
   * @param options What is appended, and where.
   * @returns The object as it is now, or how long it is if it does not end there.
   * @throws {EmError} If it fails; also if there is no such object.
   */
  async appendObject(
    path: string,
    options: AppendObjectOptions,
  ): Promise<AppendObjectResult> {
    const { source, offsetBytes, signal } = options;
    const call: Call = {
      method: "PATCH",
      path: OBJECTS,
      query: [["path", path]],
      tail: { source, offsetBytes },
      signal,
    };
    const answer = await this.transport.answer(call);
    if (answer.status === 409) {
      return { state: "mismatch", offsetBytes: Number(answer.uploadOffset) };
    }
    const { size_bytes: sizeBytes, checksum } = this.transport.parsed(
      call,
      answer.text,
      isObjectRecord,
    );
    return { state: "appended", sizeBytes, checksum };
  }

  /**
   * Begins to send an object in parts.
   *
   * @param path The node's path, `/`, and the object's key.
   * @param options Abort.
   * @returns The upload; complete it or give it up.
   */
  beginUpload(
    path: string,
    options: RequestOptions = {},
  ): Promise<MultipartUpload> {
    return MultipartUpload.begin(this.transport, path, options);
  }

  /**
   * An upload that was begun before.
   *
   * @param path The node's path, `/`, and the object's key.
   * @param uploadId The upload's id.
   * @returns The upload, which the server may not know any more.
   */
  upload(path: string, uploadId: string): MultipartUpload {
    return new MultipartUpload(this.transport, path, uploadId);
  }

  /**
   * Reads an object.
   *
   * @param path The node's path, `/`, and the object's key.
   * @param options Abort.
   * @returns The content; read or cancel it.
   */
  async getObject(
    path: string,
    options: RequestOptions = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return (await this.openObject(path, options)).stream(PIECE_BYTES);
  }

  /**
   * Begins to read an object, or the rest of one. A server may ignore the range and answer 200 with the whole object.
   *
   * @param path The node's path, `/`, and the object's key.
   * @param options Where to begin, and abort.
   * @returns The answer; read or cancel its body.
   */
  openObject(
    path: string,
    options: OpenObjectOptions = {},
  ): Promise<AnswerBody> {
    const { start = 0, etag, signal } = options;
    return this.transport.open({
      method: "GET",
      path: OBJECTS,
      query: [["path", path]],
      headers: {
        // What is compressed on the way has no ranges that mean anything here.
        "accept-encoding": "identity",
        ...(start > 0 ? { range: `bytes=${start}-` } : {}),
        ...(start > 0 && etag !== undefined ? { "if-range": etag } : {}),
      },
      signal,
    });
  }
}
