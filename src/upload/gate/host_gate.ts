import { backoffMs, type BackoffOptions } from "../../aistore/backoff.ts";
import type { EmError } from "../../errors.ts";
import type { Target } from "../types.ts";

/** While another request finds out whether a server works again, ask this often, in milliseconds. */
const PROBE_POLL_MS = 200;

/** How long a server that was away before must be away again to be worth a word, in milliseconds. */
const WORTH_TELLING_MS = 5_000;
/** How long it must work again to be back, in milliseconds. */
const CALM_MS = 1_000;

/** Who tries with a key that was refused asks at most so often. */
const KEY_BACKOFF = { baseMs: 1000, capMs: 60_000 };

/**
 * One per server and process, and one per key: while a server fails, or refuses a key, everything that is to be delivered
 * to it pauses together, and each pause ends with a single request.
 */
export class HostGate {
  /** Why the last request failed; undefined while the server works. */
  trouble: EmError | undefined;
  readonly #backoff: BackoffOptions;
  #failures = 0;
  #openAtMs = 0;
  #askedUntilMs = 0;
  #probing = false;
  #downSinceMs = 0;
  /** Since when it is seen to work again. */
  #upSinceMs: number | undefined;
  #isTold = false;
  #wasTold = false;

  /** @param backoff How the pauses grow. */
  constructor(backoff: BackoffOptions = {}) {
    this.#backoff = backoff;
  }

  /** Whether the last request failed. */
  get isDown(): boolean {
    return this.#failures > 0;
  }

  /**
   * Asks whether a request may be made now. If so, {@linkcode succeeded}, {@linkcode failed} or {@linkcode left} must
   * follow.
   *
   * @param nowMs The time.
   * @returns How long to wait, in milliseconds; 0 for not at all.
   */
  tryEnter(nowMs: number): number {
    // Also when another request has just succeeded: who asks for a pause gets it.
    if (nowMs < this.#askedUntilMs) return this.#askedUntilMs - nowMs;
    if (!this.isDown) return 0;
    if (this.#probing) return PROBE_POLL_MS;
    if (nowMs < this.#openAtMs) return this.#openAtMs - nowMs;
    this.#probing = true;
    return 0;
  }

  /** Ends a pause: somebody waits. A pause that the server asked for is kept. */
  hurry(): void {
    this.#openAtMs = 0;
  }

  /**
   * Asks whether the user is to be told that the server is away. The first time that is at once; later on a moment's
   * trouble is not worth a word.
   *
   * @param nowMs The time.
   * @returns Whether it is to be told.
   */
  tellsTrouble(nowMs: number): boolean {
    if (!this.isDown) return false;
    const isLong = nowMs - this.#downSinceMs >= WORTH_TELLING_MS;
    this.#isTold ||= !this.#wasTold || isLong;
    this.#wasTold ||= this.#isTold;
    return this.#isTold;
  }

  /**
   * Asks, once, for how long the server was away that has been working again for a moment. To be called again and again.
   *
   * @param nowMs The time.
   * @returns The time in milliseconds; undefined if it was not away, or nobody was told.
   */
  takeRecovery(nowMs: number): number | undefined {
    if (this.isDown || !this.#isTold) return undefined;
    this.#upSinceMs ??= nowMs;
    // A request that had begun before may succeed while the others fail.
    if (nowMs - this.#upSinceMs < CALM_MS) return undefined;
    this.#isTold = false;
    return this.#upSinceMs - this.#downSinceMs;
  }

  /** Says that the server answered as it should, or refused for good: it works. */
  succeeded(): void {
    this.trouble = undefined;
    this.#failures = 0;
    this.#openAtMs = 0;
    this.#probing = false;
  }

  /** Says that a request was given up without an answer. */
  left(): void {
    this.#probing = false;
  }

  /**
   * Says that a request failed.
   *
   * @param nowMs The time.
   * @param afterMs How long the server asked to be left alone, in milliseconds.
   */
  failed(nowMs: number, afterMs = 0): void {
    // Requests that were under way together fail together: that is one failure.
    const known = this.isDown && !this.#probing && nowMs < this.#openAtMs;
    this.#probing = false;
    if (!this.isDown && !this.#isTold) this.#downSinceMs = nowMs;
    this.#upSinceMs = undefined;
    if (!known) {
      this.#failures++;
      this.#openAtMs = nowMs + backoffMs(this.#failures, this.#backoff);
    }
    this.#askedUntilMs = Math.max(this.#askedUntilMs, nowMs + afterMs);
  }
}

const gates = new Map<string, HostGate>();

/**
 * The gate of a server.
 *
 * @param host The server's address.
 * @returns The gate that everything in this thread shares.
 */
export function gateOf(host: string): HostGate {
  return sharedGate(host, () => new HostGate());
}

/**
 * The gate of a key.
 *
 * @param target The server, and the key to it.
 * @returns The gate that everything in this thread shares.
 */
export function keyGateOf({ host, apiKey }: Target): HostGate {
  return sharedGate(`${host} ${apiKey}`, refusalGate);
}

/**
 * Makes a gate for something that is refused, which asking soon does not change.
 *
 * @returns The gate.
 */
export function refusalGate(): HostGate {
  return new HostGate(KEY_BACKOFF);
}

function sharedGate(name: string, make: () => HostGate): HostGate {
  let gate = gates.get(name);
  if (gate === undefined) gates.set(name, gate = make());
  return gate;
}
