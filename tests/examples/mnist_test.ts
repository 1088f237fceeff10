import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { memory } from "@tensorflow/tfjs-core";
import { startBackend } from "../../examples/mnist/backend.ts";
import { loadMnist, PIXELS } from "../../examples/mnist/dataset.ts";
import { parseIdx } from "../../examples/mnist/idx.ts";
import { loadModel, saveModel } from "../../examples/mnist/save_model.ts";
import { seededRandom, shuffled } from "../../examples/mnist/shuffle.ts";
import { evaluate, type Score } from "../../examples/mnist/network.ts";
import {
  type Hyperparameters,
  type Position,
  stepCount,
  trainMnist,
} from "../../examples/mnist/train.ts";

const SMALL: Hyperparameters = {
  batch_size: 32,
  epochs: 1,
  learning_rate: 0.001,
  linear_features1: 32,
  seed: 7,
  train_images: 2000,
};

Deno.test("parseIdx() reads what the format says and refuses what it does not", () => {
  const bytes = new Uint8Array([
    0,
    0,
    8,
    2,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    3,
    1,
    2,
    3,
    4,
    5,
    6,
  ]);
  const { dims, data } = parseIdx(bytes);
  assertEquals(dims, [2, 3]);
  assertEquals([...data], [1, 2, 3, 4, 5, 6]);
  const bad: Record<string, Uint8Array> = {
    "empty": new Uint8Array(),
    "floats": Uint8Array.from(bytes, (byte, i) => i === 2 ? 0x0d : byte),
    "compressed": new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
    "cut in its head": bytes.subarray(0, 9),
    "one byte short": bytes.subarray(0, -1),
    "one byte long": new Uint8Array([...bytes, 7]),
  };
  for (const [name, wrong] of Object.entries(bad)) {
    assertThrows(
      () => parseIdx(wrong),
      RangeError,
      "Cannot read idx file",
      name,
    );
  }
});

Deno.test("loadMnist() gives the original images: sizes, digits and pixels", async () => {
  const { train, test } = await loadMnist();
  assertEquals([train.count, test.count], [60_000, 10_000]);
  assertEquals([train.images.length, test.images.length], [
    60_000 * PIXELS,
    10_000 * PIXELS,
  ]);
  const histogram = (labels: Uint8Array) =>
    labels.reduce(
      (counts, digit) => counts.with(digit, (counts[digit] ?? 0) + 1),
      new Array<number>(10).fill(0),
    );
  assertEquals(histogram(train.labels), [
    5923,
    6742,
    5958,
    6131,
    5842,
    5421,
    5918,
    6265,
    5851,
    5949,
  ]);
  assertEquals(histogram(test.labels), [
    980,
    1135,
    1032,
    1010,
    982,
    892,
    958,
    1028,
    974,
    1009,
  ]);
  assertEquals([...train.labels.subarray(0, 10)], [
    5,
    0,
    4,
    1,
    9,
    2,
    1,
    3,
    1,
    4,
  ]);
  const meanGrey = train.images.reduce((sum, grey) => sum + grey, 0) /
    train.images.length / 255;
  assertAlmostEquals(
    meanGrey,
    0.1307,
    0.0001,
    "the published mean of the training images",
  );
});

Deno.test("shuffled() keeps every item, depends on nothing but the seed, and leaves its argument alone", () => {
  const items = Uint32Array.from({ length: 1000 }, (_, i) => i);
  const once = shuffled(items, seededRandom(3));
  assertEquals(shuffled(items, seededRandom(3)), once);
  assertEquals([...once].sort((a, b) => a - b), [...items]);
  assertEquals(items[999], 999);
  assert(once.some((value, i) => value !== i));
  assert(
    shuffled(items, seededRandom(4)).some((value, i) => value !== once[i]),
  );
});

Deno.test("trainMnist() learns real digits from 2000 images, and its saved model is the trained one", async () => {
  await startBackend();
  const data = await loadMnist();
  const records: { type: string; score: Score; position: Position }[] = [];
  const log = (type: string, score: Score, position: Position) => {
    records.push({ type, score, position });
  };
  const training = await trainMnist(data, { hparams: SMALL, log });

  assertEquals(training.steps, stepCount(SMALL));
  assertEquals(
    training.steps,
    63,
    "the last, smaller batch is trained with too",
  );
  const train = records.filter(({ type }) => type === "train");
  assertEquals(train.map(({ position }) => position.step), [
    5,
    10,
    15,
    20,
    25,
    30,
    35,
    40,
    45,
    50,
    55,
    60,
    63,
  ]);
  assertEquals(records.at(-1), {
    type: "val",
    score: training.val,
    position: { step: 63, epoch: 1 },
  });
  assertGreater(training.val.accuracy, 0.75, "chance is 0.1");
  assertGreater(train[0]?.score.loss ?? 0, 1.2 * training.train.loss);
  for (const { score } of records) {
    assert(score.loss > 0 && score.accuracy >= 0 && score.accuracy <= 1);
  }

  const dir = await Deno.makeTempDir();
  try {
    await saveModel(training.model, join(dir, "model"));
    const weights = await Deno.stat(join(dir, "model", "weights.bin"));
    assertEquals(weights.size, 4 * (PIXELS * 32 + 32 + 32 * 10 + 10));
    const loaded = await loadModel(join(dir, "model"));
    loaded.compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    assertEquals(evaluate(loaded, data.test), training.val);
    await Deno.truncate(join(dir, "model", "weights.bin"), weights.size - 8);
    await assertRejects(() => loadModel(join(dir, "model")));
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("trainMnist() gives the same numbers for the same seed, and holds no memory of its steps", async () => {
  await startBackend();
  const data = await loadMnist();
  const train = async (change: Partial<Hyperparameters>) => {
    const before = memory().numTensors;
    const scores: Score[] = [];
    await trainMnist(data, {
      hparams: { ...SMALL, train_images: 320, ...change },
      log: (_type, score) => void scores.push(score),
    });
    return { scores, kept: memory().numTensors - before };
  };
  const first = await train({});
  const again = await train({});
  assertEquals(again.scores, first.scores);
  const other = await train({ seed: 2, train_images: 640, epochs: 2 });
  assert(other.scores[0]?.loss !== first.scores[0]?.loss);
  assertEquals(other.kept, first.kept, "tensors kept by a longer training");
});
