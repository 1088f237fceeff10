import { ResponseError } from "../errors.ts";
import { AnswerBody } from "./answer_body.ts";
import {
  type Answer,
  answerError,
  isPage,
  type RequestContext,
} from "./failure.ts";
import {
  type FilePart,
  formFrame,
  framed,
  type ObjectSource,
  sendStream,
} from "./form_body.ts";
import {
  APPEND_CONTENT_TYPE,
  CAPABILITIES_HEADER,
  UPLOAD_OFFSET_HEADER,
} from "./protocol.ts";
import { TimeLimit } from "./time_limit.ts";

/** How to reach a server. */
export interface TransportOptions {
  /** The server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /**
   * The time limit of a request without a body, in milliseconds. A request gets one second more for every 10 KiB of its
   * body, for 1 MiB at most: what is longer is sent piece by piece, and with each piece the time begins anew. Default
   * 30 000.
   */
  readonly timeoutMs?: number;
  /** Sends requests. Default the global `fetch`; files of more than 1 MiB do not go through it. */
  readonly fetch?: typeof fetch;
  /** Ends every request. */
  readonly signal?: AbortSignal;
}

/** Options of a request. */
export interface RequestOptions {
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
}

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

/** The time limit of a request without a body. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** How slow a network may be, or one of several requests that share it. */
const SENT_BYTES_PER_SECOND = 10 * 1024;
/** How much of a body the system may hold that has been given to it, but has not gone out. */
const HELD_BYTES = 1024 * 1024;
const MOVED_BYTES_PER_SECOND = 100 * 1024;
const ERROR_TEXT_LENGTH = 64 * 1024;
/** No page of a listing comes near it. */
const ANSWER_TEXT_LENGTH = 64 * 1024 * 1024;

/**
 * Sends requests to one server: puts the API key last in the query, limits the time, never follows a redirect, and
 * turns every failure into an error of this package that does not hold the key.
 */
export class Transport {
  /** The server's address. */
  readonly host: string;
  /** How many requests were sent. */
  requests = 0;
  /** How many bytes of objects have gone out in requests that succeeded, or are under way. */
  sentBytes = 0;
  readonly #options: TransportOptions;
  #capabilities: readonly string[] = [];

  /** @param options How to reach the server. */
  constructor(options: TransportOptions) {
    this.host = options.host;
    this.#options = options;
  }

  /**
   * Tells whether the server has said that it can do something beyond AIStore.
   *
   * @param capability Its name.
   * @returns Whether the last answer that was a success named it.
   */
  can(capability: string): boolean {
    return this.#capabilities.includes(capability);
  }

  /**
   * Sends a request and reads its answer.
   *
   * @param call The request.
   * @returns The body of a 2xx answer.
   * @throws {EmError} If it fails or the answer is not 2xx.
   */
  async text(call: Call): Promise<string> {
    return (await this.answer(call)).text;
  }

  /**
   * Sends a request and reads its answer with what is around it.
   *
   * @param call The request.
   * @returns The answer: 2xx, or 409 with the length of the object if that is not where the request's tail goes.
   * @throws {EmError} If it fails or the answer is another.
   */
  async answer(call: Call): Promise<Answer> {
    const limit = this.#limit(call);
    try {
      const source = sourceOf(call);
      const answer = source === undefined || source instanceof Uint8Array
        ? await this.#fetchAnswer(call, limit.signal)
        : await this.#streamAnswer(call, source, limit);
      const isMismatch = call.tail !== undefined && answer.status === 409 &&
        answer.uploadOffset !== null;
      if (isMismatch) return answer;
      if (!isGood(answer)) {
        throw answerError(answer, this.#context(call));
      }
      if (isPage(answer.text)) throw this.#notAIStore(call, answer.status);
      this.#capabilities = answer.capabilities?.split(/\s*,\s*/) ?? [];
      return answer;
    } catch (error) {
      throw limit.explain(error);
    } finally {
      limit.end();
    }
  }

  /**
   * Sends a request and parses its answer.
   *
   * @param call The request.
   * @param isWanted Whether the parsed answer has the form that is needed.
   * @returns The parsed answer.
   * @throws {EmError} If it fails, or is not of that form.
   */
  async json<T>(
    call: Call,
    isWanted: (value: unknown) => value is T,
  ): Promise<T> {
    return this.parsed(call, await this.text(call), isWanted);
  }

  /**
   * Parses an answer.
   *
   * @param call The request.
   * @param text The answer.
   * @param isWanted Whether the parsed answer has the form that is needed.
   * @returns The parsed answer.
   * @throws {EmError} If it is not of that form.
   */
  parsed<T>(
    call: Call,
    text: string,
    isWanted: (value: unknown) => value is T,
  ): T {
    const value = parse(text);
    if (isWanted(value)) return value;
    throw this.#notAIStore(call, 200);
  }

  /**
   * Sends a request whose answer is to be read piece by piece.
   *
   * @param call The request.
   * @returns The 2xx answer; each read must be over within the time limit. Cancel it if it is not read.
   * @throws {EmError} If it fails or the answer is not 2xx.
   */
  async open(call: Call): Promise<AnswerBody> {
    const limit = this.#limit(call);
    try {
      const response = await this.#fetch(call, limit.signal);
      if (response.ok) return new AnswerBody(response, limit);
      throw answerError(await readAnswer(response), this.#context(call));
    } catch (error) {
      limit.end();
      throw limit.explain(error);
    }
  }

  async #fetchAnswer(call: Call, signal: AbortSignal): Promise<Answer> {
    const answer = await readAnswer(await this.#fetch(call, signal));
    if (isGood(answer)) this.sentBytes += contentBytes(sourceOf(call));
    return answer;
  }

  #fetch(call: Call, signal: AbortSignal): Promise<Response> {
    const { fetch: send = fetch } = this.#options;
    const { headers, body } = encodeBody(call);
    this.requests++;
    return send(this.#url(call), {
      method: call.method,
      redirect: "manual",
      signal,
      ...(body === undefined
        ? { headers: call.headers ?? {} }
        : { body, headers }),
    });
  }

