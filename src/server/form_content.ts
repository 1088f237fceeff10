/**
 * The one file of a multipart/form-data body, as a stream.
 *
 * @module
 */

import { pipeline } from "node:stream/promises";
// @ts-types="@types/busboy"
import busboy from "busboy";
import { MAX_FORM_FIELDS, MAX_JSON_BODY_BYTES } from "./limits.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { Meter } from "./request_data.ts";
import { DEFAULT_CONTENT_TYPE } from "./store/contents.ts";

/** The name of the field that carries the bytes of an object or of a part. */
const CONTENT_FIELD = "content";

/** What the parser calls a part without a media type. Real servers take such content for plain bytes. */
const UNNAMED_TYPE = "text/plain";

/** How {@linkcode readFormContent} works. */
export interface FormContentOptions<T> {
  /** Counts the bytes. */
  readonly meter: Meter;
  /**
   * Takes the content as it arrives.
   *
   * @param content The bytes; reading them throws when the body breaks off.
   * @returns What becomes of them.
   */
  readonly store: (content: AsyncIterable<Uint8Array>) => Promise<T>;
  /**
   * Undoes `store`, where the rest of the body turns out to be broken.
   *
   * @param stored What `store` returned.
   */
  readonly discard: (stored: T) => Promise<void>;
}

/** What {@linkcode readFormContent} found. */
export interface FormContent<T> {
  /** What became of the content. */
  readonly stored: T;
  /** The media type that the client named, or the general one. */
  readonly contentType: string;
}

/**
 * Reads the field `content` of a multipart/form-data body. Memory does not depend on its length.
 *
 * @param request The request.
 * @param options What to do with the bytes.
 * @returns What became of them.
 * @throws {Refusal} If the body is no such form, breaks off, or has no such field.
 */
export async function readFormContent<T>(
  request: Request,
  options: FormContentOptions<T>,
): Promise<FormContent<T>> {
  const parser = openParser(request);
  let found: Promise<FormContent<T>> | undefined;
  let storeFailure: unknown;
  parser.on("file", (name, file, { mimeType }) => {
    // A stream that breaks while nobody reads it would end the process; who reads it later gets the error.
    file.on("error", () => {});
    if (name !== CONTENT_FIELD || found !== undefined) {
      file.resume();
      return;
    }
    found = options.store(file).then((stored) => ({
      stored,
      contentType: mimeType === UNNAMED_TYPE ? DEFAULT_CONTENT_TYPE : mimeType,
    }));
    found.catch((error) => {
      if (parser.destroyed) return;
      storeFailure = error;
      parser.destroy(error);
    });
  });
  const [parsed] = await Promise.allSettled([
    pipeline(meteredBody(request, options.meter), parser),
  ]);
  const [content] = await Promise.allSettled([found]);
  const stored = content.status === "fulfilled" ? content.value : undefined;
  if (parsed.status === "fulfilled" && stored !== undefined) return stored;
  if (stored !== undefined) await options.discard(stored.stored);
  if (storeFailure !== undefined) throw storeFailure;
  if (parsed.status === "fulfilled") {
    throw invalid(`invalid form: it has no file "${CONTENT_FIELD}"`);
  }
  throw asRefusal(parsed.reason);
}

function openParser(request: Request): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": request.headers.get("content-type") ?? "" },
      defParamCharset: "utf8",
      limits: {
        fields: MAX_FORM_FIELDS,
        files: MAX_FORM_FIELDS,
        fieldSize: MAX_JSON_BODY_BYTES,
      },
    });
  } catch (error) {
    throw asRefusal(error);
  }
}

async function* meteredBody(
  request: Request,
  meter: Meter,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of request.body ?? []) {
      meter.receivedBodyBytes += chunk.length;
      yield chunk;
    }
  } catch {
    throw invalid("invalid form: the body broke off");
  }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return invalid(`invalid form: ${reason}`);
}
