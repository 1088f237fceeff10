/**
 * Records a training of TensorFlow.js: hyperparameters, metrics of each epoch, and those of an evaluation. It imports
 * nothing of TensorFlow.js: a model is known by its shape.
 *
 * @example
 * ```ts ignore
 * import { createRun } from "@t9k/em";
 * import { tfjsCallback } from "@t9k/em/tfjs";
 *
 * const run = await createRun({ name: "mnist" });
 * const callback = tfjsCallback(run, model);
 * await model.fit(images, labels, { epochs: 3, validationSplit: 0.1, callbacks: callback });
 * await callback.evaluate(testImages, testLabels);
 * await run.finish();
 * ```
 *
 * @module
 */
export { tfjsCallback } from "./tfjs_callback.ts";
export type {
  TfjsCallback,
  TfjsCallbackOptions,
  TfjsLogs,
  TrackedRun,
} from "./tfjs_callback.ts";
export type { TfjsModel, TfjsOptimizer } from "./tfjs_model.ts";
export type { HparamsMethods, UpdateHparamsOptions } from "../run/hparams.ts";
export type { HparamValue } from "../run/hparam_values.ts";
export type { LogPosition, Metrics } from "../run/metrics_log.ts";
