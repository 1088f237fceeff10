import { formatBytes, showProgress } from "../progress.ts";
import type { DeliveryProgress } from "./types.ts";

/** What {@linkcode showDelivery} shows. */
export interface ShowDeliveryOptions {
  /** What is delivered, such as `Run "cnn"`. */
  readonly title: string;
  /** Takes a sentence now and then where there is no terminal. Default: nobody. */
  readonly onSentence?: (sentence: string) => void;
}

/** A delivery that somebody waits for. */
export interface ShownDelivery extends Disposable {
  /** Is to be told how much is on its way. */
  readonly onProgress: (progress: DeliveryProgress) => void;
  /** Says in a few words what is missing. */
  readonly missing: () => string;
}

/**
 * Shows how far a delivery has come, while somebody waits for it.
 *
 * @param options What is delivered.
 * @returns The showing; disposing of it ends it.
 */
export function showDelivery(options: ShowDeliveryOptions): ShownDelivery {
  let first: DeliveryProgress | undefined;
  let last: DeliveryProgress | undefined;
  const { title, onSentence } = options;
  const showing = showProgress({
    title,
    onSentence,
    look() {
      if (first === undefined || last === undefined) return undefined;
      const totalBytes = Math.max(first.pendingBytes, last.pendingBytes);
      // What was sent again, or sent for nothing, does not count: what is pending tells the truth.
      const arrived = totalBytes - last.pendingBytes;
      const sent = last.sentBytes - first.sentBytes;
      const doneBytes = Math.min(totalBytes, Math.max(arrived, sent));
      return {
        doneBytes,
        totalBytes,
        detail: `${last.pendingFiles} files left`,
      };
    },
  });
  return {
    onProgress(progress) {
      // Before it has looked at the directory, a delivery knows of nothing.
      if (first === undefined && progress.pendingFiles === 0) return;
      first ??= progress;
      last = progress;
    },
    missing() {
      if (last === undefined) return "no answer yet";
      const { pendingFiles, pendingBytes } = last;
      return `${pendingFiles} files of ${
        formatBytes(pendingBytes)
      } are missing`;
    },
    [Symbol.dispose]: () => showing[Symbol.dispose](),
  };
}
