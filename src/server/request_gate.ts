/**
 * A count of the requests under way, and an end to new ones.
 *
 * @module
 */

import { Refusal } from "./refusal.ts";

/** Lets requests through until it is closed. */
export class RequestGate {
  readonly #next: (request: Request) => Promise<Response>;
  #active = 0;
  #closed: PromiseWithResolvers<void> | undefined;

  /** @param next Answers requests; it never rejects. */
  constructor(next: (request: Request) => Promise<Response>) {
    this.#next = next;
  }

  /** How many requests have no answer yet. */
  get active(): number {
    return this.#active;
  }

  /**
   * Answers a request.
   *
   * @param request The request.
   * @returns The answer; 503 once the gate is closed.
   */
  async handle(request: Request): Promise<Response> {
    if (this.#closed) {
      return new Refusal(503, "the server is shutting down", {
        "connection": "close",
        "retry-after": "1",
      }).toResponse();
    }
    this.#active++;
    try {
      return await this.#next(request);
    } finally {
      this.#active--;
      this.#settle();
    }
  }

  /**
   * Lets no further request through.
   *
   * @returns Settles when every request that was let through has its answer.
   */
  close(): Promise<void> {
    this.#closed ??= Promise.withResolvers();
    this.#settle();
    return this.#closed.promise;
  }

  #settle(): void {
    if (this.#active === 0) this.#closed?.resolve();
  }
}
