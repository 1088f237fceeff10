"""Trains a classifier of MNIST digits with nothing but Python's standard library.

It knows nothing of Deno: it prints its metrics as lines that begin with EM_METRICS, and writes its model into the
directory that EM_RUN_DIR names.
"""

import argparse
import json
import math
import os
import random
import struct

CLASSES = 10
POOL = 4


def read_labels(path, count):
    with open(path, "rb") as file:
        file.seek(8)
        return list(file.read(count))


def read_images(path, count):
    """Reads images, each as the means of its 4 x 4 squares, between 0 and 1."""
    with open(path, "rb") as file:
        _, _, rows, columns = struct.unpack(">4I", file.read(16))
        return [pooled(file.read(rows * columns), rows, columns) for _ in range(count)]


def pooled(pixels, rows, columns):
    return [
        sum(
            sum(pixels[(top + row) * columns + left:(top + row) * columns + left + POOL])
            for row in range(POOL)
        ) / (255 * POOL * POOL)
        for top in range(0, rows, POOL)
        for left in range(0, columns, POOL)
    ] + [1.0]


def probabilities(weights, image):
    scores = [sum(map(float.__mul__, row, image)) for row in weights]
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def log(kind, step, epoch, metrics):
    line = {"type": kind, "step": step, "epoch": epoch, "metrics": metrics}
    print("EM_METRICS " + json.dumps(line))


def evaluate(weights, images, labels):
    hits, loss = 0, 0.0
    for image, label in zip(images, labels):
        chances = probabilities(weights, image)
        hits += chances.index(max(chances)) == label
        loss -= math.log(max(chances[label], 1e-12))
    return {"accuracy": hits / len(labels), "loss": loss / len(labels)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="the directory of the MNIST files")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()

    def load(prefix, count):
        return (
            read_images(os.path.join(args.data, prefix + "-images-idx3-ubyte"), count),
            read_labels(os.path.join(args.data, prefix + "-labels-idx1-ubyte"), count),
        )

    images, labels = load("train", args.images)
    test = load("t10k", 500)
    print(f"{len(images)} images to train with, {len(test[0])} to test with")
    chance = random.Random(args.seed)
    weights = [[0.0] * len(images[0]) for _ in range(CLASSES)]
    order = list(range(len(images)))
    step, every = 0, max(1, len(images) // 10)
    for epoch in range(1, args.epochs + 1):
        chance.shuffle(order)
        for index in order:
            step += 1
            chances = probabilities(weights, images[index])
            if step % every == 0:
                loss = -math.log(max(chances[labels[index]], 1e-12))
                log("train", step, epoch, {"loss": loss})
            for digit, row in enumerate(weights):
                slope = args.learning_rate * (chances[digit] - (labels[index] == digit))
                weights[digit] = [weight - slope * pixel for weight, pixel in zip(row, images[index])]
        result = evaluate(weights, *test)
        log("test", step, epoch, result)
        print(f"epoch {epoch}: accuracy {result['accuracy']:.3f}")
    if "EM_RUN_DIR" in os.environ:
        with open(os.path.join(os.environ["EM_RUN_DIR"], "model.json"), "w") as file:
            json.dump(weights, file)


if __name__ == "__main__":
    main()
