/**
 * Lineage: a dataset goes into a training, the model that comes out goes into an evaluation, and the server knows how
 * they hang together. Then everything is loaded from the server by somebody who has nothing, and compared.
 *
 *     deno run -A examples/lineage.ts
 *     deno run -A examples/lineage.ts --images=20000 --epochs=2   # a better model
 *
 * Starts a server of its own. With a server of yours, leave that out and call `login()` without arguments.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { join } from "@std/path";
import {
  createArtifact,
  createRun,
  loadArtifact,
  loadRun,
  login,
} from "@t9k/em";
import { compareDirectories } from "./lineage/compare_directories.ts";
import { dataflow } from "./lineage/dataflow.ts";
import { parseMnistArgs } from "./mnist.ts";
import { startBackend } from "./mnist/backend.ts";
import { loadMnist, MNIST_DIR } from "./mnist/dataset.ts";
import { compileNetwork, evaluate } from "./mnist/network.ts";
import { loadModel, saveModel } from "./mnist/save_model.ts";
import { trainMnist } from "./mnist/train.ts";
import { startServerThread } from "./server_thread/mod.ts";

const { images = 2000, epochs = 1 } = Deno.args.length > 0
  ? parseMnistArgs(Deno.args)
  : {};
const work = await Deno.makeTempDir({ prefix: "em-lineage-" });
Deno.env.set("EM_RUN_PARENT_DIR", join(work, "runs"));
Deno.env.set("EM_ARTIFACT_PARENT_DIR", join(work, "artifacts"));
const server = await startServerThread(join(work, "server"));
await login({ host: server.url, apiKey: server.apiKey });
await startBackend();
const place = { folder: "pipelines/mnist", makeFolder: true } as const;

const dataset = await createArtifact({ name: "mnist", labels: ["dataset"] });
await dataset.addDir(MNIST_DIR, "data");
await dataset.addReference(
  "https://www.nist.gov/srd/nist-special-database-19",
  "origin",
);

const training = await createRun({
  name: "train",
  hparams: {
    batch_size: 32,
    epochs,
    learning_rate: 0.001,
    linear_features1: 64,
    seed: 1,
    train_images: images,
  },
  autoUpload: true,
  ...place,
});
training.markInput(dataset);
const trained = await trainMnist(await loadMnist(join(dataset.local, "data")), {
  hparams: training.hparams,
  log: (type, score, position) => training.log(type, { ...score }, position),
});
const model = await createArtifact({ name: "mnist_dense", labels: ["model"] });
await saveModel(trained.model, join(work, "model"));
await model.addDir(join(work, "model"), "model");
training.markOutput(model);
const { upload } = await training.finish();
console.log(`training uploaded: ${upload.state}`);

const evaluation = await createRun({
  name: "evaluate",
  autoUpload: true,
  ...place,
});
evaluation.markInput(model);
evaluation.markInput(dataset);
const network = compileNetwork(
  await loadModel(join(model.local, "model")),
  training.hparams.learning_rate,
);
const { test } = await loadMnist(join(dataset.local, "data"));
const score = evaluate(network, test);
evaluation.log("test", { ...score }, { step: 1 });
const { upload: evaluated } = await evaluation.finish();
console.log(
  `evaluation uploaded: ${evaluated.state}; accuracy ${
    score.accuracy.toFixed(3)
  }`,
);
for (const { name, remote } of [training, evaluation]) {
  const { id = "" } = remote.at(-1) ?? {};
  console.log(`  ${await dataflow(server, { id, name })}`);
}

// From here on somebody else, who has only the server.
const elsewhere = join(work, "elsewhere");
Deno.env.set("EM_RUN_PARENT_DIR", join(elsewhere, "runs"));
Deno.env.set("EM_ARTIFACT_PARENT_DIR", join(elsewhere, "artifacts"));
const loaded = {
  training: await loadRun("pipelines/mnist/train", { fetchArtifacts: true }),
  evaluation: await loadRun("pipelines/mnist/evaluate"),
  model: await loadArtifact("pipelines/mnist/mnist_dense"),
  dataset: await loadArtifact(
    join(elsewhere, "artifacts", dataset.alternativeName),
  ),
};
let files = 0;
for (
  const [original, copy] of [
    [training, loaded.training],
    [evaluation, loaded.evaluation],
    [model, loaded.model],
    [dataset, loaded.dataset],
  ] as const
) files += await compareDirectories(original.local, copy.local);
const { input, output } = loaded.training.associations;
console.log(
  `loaded from the server: ${files} files, all the same; ` +
    `${input.length} input and ${output.length} output of the training`,
);
await loaded.training.finish();
await loaded.evaluation.finish();

await server.shutdown();
await Deno.remove(work, { recursive: true });
