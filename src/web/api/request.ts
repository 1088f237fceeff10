/**
 * Asking the server.
 *
 * @module
 */

import { onUnauthorized } from "../state/session.ts";

/** The server refused, or did not answer. */
export class ApiError extends Error {
  /** @param status The HTTP status; 0 where there was no answer. @param message What the server said. */
  constructor(readonly status: number, message: string) {
    super(message);
    this.name = "ApiError";
  }
}

/** Where the API is: next to these pages, whatever a reverse proxy puts before. */
export const API: URL = new URL("../../aistore/server/", document.baseURI);

type QueryValue =
  | string
  | number
  | boolean
  | readonly (string | number)[]
  | null
  | undefined;

/** What to ask. */
export interface Ask {
  readonly method?: string;
  readonly query?: { readonly [name: string]: QueryValue };
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
  readonly signal?: AbortSignal | undefined;
}

/**
 * The address of something below the API.
 *
 * @param path Such as `apis/v1/nodes`.
 * @param query The parameters; lists are repeated, and what is null, undefined or `""` is left out.
 * @returns The address.
 */
export function apiUrl(path: string, query: Ask["query"] = {}): string {
  const url = new URL(path, API);
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const each of values) {
      if (each !== null && each !== undefined && each !== "") {
        url.searchParams.append(name, String(each));
      }
    }
  }
  return url.href;
}

/**
 * Asks the server.
 *
 * @param path Such as `apis/v1/nodes`.
 * @param ask The rest.
 * @returns The answer, which is a success.
 * @throws {ApiError} If it is none.
 */
export async function send(path: string, ask: Ask = {}): Promise<Response> {
  const { method = "GET", query, body, headers, signal = null } = ask;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, query), {
      method,
      signal,
      credentials: "same-origin",
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw new ApiError(0, error instanceof Error ? error.message : `${error}`);
  }
  if (response.ok) return response;
  const text = (await response.text()).trim();
  if (response.status === 401) onUnauthorized();
  throw new ApiError(response.status, text || response.statusText);
}

/**
 * Asks the server for JSON.
 *
 * @param path Such as `apis/v1/nodes`.
 * @param ask The rest.
 * @returns What it answers.
 * @throws {ApiError} If it refuses or does not answer.
 */
export async function ask<T>(path: string, ask: Ask = {}): Promise<T> {
  return await (await send(path, ask)).json() as T;
}

/** Addresses longer than this are not taken by every proxy: the question goes into the body instead. */
const MAX_QUERY_LENGTH = 3000;

/**
 * Asks a question of `/em/v1` that may be long.
 *
 * @param path Such as `em/v1/points`.
 * @param query The parameters.
 * @param signal Ends the wait.
 * @returns What the server answers.
 */
export function askLong<T>(
  path: string,
  query: NonNullable<Ask["query"]>,
  signal?: AbortSignal,
): Promise<T> {
  if (apiUrl(path, query).length < MAX_QUERY_LENGTH) {
    return ask<T>(path, { query, signal });
  }
  const body = Object.fromEntries(
    Object.entries(query).filter(([, value]) =>
      value !== undefined && value !== null && value !== ""
    ),
  );
  return ask<T>(path, { method: "POST", body, signal });
}
