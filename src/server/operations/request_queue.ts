/**
 * A limit on how many requests are worked on at once.
 *
 * @module
 */

import { Refusal } from "../refusal.ts";

/** The limits of a {@linkcode RequestQueue}. */
export interface RequestQueueOptions {
  /** How many requests are worked on at once. */
  readonly maxActive: number;
  /** How many more wait. */
  readonly maxQueued: number;
  /** How long each waits at most, in milliseconds. */
  readonly maxQueueMs: number;
}

/** Works on a limited number of requests; some more wait, first come, first served; the rest is refused. */
export class RequestQueue {
  readonly #options: RequestQueueOptions;
  readonly #waiting = new Set<() => void>();
  #active = 0;
  #refused = 0;

  /** @param options The limits. */
  constructor(options: RequestQueueOptions) {
    this.#options = options;
  }

  /** How many requests are worked on. */
  get active(): number {
    return this.#active;
  }

  /** How many wait. */
  get queued(): number {
    return this.#waiting.size;
  }

  /** How many were refused until now. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Works on a request when it is its turn.
   *
   * @param work The work.
   * @returns What `work` returned.
   * @throws {Refusal} 503 if too many wait, or the turn does not come in time.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active < this.#options.maxActive) this.#active++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      // The place is handed over, so that nobody who comes later takes it.
      const [next] = this.#waiting;
      if (next === undefined) this.#active--;
      else next();
    }
  }

  #turn(): Promise<void> {
    const { maxQueued, maxQueueMs } = this.#options;
    if (this.#waiting.size >= maxQueued) throw this.#busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const go = () => {
      this.#waiting.delete(go);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      this.#waiting.delete(go);
      reject(this.#busy());
    }, maxQueueMs);
    this.#waiting.add(go);
    return promise;
  }

  #busy(): Refusal {
    this.#refused++;
    return new Refusal(503, "the server is busy: try again later", {
      "retry-after": String(RETRY_AFTER_S),
    });
  }
}

const RETRY_AFTER_S = 5;
