import type { Clock } from "../../aistore/backoff.ts";
import type { EmError } from "../../errors.ts";
import type { DeliveryGate } from "./delivery_gate.ts";
import type { DeliveryNews } from "./delivery_news.ts";
import type { Entrance } from "./persist.ts";

/** What a {@linkcode SpokenGate} works with. */
export interface SpokenGateOptions {
  /** Whether the server may be asked. */
  readonly gate: DeliveryGate;
  /** Tells the user. */
  readonly news: DeliveryNews;
  /** The time. */
  readonly clock: Clock;
  /** Whether somebody waits for the next answer, and is to be told of trouble at once. */
  readonly isAwaited: () => boolean;
}

/** A gate that tells the user of trouble, and when it is over. */
export class SpokenGate implements Entrance {
  readonly #options: SpokenGateOptions;

  /** @param options What to work with. */
  constructor(options: SpokenGateOptions) {
    this.#options = options;
  }

  /** Why the last request failed; undefined while all is well. */
  get trouble(): EmError | undefined {
    return this.#options.gate.trouble;
  }

  tryEnter(nowMs: number): number {
    const waitMs = this.#options.gate.tryEnter(nowMs);
    if (waitMs > 0) this.#tellTrouble(nowMs);
    return waitMs;
  }

  succeeded(): void {
    this.#options.gate.succeeded();
    this.tellRecovery();
  }

  refused(error: unknown): void {
    this.#options.gate.refused(error);
  }

  left(): void {
    this.#options.gate.left();
  }

  failed(error: unknown, nowMs: number, afterMs?: number): void {
    this.#options.gate.failed(error, nowMs, afterMs);
    this.#tellTrouble(nowMs);
  }

  /** Ends a pause: somebody waits. A pause that the server asked for is kept. */
  hurry(): void {
    this.#options.gate.hurry();
  }

  /** Tells the user, if that is due, that something works again. To be called again and again. */
  tellRecovery(): void {
    const { gate, news, clock } = this.#options;
    const recovery = gate.takeRecovery(clock.now());
    if (recovery !== undefined) news.recovered(recovery);
  }

  #tellTrouble(nowMs: number): void {
    const { gate, news, isAwaited } = this.#options;
    const isTold = gate.tellsTrouble(nowMs) || isAwaited();
    if (gate.trouble !== undefined && isTold) news.trouble(gate.trouble);
  }
}
