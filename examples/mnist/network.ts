import * as tf from "@tensorflow/tfjs-core";
import {
  initializers,
  layers,
  type LayersModel,
  sequential,
} from "@tensorflow/tfjs-layers";
import { PIXELS, type Split } from "./dataset.ts";

/** How good a model is. */
export interface Score {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** The part of the images that it names rightly, from 0 to 1. */
  readonly accuracy: number;
}

/** What a network can be built with. */
export interface NetworkOptions {
  /** Step width of the Adam optimizer. */
  readonly learning_rate: number;
  /** Units of the hidden layer. */
  readonly linear_features1: number;
  /** Decides the first weights. */
  readonly seed: number;
}

/** Images and their digits as tensors. */
export interface Batch {
  /** Rows of {@linkcode PIXELS} grey values from 0 to 1. */
  readonly images: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
}

/**
 * Builds a dense network with one hidden layer.
 *
 * @param options Its size, its first weights and its optimizer.
 * @returns The untrained network.
 */
export function buildNetwork(options: NetworkOptions): LayersModel {
  const { dense } = layers;
  const { glorotUniform } = initializers;
  const { learning_rate, linear_features1, seed } = options;
  const model = sequential({
    layers: [
      dense({
        units: linear_features1,
        activation: "relu",
        inputShape: [PIXELS],
        kernelInitializer: glorotUniform({ seed: seed + 1 }),
      }),
      dense({
        units: 10,
        activation: "softmax",
        kernelInitializer: glorotUniform({ seed: seed + 2 }),
      }),
    ],
  });
  return compileNetwork(model, learning_rate);
}

/**
 * Makes a network ready to be trained and measured; one that was loaded is not.
 *
 * @param model The network.
 * @param learningRate Step width of the Adam optimizer.
 * @returns The network.
 */
export function compileNetwork<T extends LayersModel>(
  model: T,
  learningRate: number,
): T {
  model.compile({
    optimizer: tf.train.adam(learningRate),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/**
 * Takes images out of a split.
 *
 * @param split The images.
 * @param indices Which of them, in this order. Default: all.
 * @returns Tensors, to be disposed of by the caller.
 */
export function batchOf(
  split: Split,
  indices: Uint32Array = Uint32Array.from(split.labels.keys()),
): Batch {
  const pixels = new Float32Array(indices.length * PIXELS);
  const digits = new Float32Array(indices.length);
  indices.forEach((index, row) => {
    const image = split.images.subarray(index * PIXELS, (index + 1) * PIXELS);
    image.forEach((grey, i) => pixels[row * PIXELS + i] = grey / 255);
    digits[row] = split.labels[index] ?? NaN;
  });
  return {
    images: tf.tensor2d(pixels, [indices.length, PIXELS]),
    labels: tf.tensor1d(digits),
  };
}

/**
 * Takes one step of the optimizer, and disposes of the batch.
 *
 * @param model The network.
 * @param batch The images to learn from.
 * @returns The score on this batch before the step.
 */
export async function trainStep(
  model: LayersModel,
  batch: Batch,
): Promise<Score> {
  const scores = await model.trainOnBatch(batch.images, batch.labels);
  tf.dispose([batch.images, batch.labels]);
  return toScore(scores);
}

/**
 * Measures a network.
 *
 * @param model The network.
 * @param split The images to measure it on.
 * @returns Its score on all of them.
 */
export function evaluate(model: LayersModel, split: Split): Score {
  const { images, labels } = batchOf(split);
  const scores = model.evaluate(images, labels, { batchSize: 1000 });
  const score = toScore(scores);
  tf.dispose([images, labels, scores]);
  return score;
}

type ScoreValue = tf.Scalar | number;

function toScore(values: ScoreValue | ScoreValue[]): Score {
  const [loss = NaN, accuracy = NaN] = [values].flat().map((value) =>
    typeof value === "number" ? value : value.dataSync()[0] ?? NaN
  );
  return { loss, accuracy };
}
