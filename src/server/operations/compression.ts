/**
 * Which answers are compressed, and how.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import {
  MAX_COMPRESSED_AT_ONCE_BYTES,
  MAX_COMPRESSED_BYTES,
  MIN_COMPRESSED_BYTES,
} from "../limits.ts";

const TEXT_TYPE =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]+\+)?(?:json|yaml|x-yaml|xml|javascript)\b|image\/svg\+xml\b)/i;
const TEXT_NAME =
  /\.(?:ya?ml|json|jsonl|txt|log|md|csv|tsv|py|ts|js|html?|css|xml|svg|toml|ini)$/i;
const LEVEL = 4;
const SLICE_BYTES = 64 * 1024;

/**
 * Whether an answer is the same in its sense when it is compressed: a whole text, not a part of it.
 *
 * @param request The request.
 * @param response The answer.
 * @returns Whether it depends on the client's `Accept-Encoding` how the answer is sent.
 */
export function isCompressible(request: Request, response: Response): boolean {
  const { headers, status } = response;
  if (request.method !== "GET" || status === 206 || status === 304) {
    return false;
  }
  if (request.headers.has("range") || headers.has("content-encoding")) {
    return false;
  }
  const length = headers.get("content-length");
  const fits = length === null || Number(length) >= MIN_COMPRESSED_BYTES &&
      Number(length) <= MAX_COMPRESSED_BYTES;
  if (!fits) return false;
  const type = headers.get("content-type") ?? "";
  if (TEXT_TYPE.test(type)) return true;
  // What clients upload mostly comes without a type of its own.
  return type === "application/octet-stream" &&
    TEXT_NAME.test(new URL(request.url).searchParams.get("path") ?? "");
}

/**
 * Whether a client takes gzip.
 *
 * @param headers The request's headers.
 * @returns Whether `Accept-Encoding` names it, or everything, and not with a weight of 0.
 */
export function acceptsGzip(headers: Headers): boolean {
  let everything = false;
  for (const item of headers.get("accept-encoding")?.split(",") ?? []) {
    const [coding = "", ...parameters] = item.split(";")
      .map((part) => part.trim().toLowerCase());
    const refused = parameters.some((part) => /^q=0(\.0*)?$/.test(part));
    if (coding === "gzip" || coding === "x-gzip") return !refused;
    if (coding === "*") everything = !refused;
  }
  return everything;
}

/**
 * Says in the headers that a body is compressed. The bytes are others, so the tag becomes a weak one.
 *
 * @param headers The headers of the answer.
 */
export function markCompressed(headers: Headers): void {
  headers.set("content-encoding", "gzip");
  headers.delete("content-length");
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) headers.set("etag", `W/${etag}`);
}

/**
 * Compresses a text that is in memory.
 *
 * @param bytes The text.
 * @returns It, in one piece if that takes no more than a moment, otherwise piece by piece as it is sent.
 */
export function compressBytes(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> {
  if (bytes.length <= MAX_COMPRESSED_AT_ONCE_BYTES) {
    return new Uint8Array(gzipSync(bytes, { level: LEVEL }));
  }
  let at = 0;
  return compressStream(
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const slice = bytes.subarray(at, at += SLICE_BYTES);
        if (slice.length > 0) controller.enqueue(slice);
        if (at >= bytes.length) controller.close();
      },
    }, { highWaterMark: 0 }),
  );
}

/**
 * Compresses a text as it is sent.
 *
 * @param body The text.
 * @returns It, compressed.
 */
export function compressStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return body.pipeThrough(new CompressionStream("gzip"));
}
