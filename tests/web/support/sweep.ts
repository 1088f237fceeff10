import type { TestServer } from "../../support/em_server.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { runScript } from "../../support/script.ts";
import { join } from "@std/path";

/** Six runs over two hyperparameters with a dataset, a model each, a spike, NaN and infinity, and one that fails. */
const SWEEP = `
  import { createArtifact, createRun } from "@t9k/em";
  const place = { folder: "vision/sweep", makeFolder: true };
  await Deno.writeTextFile("labels.csv", "image,label\\n0.png,7\\n1.png,2\\n");
  await Deno.writeTextFile("README.md", "# Digits\\n\\n<b>28 x 28</b> pixels\\n");
  const dataset = await createArtifact({ name: "digits", labels: ["dataset"], description: "Handwritten digits" });
  await dataset.addFile("labels.csv");
  await dataset.addFile("README.md");
  await dataset.addReference("s3://bucket/digits/original.zip", "raw/");
  let seed = 7;
  const random = () => (seed = seed * 16807 % 2147483647) / 2147483647;
  for (const lr of [0.003, 0.01, 0.1]) {
    for (const batch of [32, 128]) {
      const run = await createRun({
        name: "cnn_lr" + String(lr).replace(".", "p") + "_b" + batch,
        labels: ["CNN", batch === 32 ? "small" : "large"],
        description: "A sweep over learning rate and batch size",
        hparams: { lr, batch, optimizer: { name: batch === 32 ? "adam" : "sgd", momentum: 0.9 }, epochs: 3, augment: lr > 0.005 },
        autoUpload: true,
        ...place,
      });
      run.markInput(dataset);
      for (let step = 1; step <= 300; step++) {
        const epoch = Math.ceil(step / 100);
        let loss = 2.3 * Math.exp(-step * (0.2 - lr) / 30) + 0.1 + 0.1 * random();
        if (lr === 0.1 && step === 77) loss = 40;
        if (lr === 0.1 && batch === 128 && step > 290) loss = step % 2 ? NaN : Infinity;
        run.log("train", { loss, accuracy: 1 - Math.min(0.9, loss / 3) }, { step, epoch });
        if (step % 50 === 0) {
          run.log("val", { loss: loss * 1.1, accuracy: 0.95 - Math.abs(lr - 0.01) - batch / 5000 + step / 1e4 }, { step, epoch });
          console.log("epoch " + epoch + " \\x1b[32mstep " + step + "\\x1b[0m of 300");
        }
      }
      const model = await createArtifact({ name: "model_" + run.name, labels: ["model"] });
      await Deno.writeTextFile("weights.json", JSON.stringify({ layers: [{ kind: "conv", weights: [lr, batch] }] }));
      await model.addFile("weights.json");
      run.markOutput(model);
      await run.finish();
    }
  }
  const failed = await createRun({ name: "cnn_failed", labels: ["CNN"], hparams: { lr: 1, batch: 32 }, autoUpload: true, ...place });
  failed.log("train", { loss: 9 }, { step: 1 });
  await failed.upload();
  Deno.exit(3);
`;

/** Makes the runs of a sweep by real scripts, in the folder `/demo/vision/sweep` of a server. */
export async function makeSweep(server: TestServer): Promise<void> {
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const env = { T9K_CONFIG: config, T9K_CONFIG_CONTEXT: "" };
  const { code, stderr } = await runScript(SWEEP, { dir: dir.path, env });
  if (code !== 3) throw new Error(stderr);
  // What a killed or ended process could not send any more, such as that it ended.
  const sync = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("../../../src/cli/main.ts", import.meta.url).pathname,
      "sync",
    ],
    cwd: dir.path,
    env,
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!sync.success) throw new Error(new TextDecoder().decode(sync.stderr));
}
