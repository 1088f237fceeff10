/**
 * An answer on its way to the client: counted, watched, and compressed where that helps.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { MIN_COMPRESSED_BYTES } from "../limits.ts";
import {
  acceptsGzip,
  compressBytes,
  compressStream,
  isCompressible,
  markCompressed,
} from "./compression.ts";
import { isLocal } from "./local_client.ts";
import type { RequestRecord } from "./request_record.ts";
import { sentBody } from "./sent_body.ts";

/** How an answer is sent. */
export interface PrepareAnswerOptions {
  /** What is known of the request. */
  readonly record: RequestRecord;
  /** Ends answers that have no end of their own. */
  readonly closing: AbortSignal;
}

/**
 * Prepares an answer to be sent. Programs on this machine get nothing compressed: it would take longer than to send it.
 *
 * @param request The request.
 * @param response The answer. What names no length and is no stream of events is taken to be short enough for memory.
 * @param options How to send it.
 * @returns The answer to be sent.
 */
export async function prepareAnswer(
  request: Request,
  response: Response,
  { record, closing }: PrepareAnswerOptions,
): Promise<Response> {
  const { headers, status } = response;
  const isCandidate = isCompressible(request, response);
  if (isCandidate) headers.append("vary", "Accept-Encoding");
  if (request.method === "HEAD") return response;
  const compresses = isCandidate && acceptsGzip(request.headers) &&
    !isLocal(request.headers, record.client);
  const make = (body: string | Bytes | ReadableStream<Bytes> | null) =>
    new Response(body, { status, headers });
  const send = (body: ReadableStream<Bytes> | null, closing?: AbortSignal) =>
    make(body && sentBody(body, { record, closing }));
  const type = headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    return send(response.body, closing);
  }
  if (headers.has("content-length")) {
    // The Python SDK does not check what it downloads, so nothing is done to it on the way.
    const isPython = /^python-requests\//.test(
      request.headers.get("user-agent") ?? "",
    );
    if (!compresses || isPython) return send(response.body);
    markCompressed(headers);
    return send(response.body && compressStream(response.body));
  }
  if (compresses) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isLong = bytes.length >= MIN_COMPRESSED_BYTES;
    if (isLong) markCompressed(headers);
    const sent = isLong ? compressBytes(bytes) : bytes;
    if (sent instanceof ReadableStream) return send(sent);
    record.sentBytes = sent.length;
    return make(sent);
  }
  if (!TEXT.test(type)) return send(response.body);
  // A body that was made of a text stays one: that is quicker than a stream.
  const text = await response.text();
  record.sentBytes = Buffer.byteLength(text);
  return make(text === "" ? null : text);
}

const TEXT = /^(?:text\/|application\/json)/;

type Bytes = Uint8Array<ArrayBuffer>;
