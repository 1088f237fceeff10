/**
 * The answer to a download: a whole object, or one range of it.
 *
 * @module
 */

import { CRC32_HEADER } from "../aistore/protocol.ts";
import type { AppContext } from "./app_context.ts";
import { objectHeaders } from "./object_headers.ts";
import { acceptsGzip } from "./operations/compression.ts";
import { checkPreconditions, isRangeWanted } from "./preconditions.ts";
import { Refusal } from "./refusal.ts";
import { joinedCrc } from "./store/joined_crc.ts";
import type { ByteRange } from "./store/segment_reader.ts";
import type { ObjectRow } from "./store/objects.ts";

/**
 * Answers `GET` and `HEAD` of an object. The bytes are streamed.
 *
 * @param request The request; of several ranges none is honoured.
 * @param object The object.
 * @param context What the routes work with.
 * @returns 200, 206 for a range, or 304 for what the client has already.
 * @throws {Refusal} If the range lies outside of the object, or a condition of the client's is not met.
 */
export async function downloadObject(
  request: Request,
  object: ObjectRow,
  { store, signal, isSentAtOnce }: AppContext,
): Promise<Response> {
  const etag = etagOf(object);
  const headers = new Headers({
    "accept-ranges": "bytes",
    // Whoever keeps a copy asks whether it is still good.
    "cache-control": "private, no-cache",
    "etag": etag,
    "last-modified": new Date(object.mtime * 1000).toUTCString(),
    ...objectHeaders(object.key, object.content_type),
  });
  if (checkPreconditions(request, etag)) {
    return new Response(null, { status: 304, headers });
  }
  const range = request.method === "GET" && isRangeWanted(request.headers, etag)
    ? parseRange(request.headers.get("range"), object.size)
    : undefined;
  const { start, end } = range ?? { start: 0, end: object.size };
  headers.set("content-type", object.content_type);
  headers.set("content-length", String(end - start));
  if (range) {
    headers.set("content-range", `bytes ${start}-${end - 1}/${object.size}`);
  }
  const segments = store.objects.segments(object);
  const crc = joinedCrc(segments);
  if (crc !== undefined) {
    headers.set(CRC32_HEADER, crc.toString(16).padStart(8, "0"));
  }
  const body = request.method === "HEAD"
    ? null
    : await store.files.read(segments, {
      range: { start, end },
      signal,
      // What is compressed on the way is read ahead.
      isSentAtOnce: isSentAtOnce && !acceptsGzip(request.headers),
    });
  return new Response(body, { status: range ? 206 : 200, headers });
}

/**
 * What an object is known by in `ETag`, `If-Match` and their like.
 *
 * @param object The object.
 * @returns Its checksum in quotes.
 */
export function etagOf(object: ObjectRow): string {
  return `"${object.md5}"`;
}

/** Reads a `Range` header (RFC 9110, 14.2). One that is malformed, or names several ranges, does not count. */
function parseRange(
  header: string | null,
  size: number,
): ByteRange | undefined {
  const [, from, to] = header?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (from === undefined || to === undefined || from + to === "") return;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(size, Number(to) + 1);
  if (to !== "" && from !== "" && Number(to) < start) return;
  if (start < end) return { start, end };
  throw new Refusal(416, "the range lies outside of the object", {
    "content-range": `bytes */${size}`,
  });
}