  async #streamAnswer(
    call: Call,
    part: FilePart,
    limit: TimeLimit,
  ): Promise<Answer> {
    this.requests++;
    const { method, content } = call;
    const frame = content && formFrame(content.filename);
    let lost = 0;
    const onChunk = (chunk: Uint8Array) => {
      limit.restart();
      lost += chunk.length;
      this.sentBytes += chunk.length;
      part.onChunk?.(chunk);
    };
    try {
      const answer = await sendStream(new URL(this.#url(call)), {
        method,
        headers: frame
          ? { "content-type": frame.contentType }
          : tailHeaders(call),
        ...(frame ? { frame } : {}),
        part: { ...part, onChunk },
        signal: limit.signal,
      });
      if (isGood(answer)) lost = 0;
      return answer;
    } finally {
      this.sentBytes -= lost;
    }
  }

  #url(call: Call): string {
    const query = new URLSearchParams(
      (call.query ?? []).map(([name, value]) => [name, value]),
    );
    query.append("apikey", this.#options.apiKey);
    return `${this.host}${call.path}?${query}`;
  }

  #notAIStore(call: Call, status: number): ResponseError {
    return new ResponseError(
      this.host,
      this.#context(call).request,
      status,
      "this is not an answer of an AIStore server: check the host's address",
    );
  }

  #context(call: Call): RequestContext {
    return {
      host: this.host,
      request: `${call.method} ${call.path}`,
      apiKey: this.#options.apiKey,
    };
  }

  #limit(call: Call): TimeLimit {
    const heldBytes = Math.min(contentBytes(sourceOf(call)), HELD_BYTES);
    const seconds = Math.ceil(heldBytes / SENT_BYTES_PER_SECOND) +
      Math.ceil((call.movedBytes ?? 0) / MOVED_BYTES_PER_SECOND);
    const base = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const signals = [this.#options.signal, call.signal].filter((signal) =>
      signal !== undefined
    );
    return new TimeLimit({
      ms: base + 1000 * seconds,
      signals,
      context: this.#context(call),
    });
  }
}

function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function sourceOf(call: Call): ObjectSource | undefined {
  return call.content?.source ?? call.tail?.source;
}

interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
}

function encodeBody(call: Call): Body {
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

function tailHeaders({ tail }: Call): Readonly<Record<string, string>> {
  return {
    "content-type": APPEND_CONTENT_TYPE,
    [UPLOAD_OFFSET_HEADER]: String(tail?.offsetBytes ?? 0),
  };
}

function contentBytes(source: ObjectSource | undefined): number {
  if (source === undefined) return 0;
  return source instanceof Uint8Array ? source.length : source.sizeBytes;
}

async function readAnswer(response: Response): Promise<Answer> {
  return {
    status: response.status,
    text: await readStart(
      response,
      response.ok ? ANSWER_TEXT_LENGTH : ERROR_TEXT_LENGTH,
    ),
    location: response.headers.get("location"),
    retryAfter: response.headers.get("retry-after"),
    capabilities: response.headers.get(CAPABILITIES_HEADER),
    uploadOffset: response.headers.get(UPLOAD_OFFSET_HEADER),
  };
}

/** The start of a text: one without an end must not fill the memory. */
async function readStart(
  response: Response,
  maxLength: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxLength) break;
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
