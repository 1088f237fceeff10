/**
 * What this package does with a run that its user cannot: a run shows nothing of its life to the outside.
 *
 * @module
 */

import type { SystemMonitor } from "../system/recording/monitor.ts";
import type { Delivery } from "../upload/types.ts";
import type { RunLife } from "./run_life.ts";
import type { BackgroundUpload } from "./run_types.ts";

const lives = new WeakMap<object, RunLife>();

/** Gives a run its life, once, when it is made. */
export function beginLife(run: object, life: RunLife): RunLife {
  lives.set(run, life);
  return life;
}

/** Starts a run's background delivery. */
export function attachDelivery(
  run: object,
  upload: BackgroundUpload,
): Promise<Delivery> {
  return lifeOf(run).attach(upload);
}

/** Gives a run the recording of its system metrics. */
export function attachSystemMonitor(run: object, monitor: SystemMonitor): void {
  lifeOf(run).attachMonitor(monitor);
}

/** Lets go of all that a run holds, without changing what is on disk. */
export function discardRun(run: object): void {
  lifeOf(run).close();
}

function lifeOf(run: object): RunLife {
  const life = lives.get(run);
  if (life === undefined) throw new TypeError("This is no Run");
  return life;
}
