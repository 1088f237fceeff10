/**
 * What changes on the server, as it changes.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { apiUrl } from "./request.ts";
import type { NodeEvent } from "./types.ts";

/** How the connection is over which changes are told. */
export type Connection = "none" | "open" | "lost";

/** How the page's connection is. */
export const connection = signal<Connection>("none");

/** Who wants to know what changes. */
export interface Listener {
  /** Something changed. */
  readonly onEvent: (event: NodeEvent) => void;
  /** Changes may have been missed: everything has to be asked anew. */
  readonly onReset: () => void;
}

/** A page that is not looked at lets go of its connection after this: browsers have only six for a server. */
const HIDDEN_MS = 30_000;
/** The server says something every 15 s; a stream without a word for so long is dead, even if nobody has closed it. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 15_000;

/** So many nodes one stream tells of. */
export const MAX_HEARD = 64;

/** One stream of events, shared by all who listen to the same nodes; it comes again by itself when it breaks. */
class EventFeed {
  readonly listeners = new Set<Listener>();
  #source: EventSource | undefined;
  #lastId: string | undefined;
  #retryMs = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly nodes: readonly string[]) {
    document.addEventListener("visibilitychange", this.#look);
    addEventListener("online", this.#look);
    addEventListener("offline", this.#lose);
    this.#open();
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#look);
    removeEventListener("online", this.#look);
    removeEventListener("offline", this.#lose);
    clearTimeout(this.#timer);
    this.#drop();
  }

  /** Whether it is open, lost, or let go because nobody looks. */
  state: Connection = "none";

  readonly #look = (): void => {
    clearTimeout(this.#timer);
    if (document.visibilityState === "hidden") {
      this.#timer = setTimeout(() => {
        this.#drop();
        this.#say("none");
      }, HIDDEN_MS);
    } else if (this.#source === undefined) this.#open();
  };

  #open(): void {
    this.#drop();
    const source = new EventSource(
      apiUrl("em/v1/events", { node: this.nodes, lastEventId: this.#lastId }),
    );
    this.#source = source;
    this.#hear(source, "hello", () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#say("open");
    });
    this.#hear(source, "beat", () => {});
    this.#hear(source, "change", ({ data }) => {
      const change: NodeEvent = JSON.parse(data);
      this.listeners.forEach(({ onEvent }) => onEvent(change));
    });
    this.#hear(source, "reset", () => {
      this.listeners.forEach(({ onReset }) => onReset());
    });
    source.onerror = this.#lose;
    this.#listenOn();
  }

  #hear(
    source: EventSource,
    name: string,
    take: (event: MessageEvent<string>) => void,
  ): void {
    source.addEventListener(name, (event) => {
      if (event.lastEventId !== "") this.#lastId = event.lastEventId;
      this.#listenOn();
      take(event);
    });
  }

  #listenOn(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(this.#lose, SILENCE_MS);
  }

  /** Says that the connection is lost, and comes again after a while. */
  readonly #lose = (): void => {
    this.#drop();
    this.#say("lost");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2);
  };

  #drop(): void {
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = undefined;
  }

  #say(state: Connection): void {
    this.state = state;
    sayConnection();
  }
}

const feeds = new Map<string, EventFeed>();

/** One that is lost is what a person has to know. */
function sayConnection(): void {
  const states = [...feeds.values()].map(({ state }) => state);
  connection.value = states.includes("lost")
    ? "lost"
    : states.includes("open")
    ? "open"
    : "none";
}

/**
 * Listens to what changes.
 *
 * @param node The node, or up to {@linkcode MAX_HEARD} of them; of a folder, everything below it is told.
 * @param listener Who wants to know.
 * @returns Ends it.
 */
export function listen(
  node: string | readonly string[],
  listener: Listener,
): () => void {
  const nodes = [node].flat();
  const key = nodes.join();
  const feed = feeds.get(key) ?? new EventFeed(nodes);
  feeds.set(key, feed);
  feed.listeners.add(listener);
  return () => {
    feed.listeners.delete(listener);
    if (feed.listeners.size > 0) return;
    feed.close();
    feeds.delete(key);
    sayConnection();
  };
}
