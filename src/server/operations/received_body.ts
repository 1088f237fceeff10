/**
 * The reading of a request's body, with an end for clients that hardly send.
 *
 * @module
 */

import { Refusal } from "../refusal.ts";
import type { Watch } from "./client_pace.ts";
import { recordOf } from "./request_record.ts";

/** One request's body, as far as waiting for it and counting it goes. */
export class ReceivedBody {
  readonly #request: Request;
  readonly #watch: Watch | undefined;

  /**
   * @param request The request.
   * @param cut Makes the reading that is under way end, with or without an error.
   */
  constructor(request: Request, cut: () => void) {
    this.#request = request;
    this.#watch = recordOf(request)?.pace.watch(cut);
  }

  /**
   * Waits for the client.
   *
   * @param read Reads on, and says how many bytes came.
   * @returns What `read` returned.
   * @throws {Refusal} If the client is too slow.
   */
  async wait<T extends { readonly count: number }>(
    read: () => Promise<T>,
  ): Promise<T> {
    let count = 0;
    this.#watch?.waiting();
    try {
      const result = await read();
      count = result.count;
      if (!this.#watch?.isCut) return result;
    } catch (error) {
      if (!this.#watch?.isCut) throw error;
    } finally {
      this.#watch?.moved(count);
      const record = recordOf(this.#request);
      if (record) record.receivedBytes += count;
    }
    throw tooSlow();
  }
}

/**
 * Reads a short body.
 *
 * @param request The request.
 * @returns The pieces.
 * @throws {Refusal} If the client is too slow.
 */
export async function* receivedPieces(
  request: Request,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  const giveUp = () => {
    reader.cancel().catch(() => {});
  };
  const body = new ReceivedBody(request, giveUp);
  try {
    while (true) {
      const { value } = await body.wait(async () => {
        const { value } = await reader.read();
        return { value, count: value?.length ?? 0 };
      });
      if (value === undefined) return;
      yield value;
    }
  } finally {
    giveUp();
  }
}

function tooSlow(): Refusal {
  return new Refusal(408, "the body came too slowly", { connection: "close" });
}
