/**
 * What a model of TensorFlow.js is, as far as a run wants to know. Its packages are not imported: whatever has this shape
 * will do.
 *
 * @module
 */

import type { HparamValue } from "../run/hparam_values.ts";

/** An optimizer of TensorFlow.js, by its shape. */
export interface TfjsOptimizer {
  /** How many steps it has taken. */
  readonly iterations?: number;
  /** Its settings, such as `learningRate`. */
  getConfig(): object;
  /** Its name, such as `Adam`. */
  getClassName(): string;
}

/** A model of TensorFlow.js, such as a `LayersModel`, by its shape. */
export interface TfjsModel {
  /** What it is trained by; there is none before `compile`. */
  readonly optimizer?: TfjsOptimizer;
  /** What its training makes smaller: a name, a function, or some of them. */
  readonly loss?: unknown;
  /** The names of what `evaluate` measures, the loss first. */
  readonly metricsNames?: readonly string[];
  /** Measures the model. */
  // deno-lint-ignore no-explicit-any -- whatever arguments the model takes: they are handed on as they are
  evaluate(...args: any[]): unknown;
  /** Measures the model on a data set. */
  // deno-lint-ignore no-explicit-any -- as above
  evaluateDataset(...args: any[]): Promise<unknown>;
}

/** Where TensorFlow.js and Keras have different names for the same. */
const KERAS_NAMES: Readonly<Record<string, string>> = {
  beta1: "beta_1",
  beta2: "beta_2",
  useNesterov: "nesterov",
};

/**
 * What the hyperparameters are told of a model, under the names that the Python SDK's Keras callback uses.
 *
 * @param model The model, compiled.
 * @returns `optimizer`, with the names of its settings as Keras has them, `lossType` and `metricTypes`.
 */
export function modelHparams(model: TfjsModel): Record<string, HparamValue> {
  const { optimizer, loss, metricsNames } = model;
  return {
    ...(optimizer && { optimizer: optimizerHparams(optimizer) }),
    ...(loss === undefined ? {} : { lossType: lossName(loss) }),
    ...(metricsNames && { metricTypes: [...metricsNames] }),
  };
}

/**
 * The learning rate of a model at this moment.
 *
 * @param model The model.
 * @returns The rate, or undefined where there is no such number.
 */
export function learningRate({ optimizer }: TfjsModel): number | undefined {
  const config = optimizer?.getConfig() as { readonly learningRate?: unknown };
  const rate = config?.learningRate;
  return typeof rate === "number" ? rate : undefined;
}

function optimizerHparams(optimizer: TfjsOptimizer): HparamValue {
  const settings = Object.entries(optimizer.getConfig())
    .filter(([, value]) => isPlain(value))
    .map(([key, value]) => [KERAS_NAMES[key] ?? snakeCase(key), value]);
  return { name: optimizer.getClassName(), ...Object.fromEntries(settings) };
}

function isPlain(value: unknown): boolean {
  return value === null ||
    ["boolean", "number", "string"].includes(typeof value);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A model with several outputs may have a loss for each. */
function lossName(loss: unknown): HparamValue {
  if (typeof loss === "string") return loss;
  // Its own functions, such as tf.losses.meanSquaredError, are named with this ending.
  if (typeof loss === "function") {
    return loss.name.replace(/__op$/, "") || "custom";
  }
  if (Array.isArray(loss)) return loss.map(lossName);
  if (typeof loss !== "object" || loss === null) return String(loss);
  return Object.fromEntries(
    Object.entries(loss).map(([output, one]) => [output, lossName(one)]),
  );
}
