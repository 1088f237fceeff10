/**
 * A multipart/form-data body, field by field (RFC 7578, RFC 2046).
 *
 * @module
 */

import type { BodyReader } from "./body_reader.ts";
import { ByteSearch } from "./byte_search.ts";
import {
  MAX_BOUNDARY_LENGTH,
  MAX_FORM_FIELDS,
  MAX_FORM_HEADER_BYTES,
} from "./limits.ts";
import { invalid, type Refusal } from "./refusal.ts";

/** A field of a form. */
export interface FormField {
  /** Its name. */
  readonly name: string;
  /** Whether it is a file. */
  readonly isFile: boolean;
  /** The media type that was named. */
  readonly mediaType: string | undefined;
}

const CRLF = "\r\n";
const DASH = 0x2d;
const OCTETS = "application/octet-stream";
const MEDIA_TYPE = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/;
const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;
const encoder = new TextEncoder();
const headerEnd = new ByteSearch(encoder.encode(CRLF + CRLF));

/** Reads the fields of a form, one after the other, and their contents as streams. */
export class FormReader {
  readonly #body: BodyReader;
  readonly #delimiter: ByteSearch;
  readonly #delimiterBytes: number;
  /** What was read and not yet used. What comes first is a delimiter like any other, although no line is before it. */
  #window: Uint8Array = encoder.encode(CRLF);
  #fields = 0;

  /**
   * @param body The body.
   * @param contentType The header `Content-Type`.
   * @throws {Refusal} If it is not that of a form.
   */
  constructor(body: BodyReader, contentType: string) {
    const [type = ""] = contentType.split(";");
    if (type.trim().toLowerCase() !== "multipart/form-data") {
      throw malformed(`its content type is "${type.trim()}"`);
    }
    const boundary = parameter(contentType, "boundary");
    if (!boundary) throw malformed("its content type names no boundary");
    if (boundary.length > MAX_BOUNDARY_LENGTH) {
      throw malformed(
        `its boundary has more than ${MAX_BOUNDARY_LENGTH} characters`,
      );
    }
    const delimiter = encoder.encode(`${CRLF}--${boundary}`);
    this.#body = body;
    this.#delimiter = new ByteSearch(delimiter);
    this.#delimiterBytes = delimiter.length;
  }

  /**
   * Goes to the next field, past whatever was not read of the one before.
   *
   * @returns The field, or undefined after the last.
   * @throws {Refusal} If the body is no such form, or breaks off.
   */
  async next(): Promise<FormField | undefined> {
    for await (const _ of this.content());
    this.#window = this.#window.subarray(this.#delimiterBytes);
    while (this.#window.length < 2) await this.#more();
    const [first, second] = this.#window;
    if (first === DASH && second === DASH) {
      await this.#skipRest();
      return undefined;
    }
    const header = await this.#header();
    if (++this.#fields > MAX_FORM_FIELDS) {
      throw malformed(`it has more than ${MAX_FORM_FIELDS} fields`);
    }
    return describe(header);
  }

  /**
   * Reads the content of the field.
   *
   * @returns The pieces; each is good until the one after the next is asked for.
   * @throws {Refusal} If the body breaks off.
   */
  async *content(): AsyncGenerator<Uint8Array> {
    while (true) {
      const window = this.#window;
      const end = this.#delimiter.find(window, 0);
      const isLast = end >= 0;
      // The delimiter may have begun in the last bytes.
      const length = isLast
        ? end
        : Math.max(window.length - this.#delimiterBytes + 1, 0);
      this.#window = window.subarray(length);
      if (length > 0) yield window.subarray(0, length);
      if (isLast) return;
      await this.#more();
    }
  }

  /** The header of a field, which begins with the end of the delimiter's line. */
  async #header(): Promise<string> {
    let end = headerEnd.find(this.#window, 0);
    while (end < 0 && this.#window.length <= MAX_FORM_HEADER_BYTES) {
      await this.#more();
      end = headerEnd.find(this.#window, 0);
    }
    const header = new TextDecoder().decode(
      this.#window.subarray(0, Math.max(end, 0)),
    );
    if (end < 0 || end > 0 && !header.startsWith(CRLF)) {
      throw malformed("malformed part header");
    }
    this.#window = this.#window.subarray(end + 2 * CRLF.length);
    return header;
  }

  async #more(): Promise<void> {
    const before = this.#window.length;
    this.#window = await this.#body.next(this.#window);
    if (this.#window.length === before) {
      throw malformed("unexpected end of form");
    }
  }

  async #skipRest(): Promise<void> {
    while ((await this.#body.next()).length > 0);
  }
}

function describe(header: string): FormField {
  // A line that begins with a blank continues the one before it.
  const lines = header.replace(/\r\n[ \t]+/g, " ").split(CRLF);
  const values = new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    return [name, line.slice(colon + 1).trim()];
  }));
  const disposition = values.get("content-disposition") ?? "";
  const mediaType = values.get("content-type")?.split(";")[0]?.trim()
    .toLowerCase();
  const isMediaType = mediaType !== undefined && MEDIA_TYPE.test(mediaType);
  return {
    name: parameter(disposition, "name") ?? "",
    isFile: /^form-data\s*(;|$)/i.test(disposition) &&
      (parameter(disposition, "filename") !== undefined ||
        parameter(disposition, "filename*") !== undefined ||
        mediaType === OCTETS),
    mediaType: isMediaType ? mediaType : undefined,
  };
}

/** A parameter of a header, such as `boundary` in `multipart/form-data; boundary=abc`. */
function parameter(header: string, name: string): string | undefined {
  for (const [, key, quoted, plain] of header.matchAll(PARAMETER)) {
    if (key?.toLowerCase() !== name) continue;
    return quoted?.replace(/\\(["\\])/g, "$1") ?? plain;
  }
  return undefined;
}

function malformed(problem: string): Refusal {
  return invalid(`invalid form: ${problem}`);
}
