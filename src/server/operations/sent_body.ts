/**
 * The sending of an answer's body.
 *
 * @module
 */

import type { RequestRecord } from "./request_record.ts";

/** The client took nothing for too long. It is no trouble of the server's. */
export class SlowReaderError extends Error {
  /** The class's name. */
  override name = "SlowReaderError";

  /** Makes the error. */
  constructor() {
    super("the client took nothing of its download for too long");
  }
}

/** How a body is sent. */
export interface SentBodyOptions {
  /** Counts the bytes, and knows which clients are too slow. */
  readonly record: RequestRecord;
  /** Ends a body that has no end of its own. */
  readonly closing?: AbortSignal | undefined;
}

/**
 * Passes a body on, piece by piece as the client takes it. When the client takes nothing for too long, what the body is
 * read from is let go, and the body breaks off.
 *
 * @param body The body.
 * @param options How to send it.
 * @returns The body to be sent.
 */
export function sentBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { record, closing }: SentBodyOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let taken = 0;
  let controller:
    | ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
    | undefined;
  const watch = record.sendingPace.watch(() => {
    end();
    const error = new SlowReaderError();
    controller?.error(error);
    reader.cancel(error).catch(() => {});
  });
  const close = () => {
    end();
    controller?.close();
    reader.cancel().catch(() => {});
  };
  const end = () => {
    watch.moved(0);
    closing?.removeEventListener("abort", close);
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(itself) {
      controller = itself;
      closing?.addEventListener("abort", close);
      if (closing?.aborted) close();
    },
    async pull(itself) {
      watch.moved(taken);
      try {
        const { value } = await reader.read();
        if (watch.isCut || closing?.aborted) return;
        if (value === undefined) {
          end();
          itself.close();
          return;
        }
        record.sentBytes += value.length;
        itself.enqueue(value);
        taken = value.length;
        watch.waiting();
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
