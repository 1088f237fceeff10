/**
 * Which series the runs of a board have, as it grows.
 *
 * @module
 */

import type { SeriesList } from "../api/types.ts";
import type { RunSeries } from "./catalogue.ts";
import { chunks } from "./points_plan.ts";

/** What the store is made of. */
export interface SeriesStoreOptions {
  readonly list: (
    nodes: readonly string[],
    abort: AbortSignal,
  ) => Promise<SeriesList>;
  /** Told when something changed. */
  readonly onChange: () => void;
  /** Whether nobody looks at the page. */
  readonly isHidden: () => boolean;
  /** How long between two questions about runs that grow. Default: 2000. */
  readonly liveMs?: number;
}

/** So many runs are asked about at once. */
const RUNS_AT_ONCE = 100;
/** Long answers are asked for less often: the wait is so many times what they take. */
const REST = 10;

/** The series of runs. */
export class SeriesStore {
  /** What is known, by run. */
  readonly runs = new Map<string, RunSeries>();
  /** What went wrong, if the last question failed. */
  error: Error | undefined;
  readonly #options: Required<SeriesStoreOptions>;
  #wanted: readonly string[] = [];
  readonly #stale = new Set<string>();
  readonly #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #restMs = 0;

  /** @param options What it is made of. */
  constructor(options: SeriesStoreOptions) {
    this.#options = { liveMs: 2000, ...options };
  }

  /** Whether there are runs of which nothing is known yet. */
  get isLoading(): boolean {
    return this.error === undefined &&
      this.#wanted.some((id) => !this.runs.has(id));
  }

  /** Which runs are shown. */
  want(nodes: readonly string[]): void {
    this.#wanted = nodes;
    for (const id of this.runs.keys()) {
      if (!nodes.includes(id)) this.runs.delete(id);
    }
    const missing = nodes.filter((id) => !this.runs.has(id));
    missing.forEach((id) => this.#stale.add(id));
    if (missing.length > 0) void this.#ask();
  }

  /** A run has grown. */
  grew(node: string): void {
    if (!this.#wanted.includes(node)) return;
    this.#stale.add(node);
    this.wake();
  }

  /** Somebody looks again at the page, or what was stale may be asked for. */
  wake(): void {
    const isIdle = this.#stale.size === 0 || this.#options.isHidden() ||
      this.#isAsking || this.#timer !== undefined;
    if (isIdle) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
    }, Math.max(this.#options.liveMs, this.#restMs));
  }

  /** Asks again at once. */
  retry(): void {
    this.error = undefined;
    this.#wanted.forEach((id) => this.#stale.add(id));
    void this.#ask();
    this.#options.onChange();
  }

  /** Ends all questions. */
  close(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#abort.signal.aborted) return;
    this.#isAsking = true;
    const began = performance.now();
    try {
      do await this.#askSome(); while (
        this.#wanted.some((id) => !this.runs.has(id))
      );
    } catch (reason) {
      if (this.#abort.signal.aborted) return;
      this.error = reason instanceof Error ? reason : new Error(`${reason}`);
      this.#options.onChange();
    } finally {
      this.#isAsking = false;
    }
    this.#restMs = (performance.now() - began) * REST;
    this.wake();
  }

  async #askSome(): Promise<void> {
    const [nodes = []] = chunks([...this.#stale], RUNS_AT_ONCE);
    nodes.forEach((id) => this.#stale.delete(id));
    try {
      const answer = await this.#options.list(nodes, this.#abort.signal);
      for (const id of nodes) {
        const run = answer.runs.find(({ node }) => node === id);
        const none = { node: id, version: 0, types: [], series: [] };
        if (this.#wanted.includes(id)) this.runs.set(id, run ?? none);
      }
      this.error = undefined;
    } catch (reason) {
      nodes.forEach((id) => this.#stale.add(id));
      throw reason;
    }
    this.#options.onChange();
  }
}
