/**
 * The answer to a download: a whole object, or one range of it.
 *
 * @module
 */

import type { AppContext } from "./app_context.ts";
import { Refusal } from "./refusal.ts";
import type { ByteRange } from "./store/segment_reader.ts";
import type { ObjectRow } from "./store/objects.ts";

/**
 * Answers `GET` and `HEAD` of an object. The bytes are streamed.
 *
 * @param request The request; of several ranges none is honoured.
 * @param object The object.
 * @param context What the routes work with.
 * @returns 200, or 206 for a range.
 * @throws {Refusal} If the range lies outside of the object.
 */
export async function downloadObject(
  request: Request,
  object: ObjectRow,
  { store, signal, isSentAtOnce }: AppContext,
): Promise<Response> {
  const range = parseRange(request.headers.get("range"), object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  const headers = new Headers({
    "accept-ranges": "bytes",
    "content-length": String(end - start),
    "content-type": object.content_type,
    "etag": `"${object.md5}"`,
    "last-modified": new Date(object.mtime * 1000).toUTCString(),
    // What users store is never run in the server's own name.
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
  });
  if (range) {
    headers.set("content-range", `bytes ${start}-${end - 1}/${object.size}`);
  }
  const segments = store.objects.segments(object);
  const body = request.method === "HEAD"
    ? null
    : await store.files.read(segments, {
      range: { start, end },
      signal,
      isSentAtOnce,
    });
  return new Response(body, { status: range ? 206 : 200, headers });
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
