import { ResponseError } from "../errors.ts";
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
import { CAPABILITIES_HEADER } from "./protocol.ts";
import { TimeLimit } from "./time_limit.ts";

/** How to reach a server. */
export interface TransportOptions {
  /** The server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /**
   * The time limit of a request without a body, in milliseconds; a request gets one second more for every
   * 100 KiB of its body. Default 30 000.
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
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** The path below the host. */
  readonly path: string;
  /** The query without the API key, in order. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** A body to be sent as JSON. */
  readonly json?: unknown;
  /** A body to be sent as a form with the one field `content`. */
  readonly content?: {
    readonly source: ObjectSource;
    readonly filename: string;
  };
  /** How many bytes the server moves before it answers; they lengthen the time limit as those of a body do. */
  readonly movedBytes?: number;
  /** Ends this request. */
  readonly signal?: AbortSignal | undefined;
}

/** The time limit of a request without a body. */
export const DEFAULT_TIMEOUT_MS = 30_000;

const BYTES_PER_SECOND = 100 * 1024;
const ERROR_TEXT_BYTES = 64 * 1024;

/**
 * Sends requests to one server: puts the API key last in the query, limits the time, never follows a redirect, and
 * turns every failure into an error of this package that does not hold the key.
 */
export class Transport {
  /** The server's address. */
  readonly host: string;
  /** How many requests were sent. */
  requests = 0;
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
    const limit = this.#limit(call);
    try {
      const source = call.content?.source;
      const answer = source === undefined || source instanceof Uint8Array
        ? await this.#fetchAnswer(call, limit.signal)
        : await this.#streamAnswer(call, source, limit.signal);
      if (answer.status < 200 || answer.status >= 300) {
        throw answerError(answer, this.#context(call));
      }
      if (isPage(answer.text)) throw this.#notAIStore(call, answer.status);
      this.#capabilities = answer.capabilities?.split(/\s*,\s*/) ?? [];
      return answer.text;
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
    const text = await this.text(call);
    const value = parse(text);
    if (isWanted(value)) return value;
    throw this.#notAIStore(call, 200);
  }

  /**
   * Sends a request whose answer is to be read piece by piece.
   *
   * @param call The request.
   * @returns The body of the 2xx answer; each piece must come within the time limit. Cancel it if it is not read.
   * @throws {EmError} If it fails or the answer is not 2xx.
   */
  async stream(call: Call): Promise<ReadableStream<Uint8Array>> {
    const limit = this.#limit(call);
    try {
      const response = await this.#fetch(call, limit.signal);
      if (!response.ok) {
        const answer = await readAnswer(response);
        throw answerError(answer, this.#context(call));
      }
      return pieces(response, limit);
    } catch (error) {
      limit.end();
      throw limit.explain(error);
    }
  }

  async #fetchAnswer(call: Call, signal: AbortSignal): Promise<Answer> {
    return await readAnswer(await this.#fetch(call, signal));
  }

  #fetch(call: Call, signal: AbortSignal): Promise<Response> {
    const { fetch: send = fetch } = this.#options;
    const { contentType, body } = encodeBody(call);
    this.requests++;
    return send(this.#url(call), {
      method: call.method,
      redirect: "manual",
      signal,
      ...(body === undefined
        ? {}
        : { body, headers: { "content-type": contentType } }),
    });
  }

  #streamAnswer(
    call: Call,
    part: FilePart,
    signal: AbortSignal,
  ): Promise<Answer> {
    this.requests++;
    return sendStream(new URL(this.#url(call)), {
      method: call.method === "PUT" ? "PUT" : "POST",
      frame: formFrame(call.content?.filename ?? "content"),
      part,
      signal,
    });
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
    const size = contentBytes(call.content?.source) + (call.movedBytes ?? 0);
    const base = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const signals = [this.#options.signal, call.signal].filter((signal) =>
      signal !== undefined
    );
    return new TimeLimit({
      ms: base + 1000 * Math.ceil(size / BYTES_PER_SECOND),
      signals,
      context: this.#context(call),
    });
  }
}

function encodeBody(
  call: Call,
): { readonly contentType: string; readonly body?: BodyInit } {
  if (call.json !== undefined) {
    return { contentType: "application/json", body: JSON.stringify(call.json) };
  }
  const content = call.content;
  if (content?.source instanceof Uint8Array) {
    const frame = formFrame(content.filename);
    return {
      contentType: frame.contentType,
      body: framed(frame, content.source),
    };
  }
  return { contentType: "" };
}

function contentBytes(source: ObjectSource | undefined): number {
  if (source === undefined) return 0;
  return source instanceof Uint8Array ? source.length : source.sizeBytes;
}

async function readAnswer(response: Response): Promise<Answer> {
  return {
    status: response.status,
    text: response.ok ? await response.text() : await readStart(response),
    location: response.headers.get("location"),
    retryAfter: response.headers.get("retry-after"),
    capabilities: response.headers.get(CAPABILITIES_HEADER),
  };
}

/** The start of an error's text: a page of any length must not fill the memory. */
async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ERROR_TEXT_BYTES) break;
  }
  return text;
}

function pieces(
  response: Response,
  limit: TimeLimit,
): ReadableStream<Uint8Array> {
  const reader = (response.body ?? new Blob().stream()).getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      limit.restart();
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(limit.explain(error));
      } finally {
        limit.pause();
      }
      limit.end();
    },
    async cancel(reason) {
      limit.end();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
