import { readOwner } from "../local/owner.ts";
import type { Reporter } from "../reporter.ts";
import { unreachableTopic } from "../upload/gate/unreachable_topic.ts";
import { lateRefusal } from "../upload/say_outcome.ts";
import type { Delivery, Target, UploadIntent } from "../upload/types.ts";
import type { Run } from "./run.ts";
import { attachDelivery } from "./run_lives.ts";

/** What {@linkcode startUpload} needs beside the run. */
export interface StartUploadOptions {
  /** The server. */
  readonly target: Target;
  /** Where on the server. */
  readonly intent: UploadIntent;
  /** Told of trouble. */
  readonly reporter: Reporter;
  /** How long to wait for the server's word on the run's place, in milliseconds. Default: 3000. */
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
  const { target, reporter, settleMs = 3_000 } = options;
  const { folder, makeFolder, conflictStrategy } = options.intent;
  const intent = { folder, makeFolder, conflictStrategy };
  const unreachable = unreachableTopic(target.host);
  const trouble = Promise.withResolvers<"trouble">();
  const watched: Reporter = {
    info: (message, ends) => reporter.info(message, ends),
    warn(kind, message) {
      reporter.warn(kind, message);
      // Who knows that the server fails need not wait any longer: delivery goes on in the background.
      if (kind === unreachable) trouble.resolve("trouble");
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
  // A run without upload need not load what delivers.
  const { startDelivery } = await import("../upload/delivering/delivery.ts");
  const { noteIntent } = await import("../upload/notes/intent.ts");
  // So that others know that they need not deliver it while this process lives.
  const deliveredBy = readOwner(dir)?.since;
  noteIntent({ dir, node, target, intent }, { deliveredBy, reporter });
  const delivery = await attachDelivery(run, {
    host: target.host,
    intent,
    start: (onPlaced) =>
      startDelivery({ dir, node, target, intent, reporter: watched, onPlaced }),
  });
  // This timer keeps the process alive, which a worker does not.
  const silence = Promise.withResolvers<"silence">();
  const timer = setTimeout(() => silence.resolve("silence"), settleMs);
  try {
    const first = await Promise.race([
      delivery.placement,
      trouble.promise,
      silence.promise,
    ]);
    if (typeof first !== "string") return;
    if (first === "silence") {
      reporter.warn(
        unreachable,
        `AIStore server "${target.host}" is slow to answer; nothing is lost: ` +
          `"${dir}" is delivered as soon as it does`,
      );
    }
    tellLater(run, { delivery, reporter });
  } catch (error) {
    delivery.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Tells of a refusal that comes when `createRun` has long returned. */
function tellLater(
  run: Run<object>,
  { delivery, reporter }: {
    readonly delivery: Delivery;
    readonly reporter: Reporter;
  },
): void {
  delivery.placement.catch((error: Error) =>
    reporter.warn(`refused ${run.local}`, lateRefusal(run, error))
  );
}
