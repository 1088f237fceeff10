/**
 * The one file of a multipart/form-data body, as a stream.
 *
 * @module
 */

import { BodyReader } from "./body_reader.ts";
import { FormReader } from "./form_reader.ts";
import { invalid } from "./refusal.ts";
import type { Meter } from "./request_data.ts";
import { DEFAULT_CONTENT_TYPE } from "./store/contents.ts";

/** The name of the field that carries the bytes of an object or of a part. */
const CONTENT_FIELD = "content";

const BROKEN = "invalid form: the body broke off";

/** How {@linkcode readFormContent} works. */
export interface FormContentOptions<T> {
  /** Counts the bytes. */
  readonly meter: Meter;
  /**
   * Takes the content as it arrives.
   *
   * @param content The bytes, each piece good until the one after the next is asked for; reading them throws when the
   * body breaks off.
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
  const { meter, store, discard } = options;
  using body = new BodyReader(request, { meter, broken: BROKEN });
  const contentType = request.headers.get("content-type") ?? "";
  const form = new FormReader(body, contentType);
  let found: FormContent<T> | undefined;
  try {
    for (;;) {
      const field = await form.next();
      if (field === undefined) break;
      if (!field.isFile || field.name !== CONTENT_FIELD || found) continue;
      found = {
        stored: await store(form.content()),
        contentType: field.mediaType ?? DEFAULT_CONTENT_TYPE,
      };
    }
  } catch (error) {
    if (found) await discard(found.stored);
    throw error;
  }
  if (found) return found;
  throw invalid(`invalid form: it has no file "${CONTENT_FIELD}"`);
}
