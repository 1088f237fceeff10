import { ensureDir } from "@std/fs";
import { join } from "@std/path";
import { io } from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";

const WEIGHTS = "weights.bin";

/**
 * Saves a model in TensorFlow.js's own format: the network as `model.json`, its weights as `weights.bin`.
 *
 * @param model The model.
 * @param dir The directory for both files; made if it is not there.
 */
export async function saveModel(
  model: LayersModel,
  dir: string,
): Promise<void> {
  await ensureDir(dir);
  await model.save(io.withSaveHandler(async (artifacts) => {
    const { modelTopology, weightSpecs, weightData, format, generatedBy } =
      artifacts;
    const weightsManifest = [{ paths: [WEIGHTS], weights: weightSpecs ?? [] }];
    const text = JSON.stringify({
      format,
      generatedBy,
      convertedBy: null,
      modelTopology,
      weightsManifest,
    });
    await Deno.writeTextFile(join(dir, "model.json"), `${text}\n`);
    await Deno.writeFile(
      join(dir, WEIGHTS),
      new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
    );
    return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
  }));
}

/**
 * Loads a model that {@linkcode saveModel} saved.
 *
 * @param dir The directory of `model.json` and `weights.bin`.
 * @returns The model.
 */
export async function loadModel(dir: string): Promise<LayersModel> {
  const json: io.ModelJSON = JSON.parse(
    await Deno.readTextFile(join(dir, "model.json")),
  );
  const { buffer } = await Deno.readFile(join(dir, WEIGHTS));
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  return await loadLayersModel(
    io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs,
      weightData: buffer,
    }),
  );
}
