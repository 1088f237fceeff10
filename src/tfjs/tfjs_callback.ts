import { stderrReporter } from "../reporter.ts";
import type { HparamsMethods } from "../run/hparams.ts";
import type { LogPosition, Metrics } from "../run/metrics_log.ts";
import { learningRate, modelHparams, type TfjsModel } from "./tfjs_model.ts";

/** A run, as far as its training needs it. */
export interface TrackedRun {
  /** Its name. */
  readonly name: string;
  /** Its directory. */
  readonly local: string;
  /** Its hyperparameters. */
  readonly hparams: HparamsMethods;
  /** Logs metrics. */
  log(type: string, metrics: Metrics, position: LogPosition): void;
}

/** Options of {@linkcode tfjsCallback}. */
export interface TfjsCallbackOptions {
  /** How many steps the model was trained before, so that those of a run that is continued go on. Default: 0. */
  readonly initialStep?: number;
}

/** What TensorFlow.js hands to a callback. */
export type TfjsLogs = Readonly<Record<string, number>>;

/**
 * A callback of TensorFlow.js, for `fit` and `fitDataset`, and what evaluates the same model. In a list with callbacks
 * that are classes, such as `earlyStopping`, one of those must come first: TensorFlow.js takes the whole list for what
 * its first member is.
 *
 * @typeParam M The type of the model.
 */
export interface TfjsCallback<M extends TfjsModel> {
  /** Called by TensorFlow.js. */
  onTrainBegin(): void;
  /** Called by TensorFlow.js. */
  onTrainEnd(): void;
  /** Called by TensorFlow.js. */
  onEpochBegin(): void;
  /** Called by TensorFlow.js. */
  onEpochEnd(epoch: number, logs?: TfjsLogs): void;
  /** Called by TensorFlow.js. */
  onBatchBegin(): void;
  /** Called by TensorFlow.js, where it stands in a list with callbacks that are classes. */
  onBatchEnd(): void;
  /** Called by TensorFlow.js, where it stands in a list with callbacks that are classes. */
  setParams(): void;
  /** Called by TensorFlow.js, where it stands in a list with callbacks that are classes. */
  setModel(): void;
  /**
   * Evaluates the model, and logs what comes out as metric type `test`.
   *
   * @param args The arguments of the model's `evaluate`.
   * @returns The values by name, such as `loss`; the tensors that held them are disposed of.
   */
  evaluate(...args: Parameters<M["evaluate"]>): Promise<Record<string, number>>;
  /**
   * Evaluates the model on a data set, and logs what comes out as metric type `test`.
   *
   * @param args The arguments of the model's `evaluateDataset`.
   * @returns The values by name, such as `loss`; the tensors that held them are disposed of.
   */
  evaluateDataset(
    ...args: Parameters<M["evaluateDataset"]>
  ): Promise<Record<string, number>>;
}

/**
 * Makes a callback that records a training of TensorFlow.js, as the Python SDK's callbacks record one of Keras.
 *
 * - When a training begins, the hyperparameters get `optimizer` (its name and settings), `lossType` and `metricTypes`;
 *   those that were set by anybody else stay as they are.
 * - After each epoch, metric type `train` gets the means of the epoch, and, where there is validation, `val` those of the
 *   validation, without `val_` before their names. Epochs are counted from 1; the step is the number of batches, which goes
 *   on over several trainings.
 * - Once the learning rate is another than at first, `train` has the one of the epoch's last batch as `learning_rate`.
 * - {@linkcode TfjsCallback.evaluate} logs metric type `test`.
 *
 * Whatever goes wrong with the record is warned of once, and the training goes on.
 *
 * @typeParam M The type of the model.
 * @param run Where it is recorded.
 * @param model The model that is trained, compiled before it is.
 * @param options Where the steps begin.
 * @returns The callback: one for all trainings of the model.
 * @throws {RangeError} If `initialStep` is no whole number from 0.
 *
 * @example
 * ```ts ignore
 * import { createRun } from "@t9k/em";
 * import { tfjsCallback } from "@t9k/em/tfjs";
 *
 * const run = await createRun({ name: "mnist" });
 * const callback = tfjsCallback(run, model);
 * await model.fit(images, labels, { epochs: 3, validationSplit: 0.1, callbacks: callback });
 * const { loss } = await callback.evaluate(testImages, testLabels);
 * await run.finish();
 * ```
 */
