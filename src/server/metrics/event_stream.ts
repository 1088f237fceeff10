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
  /** The node that is looked at; of a folder, everything below it. */
  readonly node: string;
  /** The id of the last event that the client has had. */
  readonly lastId?: string | undefined;
  /**
   * What the client may still see; it is asked before each event and each heartbeat.
   *
   * @returns Whether the node is there, is gone (which is told, before the stream ends), or is not for the client.
   */
  readonly look: () => "there" | "gone" | "denied";
  /** How often something is sent where nothing happens. Default: 15 s. */
  readonly heartbeatMs?: number | undefined;
  /** How many events wait for a slow client. Default: 1000. */
  readonly maxWaiting?: number | undefined;
}

const HEARTBEAT_MS = 15_000;
const MAX_WAITING = 1000;
/** How long a browser waits before it comes again. */
const RETRY_MS = 1000;

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
  const { hub, node, lastId, look } = options;
  const { heartbeatMs = HEARTBEAT_MS, maxWaiting = MAX_WAITING } = options;
  const encoder = new TextEncoder();
  let waiting: string[] = [];
  let wake: (() => void) | undefined;
  let ended = false;

  const format = (event: string, seq: number, data: unknown): string =>
    `id: ${hub.name}-${seq}\nevent: ${event}\ndata: ${
      JSON.stringify(data)
    }\n\n`;
  const push = (text: string): void => {
    waiting.push(text);
    wake?.();
  };
  const take = ({ seq, event, scope }: NumberedEvent): void => {
    if (!scope.has(node)) return;
    if (waiting.length >= maxWaiting) {
      waiting = [format("reset", seq, { reason: "slow" })];
    } else push(format("change", seq, event));
  };
  const end = (): void => {
    ended = true;
    clearInterval(heartbeat);
    unsubscribe();
    wake?.();
  };

  const missed = lastId === undefined ? [] : hub.since(lastId);
  push(`retry: ${RETRY_MS}\n${format("hello", hub.last, { node })}`);
  if (missed === undefined) push(format("reset", hub.last, { reason: "gap" }));
  else missed.forEach(take);
  const unsubscribe = hub.subscribe(take);
  const heartbeat = setInterval(() => {
    if (look() !== "there") end();
    else if (waiting.length === 0) push("event: beat\ndata: {}\n\n");
  }, heartbeatMs);

  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (waiting.length === 0 && !ended) {
        await new Promise<void>((resolve) => wake = resolve);
        wake = undefined;
      }
      if (waiting.length > 0 && look() !== "denied") {
        controller.enqueue(encoder.encode(waiting.join("")));
        waiting = [];
        return;
      }
      end();
      controller.close();
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
