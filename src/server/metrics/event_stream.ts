/**
 * Events as a stream that browsers understand (server-sent events).
 *
 * @module
 */

import type { EventHub } from "./event_hub.ts";
import type { NumberedEvent } from "./events.ts";

/** How to make a stream. */
export interface EventStreamOptions {
  /** Where events come from. */
  readonly hub: EventHub;
  /** The nodes that are looked at; of a folder, everything below it. */
  readonly nodes: readonly string[];
  /** The id of the last event that the client has had. */
  readonly lastId?: string | undefined;
  /**
   * What the client may still see of a node; it is asked before each event and each heartbeat. When no node is there any more,
   * the stream ends.
   *
   * @param node The node's id.
   * @returns Whether it is there, is gone (which is told), or is not for the client.
   */
  readonly look: (node: string) => "there" | "gone" | "denied";
  /** How often something is sent where nothing happens. Default: 15 s. */
  readonly heartbeatMs?: number | undefined;
  /** How many events wait for a slow client. Default: 1000. */
  readonly maxWaiting?: number | undefined;
}

const HEARTBEAT_MS = 15_000;
const MAX_WAITING = 1000;
/** How long a browser waits before it comes again. */
const RETRY_MS = 1000;

/** What waits until it is sent. */
interface Waiting {
  readonly text: string;
  /** It is for those who may look at one of these; undefined for all. */
  readonly nodes?: readonly string[];
}

/**
 * Makes a stream of events. It begins with `hello`; `change` says what changed; `reset` says that changes have been missed,
 * so that everything has to be asked anew; `beat` says that the stream lives, where nothing else has for a while.
 *
 * @param options What to tell.
 * @returns The body of the answer.
 */
export function eventStream(
  options: EventStreamOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { hub, nodes, lastId, look } = options;
  const { heartbeatMs = HEARTBEAT_MS, maxWaiting = MAX_WAITING } = options;
  const encoder = new TextEncoder();
  let waiting: Waiting[] = [];
  let wake: (() => void) | undefined;
  let ended = false;

  const format = (event: string, seq: number, data: unknown): string =>
    `id: ${hub.name}-${seq}\nevent: ${event}\ndata: ${
      JSON.stringify(data)
    }\n\n`;
  const push = (next: Waiting): void => {
    waiting.push(next);
    wake?.();
  };
  const take = ({ seq, event, scope }: NumberedEvent): void => {
    const concerned = nodes.filter((node) => scope.has(node));
    if (concerned.length === 0) return;
    if (waiting.length >= maxWaiting) {
      waiting = [{ text: format("reset", seq, { reason: "slow" }) }];
    } else push({ text: format("change", seq, event), nodes: concerned });
  };
  const end = (): void => {
    ended = true;
    clearInterval(heartbeat);
    unsubscribe();
    wake?.();
  };
  const mayHear = (heard: readonly string[]): boolean =>
    heard.some((node) => look(node) !== "denied");

  const missed = lastId === undefined ? [] : hub.since(lastId);
  const hello = format("hello", hub.last, { node: nodes[0], nodes });
  push({ text: `retry: ${RETRY_MS}\n${hello}` });
  if (missed === undefined) {
    push({ text: format("reset", hub.last, { reason: "gap" }) });
  } else missed.forEach(take);
  const unsubscribe = hub.subscribe(take);
  const heartbeat = setInterval(() => {
    if (!nodes.some((node) => look(node) === "there")) end();
    else if (waiting.length === 0) push({ text: "event: beat\ndata: {}\n\n" });
  }, heartbeatMs);

  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      while (true) {
        if (waiting.length === 0 && !ended) {
          await new Promise<void>((resolve) => wake = resolve);
          wake = undefined;
        }
        if (waiting.length === 0 || !mayHear(nodes)) break;
        const heard = waiting.filter(({ nodes }) => !nodes || mayHear(nodes));
        waiting = [];
        if (heard.length === 0) continue;
        controller.enqueue(
          encoder.encode(heard.map(({ text }) => text).join("")),
        );
        return;
      }
      end();
      controller.close();
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
