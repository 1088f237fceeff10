import { join } from "@std/path";
import { runScript } from "../../support/script.ts";
import { tempDir } from "../../support/temp_dir.ts";
import type { TestServer } from "../../support/em_server.ts";

/** Runs a script whose `createRun` uploads to a server. */
export async function trainScript(
  server: TestServer,
  code: string,
): Promise<void> {
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const { code: exit, stderr } = await runScript(
    `import { createArtifact, createRun } from "@t9k/em";\n${code}`,
    { dir: dir.path, env: { T9K_CONFIG: config, T9K_CONFIG_CONTEXT: "" } },
  );
  if (exit !== 0) throw new Error(stderr);
}

/**
 * Six real runs below `/demo/cnn`: the learning rate and the optimizer differ, the batch size does not, one has no dropout,
 * that of another is null, and the last one's loss is not a number.
 */
export async function trainSix(
  server: TestServer,
): Promise<ReadonlyMap<string, string>> {
  await trainScript(
    server,
    `for (let i = 0; i < 6; i++) {
      const lr = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1][i];
      const run = await createRun({
        name: "cnn_" + "abcdef"[i],
        hparams: {
          batch_size: 32,
          optimizer: { name: i % 2 ? "sgd" : "adam", lr },
          augment: i > 2,
          ...(i === 0 ? {} : { dropout: i === 1 ? null : i / 10 }),
        },
        labels: ["cnn"],
        folder: "cnn",
        makeFolder: true,
        autoUpload: true,
      });
      for (let step = 1; step <= 20; step++) {
        const loss = i === 5 && step > 10 ? NaN : 1 / step + i / 100;
        run.log("train", { loss }, { step, epoch: step });
        run.log("val", { accuracy: 0.9 - (i - 2) ** 2 / 100 - 0.2 / step }, { step, epoch: step });
      }
      await run.finish();
    }`,
  );
  const ids = new Map<string, string>();
  for (const letter of "abcdef") {
    const node = await server.client.node(`/demo/cnn/cnn_${letter}`);
    if (node === undefined) throw new Error(`cnn_${letter} did not arrive`);
    ids.set(letter, node.id);
  }
  return ids;
}
