import { delay } from "@std/async";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { Mnist } from "./dataset.ts";
import {
  batchOf,
  buildNetwork,
  evaluate,
  type NetworkOptions,
  type Score,
  trainStep,
} from "./network.ts";
import { seededRandom, shuffled } from "./shuffle.ts";

/** What a training can be tuned with. */
export interface Hyperparameters extends NetworkOptions {
  /** Images a step. */
  readonly batch_size: number;
  /** How often every image is seen. */
  readonly epochs: number;
  /** How many of the 60 000 images to train with; the seed decides which. */
  readonly train_images: number;
}

/** Where a training stands; both are counted from 1. */
export interface Position {
  readonly step: number;
  readonly epoch: number;
}

/** Takes a score of the training or of the validation, at once. */
export type LogScore = (
  type: "train" | "val",
  score: Score,
  position: Position,
) => void;

/** The end of a training. */
export interface Training {
  readonly model: LayersModel;
  /** The mean of the last steps. */
  readonly train: Score;
  /** The trained model's score on the 10 000 test images. */
  readonly val: Score;
  readonly steps: number;
  readonly seconds: number;
}

/** Steps between two scores of the training; each is the mean over these. */
const STEPS_PER_SCORE = 5;

/**
 * Tells how long a training will be.
 *
 * @param hparams The hyperparameters.
 * @returns The number of steps that {@linkcode trainMnist} will take.
 */
export function stepCount(hparams: Hyperparameters): number {
  return hparams.epochs * Math.ceil(hparams.train_images / hparams.batch_size);
}

/**
 * Trains a dense network to name handwritten digits, and measures it on the
 * 10 000 test images after every epoch.
 *
 * @param data The MNIST images.
 * @param options The hyperparameters, and where the scores go.
 * @returns The model and its last scores.
 */
export async function trainMnist(
  data: Mnist,
  options: { readonly hparams: Hyperparameters; readonly log: LogScore },
): Promise<Training> {
  const { hparams, log } = options;
  const { batch_size, epochs, train_images } = hparams;
  const started = performance.now();
  const random = seededRandom(hparams.seed);
  const model = buildNetwork(hparams);
  const all = Uint32Array.from(data.train.labels.keys());
  const chosen = shuffled(all, random).subarray(0, train_images);
  let [train, val] = [mean([]), mean([])];
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = shuffled(chosen, random);
    let recent: Score[] = [];
    for (let start = 0; start < order.length; start += batch_size) {
      const indices = order.subarray(start, start + batch_size);
      recent.push(await trainStep(model, batchOf(data.train, indices)));
      step++;
      const last = start + batch_size >= order.length;
      if (recent.length < STEPS_PER_SCORE && !last) continue;
      train = mean(recent);
      recent = [];
      log("train", train, { step, epoch });
      // TensorFlow.js computes without yielding; this lets Ctrl-C through.
      await delay(0);
    }
    val = evaluate(model, data.test);
    log("val", val, { step, epoch });
  }
  const seconds = (performance.now() - started) / 1000;
  return { model, train, val, steps: step, seconds };
}

function mean(scores: readonly Score[]): Score {
  const of = (key: keyof Score) =>
    scores.reduce((sum, score) => sum + score[key], 0) / scores.length;
  return { loss: of("loss"), accuracy: of("accuracy") };
}
