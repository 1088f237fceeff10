import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { onlyRun, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("a run can live in a worker, and its script is the worker's", async () => {
  using dir = tempDir();
  Deno.writeTextFileSync(
    join(dir.path, "trainer.ts"),
    `import { createRun } from "@t9k/em";
     const run = await createRun({ name: "in-worker" });
     run.log("train", { loss: 1 }, { step: 1 });
     await run.finish();
     postMessage("done");`,
  );
  const result = await runScript(
    `const worker = new Worker(new URL("./trainer.ts", import.meta.url), { type: "module" });
     worker.onmessage = () => worker.terminate();`,
    { dir: dir.path },
  );
  assertEquals(result.code, 0, result.stderr);
  const run = onlyRun(dir.path);
  const read = (file: string) => Deno.readTextFileSync(join(run, file));
  assertEquals(decodeRunMetadata(read("metadata.yaml")).status, "Complete");
  assertEquals(
    (parseYaml(read("git.yaml")) as { entrypoint: string }).entrypoint,
    join(dir.path, "trainer.ts"),
  );
});
