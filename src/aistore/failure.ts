import {
  AuthenticationError,
  ConnectionError,
  type EmError,
  RedirectError,
  ResponseError,
} from "../errors.ts";
import { netPermissionError } from "./host.ts";
import { parseRetryAfter, withRetryAfter } from "./outcome.ts";
import { ERROR_TEXTS } from "./protocol.ts";

/** An HTTP answer, read whole. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number;
  /** The body as text. */
  readonly text: string;
  /** The header `Location`. */
  readonly location: string | null;
  /** The header `Retry-After`. */
  readonly retryAfter: string | null;
  /** What the server can do beyond AIStore. */
  readonly capabilities: string | null;
  /** The header `Upload-Offset`. */
  readonly uploadOffset: string | null;
}

/** Which request failed, for the message. */
export interface RequestContext {
  /** The server's address. */
  readonly host: string;
  /** Method and path, without the query. */
  readonly request: string;
  /** The API key, which is taken out of every text. */
  readonly apiKey: string;
}

/**
 * Turns an answer other than 2xx into the error that says what it means.
 *
 * @param answer The answer.
 * @param context Which request it answers.
 * @returns The error, without the API key in any part of it.
 */
export function answerError(answer: Answer, context: RequestContext): EmError {
  const { status } = answer;
  const { host, request } = context;
  const text = oneLine(scrub(answer.text, context));
  if (status >= 300 && status < 400) {
    const location = scrub(answer.location ?? "nowhere", context);
    return new RedirectError(host, status, location.replace(/[?#].*$/s, ""));
  }
  const problem = keyProblem(answer);
  if (problem !== undefined) {
    return new AuthenticationError(host, problem, { isDenial: status === 403 });
  }
  return withRetryAfter(
    new ResponseError(host, request, status, text),
    parseRetryAfter(answer.retryAfter, Date.now()),
  );
}

/**
 * Tells whether a text is a page for people, which AIStore never sends, but gateways do, with a status of 200 as well.
 *
 * @param text The body of an answer.
 * @returns Whether it is HTML.
 */
export function isPage(text: string): boolean {
  return /^\uFEFF?\s*<(!doctype|html|head|body)\b/i.test(text);
}

/** What an answer says, on one line: of a page its title. */
function oneLine(text: string): string {
  const title = isPage(text)
    ? /<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? text.replace(/<[^>]*>/g, " ")
    : text;
  return title.replace(/\s+/g, " ").trim();
}

function keyProblem({ status, text }: Answer): string | undefined {
  if (
    status === 400 && text.startsWith(ERROR_TEXTS.keyUnknown) &&
    text.trimEnd().endsWith("not found")
  ) {
    return "the key is not known there";
  }
  if (status === 400 && text.startsWith(ERROR_TEXTS.keyEmpty)) {
    return "the key is empty";
  }
  if (status === 401) return "the answer was 401 Unauthorized";
  if (status === 403) {
    return text.trim() === ERROR_TEXTS.denied
      ? ERROR_TEXTS.denied
      : "the answer was 403 Forbidden";
  }
  return undefined;
}

/**
 * Turns what a failed connection threw into an error of this package. The original is not kept as `cause`:
 * its text holds the address with the API key.
 *
 * @param error What was thrown.
 * @param context Which request failed.
 * @returns The error.
 */
export function connectionError(
  error: unknown,
  context: RequestContext,
): EmError {
  if (error instanceof Deno.errors.NotCapable) {
    return netPermissionError(context.host);
  }
  return new ConnectionError(context.host, scrub(innermost(error), context));
}

/** The operating system's own words, without the address that Deno puts before them. */
function innermost(error: unknown): string {
  let last = error;
  while (last instanceof Error && last.cause instanceof Error) {
    last = last.cause;
  }
  const message = last instanceof Error ? last.message : String(last);
  const client = /client error \(\w+\): (.+)$/s.exec(message);
  if (client?.[1] !== undefined) return client[1];
  return message.replace(/https?:\/\/\S+/g, "…") || "the connection failed";
}

/**
 * Takes the API key out of a text.
 *
 * @param text The text.
 * @param context Holds the key.
 * @returns The text with `…` in its place.
 */
export function scrub(
  text: string,
  context: Pick<RequestContext, "apiKey">,
): string {
  return context.apiKey === "" ? text : text.replaceAll(context.apiKey, "…");
}
