import { formFrame, framed, type ObjectSource } from "./form_body.ts";
import { APPEND_CONTENT_TYPE, UPLOAD_OFFSET_HEADER } from "./protocol.ts";

/** One request. */
export interface Call {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path below the host. */
  readonly path: string;
  /** The query without the API key, in order. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** More headers, of a request without a body. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A body to be sent as JSON. */
  readonly json?: unknown;
  /** A body to be sent as a form with the one field `content`. */
  readonly content?: {
    readonly source: ObjectSource;
    readonly filename: string;
  };
  /** A body to be sent at the end of an object. */
  readonly tail?: {
    readonly source: ObjectSource;
    /** Where it goes: how long the object is before. */
    readonly offsetBytes: number;
  };
  /** How many bytes the server moves before it answers; it gets one second more for every 100 KiB of them. */
  readonly movedBytes?: number;
  /** Ends this request. */
  readonly signal?: AbortSignal | undefined;
}

/** The body of a request that is held in memory, and its headers. */
export interface Body {
  /** The headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; absent if there is none, or it is not in memory. */
  readonly body?: BodyInit;
}

/**
 * The part of an object that a request carries.
 *
 * @param call The request.
 * @returns The bytes, or `undefined` if it carries none.
 */
export function sourceOf(call: Call): ObjectSource | undefined {
  return call.content?.source ?? call.tail?.source;
}

/**
 * How much of an object a request carries.
 *
 * @param call The request.
 * @returns The number of bytes, without the form around them.
 */
export function contentBytes(call: Call): number {
  const source = sourceOf(call);
  if (source === undefined) return 0;
  return source instanceof Uint8Array ? source.length : source.sizeBytes;
}

/**
 * Encodes a body that is held in memory.
 *
 * @param call The request.
 * @returns The body and its headers.
 */
export function encodeBody(call: Call): Body {
  const { json, content, tail } = call;
  if (json !== undefined) {
    return {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    };
  }
  if (content?.source instanceof Uint8Array) {
    const frame = formFrame(content.filename);
    return {
      headers: { "content-type": frame.contentType },
      body: framed(frame, content.source),
    };
  }
  if (tail?.source instanceof Uint8Array) {
    const body = new Uint8Array(tail.source);
    return { headers: tailHeaders(call), body };
  }
  return { headers: {} };
}

/**
 * The headers of a request that makes an object longer.
 *
 * @param call The request.
 * @returns The headers.
 */
export function tailHeaders({ tail }: Call): Readonly<Record<string, string>> {
  return {
    "content-type": APPEND_CONTENT_TYPE,
    [UPLOAD_OFFSET_HEADER]: String(tail?.offsetBytes ?? 0),
  };
}
