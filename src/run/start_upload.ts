import { deadline } from "@std/async";
import type { Reporter } from "../reporter.ts";
import { startDelivery } from "../upload/delivery.ts";
import type { Target, UploadIntent } from "../upload/types.ts";
import { attachDelivery, type Run } from "./run.ts";

/** What {@linkcode startUpload} needs beside the run. */
export interface StartUploadOptions {
  /** The server. */
  readonly target: Target;
  /** Where on the server. */
  readonly intent: UploadIntent;
  /** Told of trouble. */
  readonly reporter: Reporter;
  /** How long to wait for the server's word on the run's place, in milliseconds. Default: 5000. */
  readonly settleMs?: number;
}

/**
 * Starts a run's background upload, and waits until the server has given the run its place, has refused it, or has
 * kept silent for too long, in which case delivery goes on in the background.
 *
 * @param run The run.
 * @param options Where to.
 * @throws {EmError} If the server definitely refuses.
 */
export async function startUpload(
  run: Run<object>,
  options: StartUploadOptions,
): Promise<void> {
  const { target, reporter, settleMs = 5_000 } = options;
  const { folder, makeFolder, conflictStrategy } = options.intent;
  const intent = { folder, makeFolder, conflictStrategy };
  const trouble = Promise.withResolvers<void>();
  const watched: Reporter = {
    info: (message) => reporter.info(message),
    warn(kind, message) {
      reporter.warn(kind, message);
      // Who is warned need not wait any longer: delivery goes on in the background.
      trouble.resolve();
    },
  };
  const { name, alternativeName, labels, description, local: dir } = run;
  const node = {
    type: "Run",
    name,
    alternativeName,
    labels,
    description,
  } as const;
  const delivery = await attachDelivery(run, {
    intent,
    start: (onPlaced) =>
      startDelivery({ dir, node, target, intent, reporter: watched, onPlaced }),
  });
  try {
    await deadline(
      Promise.race([delivery.placement, trouble.promise]),
      settleMs,
    );
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") return;
    delivery.close();
    throw error;
  }
}
