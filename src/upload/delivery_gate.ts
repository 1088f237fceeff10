import { AuthenticationError, type EmError } from "../errors.ts";
import { gateOf, HostGate } from "./host_gate.ts";
import { asEmError } from "./refusal.ts";

/** Something that works again. */
export interface Recovery {
  /** What. */
  readonly of: "server" | "key";
  /** For how long it did not, in milliseconds. */
  readonly awayMs: number;
}

/** Who tries with a key that was refused asks at most so often. */
const KEY_BACKOFF = { baseMs: 1000, capMs: 60_000 };

/**
 * Who has to wait asks again this often, in milliseconds: the pause may be over before its time, because another request
 * has succeeded, or because somebody is in a hurry.
 */
const POLL_MS = 1000;

/**
 * Whether one delivery may ask the server: not while the server fails, which concerns all deliveries of this process, nor
 * while it refuses the key, which may concern this node alone.
 */
export class DeliveryGate {
  readonly #host: HostGate;
  readonly #key: HostGate;

  /**
   * @param host The server's address, or its gate.
   * @param key The gate of the key. Default: a new one.
   */
  constructor(
    host: string | HostGate,
    key: HostGate = new HostGate(KEY_BACKOFF),
  ) {
    this.#host = typeof host === "string" ? gateOf(host) : host;
    this.#key = key;
  }

  /** Why the last request failed; undefined while all is well. */
  get trouble(): EmError | undefined {
    return this.#key.trouble ?? this.#host.trouble;
  }

  /**
   * Asks whether a request may be made now. If so, {@linkcode succeeded}, {@linkcode failed} or {@linkcode left} must
   * follow.
   *
   * @param nowMs The time.
   * @returns How long to wait until it is of use to ask again, in milliseconds; 0 for not at all.
   */
  tryEnter(nowMs: number): number {
    const keyMs = this.#key.tryEnter(nowMs);
    if (keyMs > 0) return Math.min(keyMs, POLL_MS);
    const hostMs = this.#host.tryEnter(nowMs);
    if (hostMs > 0) this.#key.left();
    return Math.min(hostMs, POLL_MS);
  }

  /** Ends a pause: somebody waits. A pause that the server asked for is kept. */
  hurry(): void {
    this.#host.hurry();
    this.#key.hurry();
  }

  /** Says that the server answered as it should, or refused something for good. */
  succeeded(): void {
    this.#host.succeeded();
    this.#key.succeeded();
  }

  /**
   * Asks whether the user is to be told of the trouble.
   *
   * @param nowMs The time.
   * @returns Whether it is worth a word.
   */
  tellsTrouble(nowMs: number): boolean {
    return this.#key.tellsTrouble(nowMs) || this.#host.tellsTrouble(nowMs);
  }

  /**
   * Asks, once, what works again of which the user was told that it did not.
   *
   * @param nowMs The time.
   * @returns What works again.
   */
  takeRecovery(nowMs: number): Recovery | undefined {
    const keyMs = this.#key.takeRecovery(nowMs);
    const serverMs = this.#host.takeRecovery(nowMs);
    if (keyMs !== undefined) return { of: "key", awayMs: keyMs };
    if (serverMs !== undefined) return { of: "server", awayMs: serverMs };
    return undefined;
  }

  /** Says that a request was given up without an answer. */
  left(): void {
    this.#host.left();
    this.#key.left();
  }

  /**
   * Says that a request failed.
   *
   * @param error Why.
   * @param nowMs The time.
   * @param afterMs How long the server asked to be left alone, in milliseconds.
   */
  failed(error: unknown, nowMs: number, afterMs?: number): void {
    const gate = error instanceof AuthenticationError ? this.#key : this.#host;
    if (gate === this.#key) this.#host.succeeded();
    else this.#key.left();
    gate.failed(nowMs, afterMs);
    gate.trouble = asEmError(error);
  }
}
