import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runScript, spawnScript } from "../support/script.ts";
import {
  checksumsOf,
  localChecksums,
  startShakyServer,
} from "../support/shaky_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

function onlyDirectory(parent: string): string {
  const names = [...Deno.readDirSync(parent)].map(({ name }) => name)
    .filter((name) => !name.startsWith("."));
  assertEquals(names.length, 1, names.join());
  return join(parent, names[0] ?? "");
}

const TRAIN = `
  import { createArtifact, createRun } from "@t9k/em";
  const model = await createArtifact({ name: "model" });
  Deno.writeTextFileSync("small.txt", "small");
  Deno.writeFileSync("large.bin", crypto.getRandomValues(new Uint8Array(60_000)));
  await model.addFile("small.txt");
  await model.addFile("large.bin");
  const run = await createRun({ name: "train", autoUpload: true, folder: "pipe/line", makeFolder: true });
  run.log("train", { loss: 1 }, { step: 1 });
  run.markOutput(model);
  await new Promise((resolve) => setTimeout(resolve, 1e6));
`;

Deno.test("a process killed while an artifact of its run is uploaded: upload() brings the rest, and the edge", async () => {
  await using server = await startShakyServer();
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const env = { T9K_CONFIG: config };
  let isReached = false;
  server.faulty.script = ({ method, path, query }) => {
    const isLarge = method === "POST" && path === "/apis/v1/objects" &&
      query.get("path") === "/demo/pipe/line/model/large.bin";
    isReached ||= isLarge;
    return isLarge ? { kind: "hang" } : undefined;
  };
  const child = spawnScript(TRAIN, { dir: dir.path, env });
  const output = child.output();
  await waitFor("the large object", () => isReached || undefined);
  child.kill("SIGKILL");
  await output;

  const run = onlyDirectory(join(dir.path, ".em/runs"));
  const model = onlyDirectory(join(dir.path, ".em/artifacts"));
  server.faulty.script = () => undefined;
  const result = await runScript(
    `import { upload } from "@t9k/em";
    const [{ report }] = await upload(".em/runs", { folder: "pipe/line" });
    console.log(report.state, JSON.stringify(report.refused));`,
    { dir: dir.path, env },
  );
  assertStringIncludes(result.stdout, "complete []", result.stderr);
  for (
    const [node, local] of [
      ["/demo/pipe/line/train", run],
      ["/demo/pipe/line/model", model],
    ] as const
  ) assertEquals(await checksumsOf(server.client, node), localChecksums(local));
  const node = await server.client.node("/demo/pipe/line/train");
  assert(node !== undefined);
  const { out } = await server.client.graph(node.id);
  assertEquals(out.map(({ path }) => path), ["/demo/pipe/line/model"]);
});
