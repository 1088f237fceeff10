/**
 * Brings events to those who look.
 *
 * @module
 */

import type { NodeEvent, NumberedEvent } from "./events.ts";

/** How to make an {@linkcode EventHub}. */
export interface EventHubOptions {
  /**
   * Finds the folder that a node is in.
   *
   * @param node The node's id.
   * @returns The folder's id; undefined for a root, and for a node that is not there.
   */
  readonly parentOf: (node: string) => string | undefined;
}

/** How long events are gathered, so that many of one kind become one. */
const GATHER_MS = 100;
/** How many events are kept for those who come again. */
const KEPT_EVENTS = 8192;
const MAX_DEPTH = 128;

/** Takes events. */
export type Subscriber = (event: NumberedEvent) => void;

/** Numbers events, keeps the last of them, and tells them to subscribers. */
export class EventHub implements Disposable {
  /** Tells this start of the server from others; numbers begin anew with each. */
  readonly name: string = crypto.randomUUID().slice(0, 8);
  readonly #parentOf: EventHubOptions["parentOf"];
  readonly #subscribers = new Set<Subscriber>();
  readonly #waiting = new Map<string, NodeEvent>();
  /** The folders that nodes were in which were moved or deleted, until that is told. */
  readonly #left = new Map<string, Set<string>>();
  #kept: NumberedEvent[] = [];
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param options How to find folders. */
  constructor({ parentOf }: EventHubOptions) {
    this.#parentOf = parentOf;
  }

  /** The number of the last event. */
  get last(): number {
    return this.#last;
  }

  /** How many subscribers there are. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  /**
   * Tells an event soon. Of several with the same node, kind and object the last is told.
   *
   * @param event The event.
   * @param parent A folder that the node is or was in, where that is known.
   */
  publish(event: NodeEvent, parent?: string): void {
    const { node, kind, key = "", type = "", change = "" } = event;
    if (parent) {
      const left = this.#left.get(node) ?? new Set();
      this.#left.set(node, left.add(parent));
    }
    const name = [node, kind, key, type, change].join("\0");
    this.#waiting.delete(name);
    this.#waiting.set(name, event);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  /**
   * Tells events to somebody from now on.
   *
   * @param subscriber Takes them; it must not throw.
   * @returns Ends it.
   */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /**
   * The events after one that somebody has had.
   *
   * @param id The id of that event, `<name>-<number>`.
   * @returns The events; undefined if not all of them are known any more.
   */
  since(id: string): readonly NumberedEvent[] | undefined {
    const [, name, text] = /^([^-]+)-(\d+)$/.exec(id) ?? [];
    const seq = Number(text);
    const oldest = this.#last - this.#kept.length;
    if (name !== this.name || !(seq >= oldest && seq <= this.#last)) return;
    return this.#kept.slice(seq - oldest);
  }

  /** Tells nothing more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#subscribers.clear();
  }

  #tell(): void {
    this.#timer = undefined;
    const events = [...this.#waiting.values()];
    this.#waiting.clear();
    const scopes = new Map<string, ReadonlySet<string>>();
    for (const event of events) {
      const scope = scopes.get(event.node) ?? this.#scopeOf(event.node);
      scopes.set(event.node, scope);
      const numbered = { seq: ++this.#last, event, scope };
      this.#kept.push(numbered);
      for (const subscriber of [...this.#subscribers]) subscriber(numbered);
    }
    this.#left.clear();
    if (this.#kept.length > KEPT_EVENTS) {
      this.#kept = this.#kept.slice(-KEPT_EVENTS / 2);
    }
  }

  /** A node and all folders above it, also those that are gone. */
  #scopeOf(node: string): ReadonlySet<string> {
    const scope = new Set<string>();
    const visit = (id: string, depth: number): void => {
      if (scope.has(id) || depth > MAX_DEPTH) return;
      scope.add(id);
      const parent = this.#parentOf(id);
      if (parent !== undefined) visit(parent, depth + 1);
      for (const left of this.#left.get(id) ?? []) visit(left, depth + 1);
    };
    visit(node, 0);
    return scope;
  }
}
