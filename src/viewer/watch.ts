/**
 * Looks at a directory again and again.
 *
 * @module
 */

import { delay } from "@std/async";
import type { Reporter } from "../reporter.ts";
import type { Mirror } from "./mirror.ts";
import type { ShownNode } from "./shown_node.ts";

/** What {@linkcode Watch} works with. */
export interface WatchOptions {
  /** What is kept equal to the directory. */
  readonly mirror: Mirror;
  /** How many objects wait to be indexed. */
  readonly pending: () => number;
  /** Where troubles are said. */
  readonly reporter: Reporter;
  /** How long it pauses between two looks, in milliseconds. Default: half a second. */
  readonly intervalMs?: number | undefined;
}

const INTERVAL_MS = 500;
/** How much longer than a look at everything the pause after it is: looking takes a tenth of a processor at most. */
const PAUSE_FACTOR = 9;
/** The longest such pause. */
const MAX_INTERVAL_MS = 5000;
/** In how many looks everything is looked at that is over; each time at least some. */
const ROUNDS = 60;
const MIN_OVER_AT_ONCE = 50;
/** How many objects may wait to be indexed before further runs are looked at for the first time. */
const MAX_PENDING = 100;
const PENDING_PAUSE_MS = 10;
/** A node is not looked at again within this time, however often it is asked for. */
const FRESH_MS = 300;
/** How many nodes are looked at before one answer. */
const MAX_FRESH = 256;

/**
 * Looks at what is running at every turn, at what is over in a long round, and at all for the first time in the background,
 * the newest first, before that what somebody asks for.
 */
export class Watch {
  readonly #options: WatchOptions;
  readonly #end = new AbortController();
  /** What was not looked at yet, the next at the end. */
  #unseen: ShownNode[] = [];
  #wake: (() => void) | undefined;
  #round: Iterator<ShownNode> | undefined;
  readonly #ended: Promise<unknown>;

  /** @param options What to look at. */
  constructor(options: WatchOptions) {
    this.#options = options;
    this.#note([...options.mirror.nodes()]);
    this.#ended = Promise.all([this.#watch(), this.#lookFirst()]);
  }

  /** Whether some nodes were not looked at yet. */
  get isBehind(): boolean {
    return this.#unseen.length > 0;
  }

  /**
   * Looks at nodes now, unless that was done just before.
   *
   * @param nodes The nodes; of very many only the first.
   */
  async refresh(nodes: readonly ShownNode[]): Promise<void> {
    const old = nodes.slice(0, MAX_FRESH)
      .filter((node) => node.isDue(FRESH_MS));
    await Promise.all(old.map((node) => this.#look(node)));
  }

  /** Ends the looking; nothing of it goes on afterwards. */
  async end(): Promise<void> {
    this.#end.abort();
    this.#wake?.();
    await this.#ended;
    await this.#options.mirror.settled();
  }

  async #watch(): Promise<void> {
    const { intervalMs = INTERVAL_MS } = this.#options;
    while (!this.#end.signal.aborted) {
      const start = performance.now();
      await this.#try(() => this.#turn());
      const tookMs = performance.now() - start;
      const pauseMs = Math.min(PAUSE_FACTOR * tookMs, MAX_INTERVAL_MS);
      await this.#pause(Math.max(intervalMs, pauseMs));
    }
  }

  async #turn(): Promise<void> {
    const { mirror } = this.#options;
    this.#note(mirror.list());
    let over = 0;
    for (const node of [...mirror.nodes()]) {
      if (this.#end.signal.aborted) return;
      if (!node.isSeen) continue;
      if (!node.isBusy) over++;
      else if (node.isDue(0)) await this.#look(node);
    }
    let left = Math.max(MIN_OVER_AT_ONCE, Math.ceil(over / ROUNDS));
    while (left-- > 0 && !this.#end.signal.aborted) {
      this.#round ??= mirror.nodes()[Symbol.iterator]();
      const { value: node, done } = this.#round.next();
      if (done) {
        this.#round = undefined;
        return;
      }
      if (node.isSeen && !node.isBusy && node.hasChanged()) {
        await this.#look(node);
      }
    }
  }

  /** Notes nodes that were not looked at yet; the first of them is the next. */
  #note(nodes: readonly ShownNode[]): void {
    this.#unseen = this.#unseen.concat(nodes.toReversed());
    this.#wake?.();
  }

  async #lookFirst(): Promise<void> {
    const { pending } = this.#options;
    while (!this.#end.signal.aborted) {
      const node = this.#unseen.pop();
      if (node === undefined) {
        await new Promise<void>((resolve) => this.#wake = resolve);
      } else if (!node.isSeen) await this.#look(node);
      while (pending() > MAX_PENDING && !this.#end.signal.aborted) {
        await this.#pause(PENDING_PAUSE_MS);
      }
    }
  }

  async #look(node: ShownNode): Promise<void> {
    if (this.#end.signal.aborted) return;
    await this.#try(() => this.#options.mirror.look(node));
  }

  /** One trouble must not end the looking at all else. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const what = error instanceof Error
        ? error.stack ?? error.message
        : error;
      this.#options.reporter.warn(
        `viewer ${error}`,
        `Looking at the directory failed, and goes on: ${what}`,
      );
    }
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#end;
    await delay(ms, { signal }).catch(() => {});
  }
}
