/**
 * A real training, tracked: a dense network of TensorFlow.js learns handwritten digits from the MNIST originals.
 *
 *     deno run -A examples/mnist.ts                           # kept on this machine
 *     deno run -A examples/mnist.ts --upload                  # and uploaded, after `em login`
 *     deno run -A examples/mnist.ts --images=2000 --epochs=1  # a short one
 *
 * Logs loss and accuracy of the training every five steps and those of the 10 000 test images after every epoch, and
 * saves the trained model into the run directory.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { join } from "@std/path";
import { createRun, type FinishResult } from "@t9k/em";
import { startBackend } from "./mnist/backend.ts";
import { loadMnist } from "./mnist/dataset.ts";
import { progressPrinter } from "./mnist/progress.ts";
import { saveModel } from "./mnist/save_model.ts";
import { stepCount, type Training, trainMnist } from "./mnist/train.ts";

/** What can be chosen on the command line. */
export interface MnistOptions {
  /** How many of the 60 000 images to train with. Default: 20 000. */
  readonly images?: number;
  /** How often to train with each. Default: 2. */
  readonly epochs?: number;
  /** Whether to upload in the background, into the folder `cv/mnist`. Default: no. */
  readonly upload?: boolean;
}

/** The end of a tracked training. */
export interface TrackedTraining {
  /** The run directory. */
  readonly dir: string;
  readonly training: Training;
  readonly result: FinishResult;
}

/**
 * Trains, with everything tracked.
 *
 * @param options How much to train and whether to upload.
 * @returns The training, and what became of its run.
 */
export async function runMnist(
  options: MnistOptions = {},
): Promise<TrackedTraining> {
  const backend = await startBackend();
  const run = await createRun({
    name: "mnist_dense",
    hparams: {
      batch_size: 32,
      epochs: options.epochs ?? 2,
      learning_rate: 0.001,
      linear_features1: 128,
      seed: 1,
      train_images: options.images ?? 20_000,
    },
    labels: ["MNIST", "TensorFlow.js"],
    description: "A dense network that names handwritten digits",
    autoUpload: options.upload ?? false,
    folder: "cv/mnist",
    makeFolder: true,
    conflictStrategy: "new",
  });
  const { linear_features1, train_images } = run.hparams;
  const network = `784-${linear_features1}-10 on ${train_images} images`;
  const why = backend === "cpu" ? " (WebAssembly did not start)" : "";
  // deno-lint-ignore no-console
  console.log(`  training ${network}, TensorFlow.js on ${backend}${why}`);

  const showProgress = progressPrinter({
    steps: stepCount(run.hparams),
    epochs: run.hparams.epochs,
  });
  const training = await trainMnist(await loadMnist(), {
    hparams: run.hparams,
    log: (type, score, position) => {
      run.log(type, { ...score }, position);
      showProgress(type, score, position);
    },
  });
  await saveModel(training.model, join(run.local, "model"));
  return { dir: run.local, training, result: await run.finish() };
}

/**
 * Reads the options of a command line.
 *
 * @param args The arguments.
 * @returns The options.
 * @throws {RangeError} If a number is none, or out of range.
 */
export function parseMnistArgs(args: string[]): MnistOptions {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: "string", default: "20000" },
      epochs: { type: "string", default: "2" },
      upload: { type: "boolean", default: false },
    },
  });
  return {
    images: wholeNumber("images", { text: values.images, max: 60_000 }),
    epochs: wholeNumber("epochs", { text: values.epochs, max: 1000 }),
    upload: values.upload,
  };
}

function wholeNumber(
  name: string,
  { text, max }: { readonly text: string; readonly max: number },
): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new RangeError(
    `Cannot use --${name}=${text}: it must be a whole number from 1 to ${max}`,
  );
}

if (import.meta.main) {
  const { dir, training } = await runMnist(parseMnistArgs(Deno.args));
  // deno-lint-ignore no-console
  console.log(
    `  trained in ${
      training.seconds.toFixed(1)
    } s; metrics, log and model are in ${dir}`,
  );
}
