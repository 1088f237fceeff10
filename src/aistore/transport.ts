import { ResponseError } from "../errors.ts";
import { AnswerBody } from "./answer_body.ts";
import {
  type Answer,
  answerError,
  isPage,
  type RequestContext,
} from "./failure.ts";
import {
  type Call,
  contentBytes,
  encodeBody,
  sourceOf,
  tailHeaders,
} from "./call.ts";
import { fetchStream } from "./fetch_stream.ts";
import { FileChangedError, type FilePart, formFrame } from "./form_body.ts";
import { type Pace, paceOf } from "./pace.ts";
import { readAnswer } from "./read_answer.ts";
import { sendStream } from "./send_stream.ts";
import { wayOf } from "./way.ts";
import { TimeLimit } from "./time_limit.ts";

/** How to reach a server. */
export interface TransportOptions {
  /** The server's address, without a trailing slash. */
  readonly host: string;
  /** The API key. */
  readonly apiKey: string;
  /**
   * The time limit of a request without a body, in milliseconds. A request gets more for its body, as its {@linkcode Pace}
   * says, for 1 MiB at most: what is longer is sent piece by piece, and with each piece the time begins anew. Default
   * 30 000.
   */
  readonly timeoutMs?: number;
  /** Sends requests. Default the global `fetch`; files of more than 1 MiB go through it only where a proxy is set. */
  readonly fetch?: typeof fetch;
  /** Ends every request. */
  readonly signal?: AbortSignal;
}

/** Options of a request. */
export interface RequestOptions {
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined;
}

/** The time limit of a request without a body. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** So much of a body may be read before there is a connection. */
const READ_AHEAD_BYTES = 1024 * 1024;
const MOVED_BYTES_PER_SECOND = 100 * 1024;

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
    const { bytesPerSecond } = this.#pace;
    const beganMs = performance.now();
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
      this.#pace.arrived(contentBytes(call), performance.now() - beganMs);
      this.#capabilities = answer.capabilities?.split(/\s*,\s*/) ?? [];
      return answer;
    } catch (error) {
      if (limit.isTimedOut) {
        this.#pace.timedOut(contentBytes(call), bytesPerSecond);
      }
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
    if (isGood(answer)) this.sentBytes += contentBytes(call);
    return answer;
  }

  get #fetchFunction(): typeof fetch {
    return this.#options.fetch ?? fetch;
  }

  get #pace(): Pace {
    return paceOf(this.host);
  }

  #fetch(call: Call, signal: AbortSignal): Promise<Response> {
    const { headers, body } = encodeBody(call);
    this.requests++;
    return this.#fetchFunction(this.#url(call), {
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
    const url = new URL(this.#url(call));
    const way = wayOf(this.host);
    const isByFetch = way.isByFetch(url);
    const frame = call.content && formFrame(call.content.filename);
    const beganMs = performance.now();
    let lost = 0;
    let isConnected = false;
    const onChunk = (chunk: Uint8Array) => {
      this.#pace.wentOut(lost, performance.now() - beganMs);
      limit.restart(this.#limitMs(call));
      lost += chunk.length;
      this.sentBytes += chunk.length;
      part.onChunk?.(chunk);
    };
    const request = {
      method: call.method,
      headers: frame
        ? { "content-type": frame.contentType }
        : tailHeaders(call),
      ...(frame ? { frame } : {}),
      part: { ...part, onChunk },
      signal: limit.signal,
    };
    try {
      const answer = isByFetch
        ? await fetchStream(url, { ...request, fetch: this.#fetchFunction })
        : await sendStream(url, {
          ...request,
          onConnected: () => isConnected = true,
        });
      if (isGood(answer)) lost = 0;
      return answer;
    } catch (error) {
      const isGivenUp = error instanceof FileChangedError ||
        (limit.signal.aborted && !limit.isTimedOut);
      isConnected ||= lost > READ_AHEAD_BYTES;
      if (!isConnected && !isGivenUp) way.blocked(isByFetch);
      throw error;
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

  #limitMs(call: Call): number {
    const movedBytes = call.movedBytes ?? 0;
    return (this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS) +
      this.#pace.heldMs(contentBytes(call)) +
      1000 * Math.ceil(movedBytes / MOVED_BYTES_PER_SECOND);
  }

  #limit(call: Call): TimeLimit {
    const signals = [this.#options.signal, call.signal].filter((signal) =>
      signal !== undefined
    );
    return new TimeLimit({
      ms: this.#limitMs(call),
      signals,
      context: this.#context(call),
    });
  }
}

function isGood({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
