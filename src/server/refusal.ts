/**
 * Answers other than success, thrown from wherever they are found out.
 *
 * @module
 */

import { ERROR_TEXTS } from "../aistore/protocol.ts";

/** A request that the server does not fulfil, for a reason that the client can act on. */
export class Refusal extends Error {
  override name = "Refusal";
  /** The HTTP status. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status The HTTP status.
   * @param text The whole body of the answer.
   * @param headers Headers of the answer.
   */
  constructor(
    status: number,
    text: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(text);
    this.status = status;
    this.headers = headers;
  }

  /** @returns The answer. */
  toResponse(): Response {
    return new Response(this.message, {
      status: this.status,
      headers: { "content-type": "text/plain; charset=utf-8", ...this.headers },
    });
  }
}

/**
 * 400: the request cannot be understood or breaks a rule.
 *
 * @param text What is wrong.
 * @returns The refusal.
 */
export function invalid(text: string): Refusal {
  return new Refusal(400, text);
}

/**
 * 403, with the text by which clients know it.
 *
 * @returns The refusal.
 */
export function denied(): Refusal {
  return new Refusal(403, ERROR_TEXTS.denied);
}

/**
 * 403: the server shows a local directory, and changes nothing.
 *
 * @param directory Its path.
 * @returns The refusal.
 */
export function readOnly({ path }: { readonly path: string }): Refusal {
  return new Refusal(
    403,
    `${ERROR_TEXTS.denied}: this page only shows the directory "${path}" and changes nothing`,
  );
}

/**
 * 404 for a node. Clients cut the path out of the text: it ends in `[<path>]` without a newline.
 *
 * @param node Path or id.
 * @returns The refusal.
 */
export function nodeNotFound(node: string): Refusal {
  return new Refusal(404, `${ERROR_TEXTS.nodeNotFound} [${node}]`);
}

/**
 * 404 for an object.
 *
 * @param path Its path.
 * @returns The refusal.
 */
export function objectNotFound(path: string): Refusal {
  return new Refusal(404, `object not found [${path}]`);
}

/**
 * 400: the name is taken in that folder.
 *
 * @param name The name.
 * @returns The refusal.
 */
export function nameTaken(name: string): Refusal {
  return invalid(`${ERROR_TEXTS.nameTaken}: ${name}`);
}
