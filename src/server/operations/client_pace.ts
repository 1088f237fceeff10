/**
 * An end to waiting for clients that hardly send or hardly read.
 *
 * @module
 */

import { MIN_CLIENT_BYTES_PER_S } from "../limits.ts";

/** How a {@linkcode ClientPace} measures. */
export interface ClientPaceOptions {
  /** How long a client may stand still, in milliseconds. */
  readonly patienceMs: number;
  /** The rate that a client must keep up in the long run. Default: {@linkcode MIN_CLIENT_BYTES_PER_S}. */
  readonly minBytesPerSecond?: number | undefined;
  /** A clock in milliseconds. Default: the process's. */
  readonly now?: (() => number) | undefined;
}

/** How often it is looked after clients while there are any, as a part of the patience. */
const LOOKS = 16;

/**
 * Watches clients that the server waits for. Each has a budget of time: waiting spends it, bytes fill it up again, and
 * who has used it up is cut off. Time in which the server is busy with something else costs a client nothing.
 */
export class ClientPace implements Disposable {
  readonly #patienceMs: number;
  readonly #msPerByte: number;
  readonly #now: () => number;
  readonly #waiting = new Set<Watch>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #cutOff = 0;
  #isOver = false;

  /** @param options What is too slow. */
  constructor(options: ClientPaceOptions) {
    const { patienceMs, minBytesPerSecond = MIN_CLIENT_BYTES_PER_S } = options;
    this.#patienceMs = patienceMs;
    this.#msPerByte = 1000 / minBytesPerSecond;
    this.#now = options.now ?? (() => performance.now());
  }

  /** How many clients were cut off until now. */
  get cutOff(): number {
    return this.#cutOff;
  }

  /** How long a client may stand still, in milliseconds. */
  get patienceMs(): number {
    return this.#patienceMs;
  }

  /**
   * Makes a budget for a client.
   *
   * @param cut Lets go of the client; called once at most.
   * @returns Is told when the client is waited for.
   */
  watch(cut: () => void): Watch {
    return new Watch({
      patienceMs: this.#patienceMs,
      msPerByte: this.#msPerByte,
      now: this.#now,
      onWaiting: (watch) => this.#add(watch),
      onMoved: (watch) => this.#remove(watch),
      cut,
    });
  }

  /** Looks after nobody any more: a server that has closed its connections may hear of their ends later. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const now = this.#now();
    for (const watch of [...this.#waiting]) {
      if (!watch.isSpent(now)) continue;
      this.#cutOff++;
      watch.cutOff();
    }
  }

  #add(watch: Watch): void {
    this.#waiting.add(watch);
    if (this.#isOver) return;
    this.#timer ??= setInterval(() => this.#look(), this.#patienceMs / LOOKS);
  }

  #remove(watch: Watch): void {
    this.#waiting.delete(watch);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** What a {@linkcode Watch} works with. */
export interface WatchOptions {
  /** The whole budget, in milliseconds. */
  readonly patienceMs: number;
  /** What a byte is worth, in milliseconds. */
  readonly msPerByte: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /**
   * Called when the client is waited for.
   *
   * @param watch The budget.
   */
  readonly onWaiting: (watch: Watch) => void;
  /**
   * Called when it no longer is.
   *
   * @param watch The budget.
   */
  readonly onMoved: (watch: Watch) => void;
  /** Lets go of the client. */
  readonly cut: () => void;
}

/** The budget of one client. The clock runs between `waiting` and `moved`. */
export class Watch {
  readonly #options: WatchOptions;
  #budgetMs: number;
  #waitingSince: number | undefined;
  #isCut = false;

  /** @param options What it works with. */
  constructor(options: WatchOptions) {
    this.#options = options;
    this.#budgetMs = options.patienceMs;
  }

  /** Whether the client was cut off. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** From now on the client is waited for. */
  waiting(): void {
    if (this.#isCut) return;
    this.#waitingSince = this.#options.now();
    this.#options.onWaiting(this);
  }

  /**
   * The client did something, or is no longer waited for.
   *
   * @param bytes How much it did.
   */
  moved(bytes: number): void {
    const { patienceMs, msPerByte, now, onMoved } = this.#options;
    if (this.#waitingSince === undefined) return;
    this.#budgetMs -= now() - this.#waitingSince;
    this.#waitingSince = undefined;
    onMoved(this);
    this.#budgetMs = Math.min(this.#budgetMs + bytes * msPerByte, patienceMs);
  }

  /**
   * Whether the client has used its budget up.
   *
   * @param now The time.
   * @returns Whether it is to be cut off.
   */
  isSpent(now: number): boolean {
    return this.#waitingSince !== undefined &&
      now - this.#waitingSince > this.#budgetMs;
  }

  /** Cuts the client off. */
  cutOff(): void {
    this.moved(0);
    this.#isCut = true;
    this.#options.cut();
  }
}