export function tfjsCallback<M extends TfjsModel>(
  run: TrackedRun,
  model: M,
  options: TfjsCallbackOptions = {},
): TfjsCallback<M> {
  const { initialStep = 0 } = options;
  if (!Number.isInteger(initialStep) || initialStep < 0) {
    throw new RangeError(
      `Option initialStep must be a whole number from 0, and is ${initialStep}`,
    );
  }
  return makeCallback(new TrainingRecord(run, model, initialStep), model);
}

/** TensorFlow.js calls its functions without the object. */
function makeCallback<M extends TfjsModel>(
  record: TrainingRecord,
  model: M,
): TfjsCallback<M> {
  return {
    onTrainBegin: () => record.began(),
    onEpochEnd: (epoch, logs) => record.epochEnded(epoch, logs ?? {}),
    // The end of a batch is not listened to: to hear of its loss, the values would have to leave the device each time.
    onBatchBegin: () => record.batchBegan(),
    onTrainEnd() {},
    onEpochBegin() {},
    onBatchEnd() {},
    setParams() {},
    setModel() {},
    evaluate: async (...args) => await record.tested(model.evaluate(...args)),
    evaluateDataset: async (...args) =>
      await record.tested(await model.evaluateDataset(...args)),
  };
}

const VALIDATION = "val_";

/** What of a model's trainings is recorded. */
class TrainingRecord {
  readonly #run: TrackedRun;
  readonly #model: TfjsModel;
  /** The hyperparameters that this has set. */
  readonly #own = new Set<string>();
  #step: number;
  #firstRate: number | undefined;
  #lastRate: number | undefined;
  #isRateLogged = false;

  constructor(run: TrackedRun, model: TfjsModel, step: number) {
    this.#run = run;
    this.#model = model;
    this.#step = step;
  }

  began(): void {
    this.#try("the optimizer and the loss", () => {
      // A model that was compiled once more counts from zero again, and one that was trained before does not.
      const { iterations = 0 } = this.#model.optimizer ?? {};
      this.#step = Math.max(this.#step, iterations);
      this.#firstRate ??= learningRate(this.#model);
      const { hparams } = this.#run;
      const values = Object.entries(modelHparams(this.#model))
        .filter(([key]) => this.#own.has(key) || !Object.hasOwn(hparams, key));
      hparams.update(Object.fromEntries(values));
      for (const [key] of values) this.#own.add(key);
    });
  }

  batchBegan(): void {
    this.#step++;
    this.#try("the learning rate", () => {
      this.#lastRate = learningRate(this.#model);
    });
  }

  epochEnded(epoch: number, logs: TfjsLogs): void {
    this.#try("the metrics of an epoch", () => {
      const position = { step: this.#step, epoch: epoch + 1 };
      const [val, train] = parts(logs);
      this.#run.log("train", { ...train, ...this.#rate() }, position);
      if (Object.keys(val).length > 0) this.#run.log("val", val, position);
    });
  }

  async tested(result: unknown): Promise<Record<string, number>> {
    const scalars =
      (Array.isArray(result) ? result : [result]) as (Scalar | number)[];
    const values = await Promise.all(scalars.map(takeValue));
    const { metricsNames = ["loss"] } = this.#model;
    const named = Object.fromEntries(
      values.map((value, at) => [metricsNames[at] ?? `metric_${at}`, value]),
    );
    this.#try(
      "what an evaluation has measured",
      () => this.#run.log("test", named, { step: this.#step }),
    );
    return named;
  }

  #rate(): { readonly learning_rate?: number } {
    const rate = this.#lastRate;
    if (rate === undefined) return {};
    this.#isRateLogged ||= rate !== this.#firstRate;
    return this.#isRateLogged ? { learning_rate: rate } : {};
  }

  /** A training must not end because its record cannot be kept. */
  #try(what: string, record: () => void): void {
    try {
      record();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const { name, local } = this.#run;
      stderrReporter.warn(
        `tfjs ${what} ${local}`,
        `Cannot record ${what} in run "${name}", the training goes on: ${reason}`,
      );
    }
  }
}

/** The metrics of the validation, under their plain names, and the others. */
function parts(logs: TfjsLogs): [TfjsLogs, TfjsLogs] {
  const val: Record<string, number> = {};
  const train: Record<string, number> = {};
  for (const [name, value] of Object.entries(logs)) {
    if (!name.startsWith(VALIDATION)) train[name] = value;
    else val[name.slice(VALIDATION.length)] = value;
  }
  return [val, train];
}

interface Scalar {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

async function takeValue(value: Scalar | number): Promise<number> {
  if (typeof value === "number") return value;
  const [number = NaN] = Array.from(await value.data());
  value.dispose();
  return number;
}
