import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  type ArtifactMetadata,
  createArtifact,
  createRun,
  loadRun,
  type Run,
} from "../../mod.ts";
import { isYamlMap, parseYaml } from "../../src/format/yaml_reader.ts";
import { parentDirs } from "../support/parent_dirs.ts";

const ID = "22222222-2222-3333-4444-555555555555";
const PATH = "/demo/t9k-assethub/model/llm/bert";
const COMMIT = "b".repeat(64);

function onDisk(run: Run<object>): unknown {
  const text = Deno.readTextFileSync(join(run.local, "metadata.yaml"));
  const document = parseYaml(text);
  assert(isYamlMap(document));
  return document.associations;
}

Deno.test("markInput() and markOutput() are on disk when they have returned, once for each role", async () => {
  using dir = parentDirs();
  const artifact = await createArtifact({ name: "data" });
  const run = await createRun({ name: "cnn", captureConsole: false });
  const entry = {
    kind: "Artifact" as const,
    name: artifact.alternativeName,
    localDir: join(dir.path, "artifacts", artifact.alternativeName),
  };
  run.markInput(artifact);
  run.markInput(artifact);
  assertEquals(run.associations, { input: [entry], output: [] });
  assertEquals(onDisk(run), { input: [entry], output: [] });
  run.markOutput(artifact);
  assertEquals(onDisk(run), { input: [entry], output: [entry] });
  await run.finish();

  const again = await loadRun(run.local, { captureConsole: false });
  again.markOutput(artifact);
  assertEquals(onDisk(again), { input: [entry], output: [entry] });
  await again.finish();
});

Deno.test("an artifact below the working directory is noted with a relative path, as the Python SDK does", async () => {
  using _dir = parentDirs();
  const run = await createRun({ name: "cnn", captureConsole: false });
  const local = join(Deno.cwd(), ".em", "artifacts", "a_261123_082619_5n2zan");
  run.markInput({
    alternativeName: "a_261123_082619_5n2zan",
    local,
    toDict: () => ({ kind: "Artifact" }) as ArtifactMetadata,
  });
  assertEquals(run.associations.input, [{
    kind: "Artifact",
    name: "a_261123_082619_5n2zan",
    localDir: join(".em", "artifacts", "a_261123_082619_5n2zan"),
  }]);
  await run.finish();
});

Deno.test("assets are noted as the Python SDK notes them", async () => {
  using _dir = parentDirs();
  const run = await createRun({ name: "cnn", captureConsole: false });
  run.markInput({ kind: "Dataset", id: ID, path: "/demo/mnist" });
  run.markOutput({ kind: "Model", id: ID, path: PATH });
  run.markOutput({ kind: "Branch", id: `${ID}:main`, path: `${PATH}:main` });
  run.markOutput({ kind: "tag", id: `${ID}:v1`, path: `${PATH}:v1` });
  const commit = {
    kind: "Commit",
    id: `${ID}:${COMMIT}`,
    path: `${PATH}:${COMMIT}`,
  } as const;
  run.markOutput(commit);
  run.markOutput({ ...commit, kind: "commit" });
  assertEquals(onDisk(run), {
    input: [{ kind: "Dataset", id: ID, path: "/demo/mnist" }],
    output: [
      { kind: "Model", id: ID, path: PATH },
      { kind: "branch", id: `${ID}:main`, path: `${PATH}:main` },
      { kind: "tag", id: `${ID}:v1`, path: `${PATH}:v1` },
      { kind: "commit", id: `${ID}:bbbbbbbb`, path: `${PATH}:${COMMIT}` },
    ],
  });
  await run.finish();
});

Deno.test("what cannot be marked is refused with the reason, and nothing is noted", async () => {
  using _dir = parentDirs();
  const run = await createRun({ name: "cnn", captureConsole: false });
  const other = await createRun({ name: "other", captureConsole: false });
  const table: [unknown, string][] = [
    [undefined, "Only an Artifact"],
    ["data", "Only an Artifact"],
    [other, "Only an Artifact"],
    [{ kind: "Repo", id: ID, path: PATH }, "Model, Dataset, Branch, Tag"],
    [{ kind: "Model", id: "x", path: PATH }, "id of a Model must be a UUID"],
    [{ kind: "Model", id: `${ID}:main`, path: PATH }, "must be a UUID"],
    [
      { kind: "Tag", id: ID, path: PATH },
      "<the asset's UUID>:<name of the tag>",
    ],
    [{ kind: "Model", id: ID }, "path of a Model must be a string"],
    [{ kind: "Model", id: ID, path: "" }, "path of a Model must be a string"],
  ];
  for (const [resource, message] of table) {
    for (const mark of ["markInput", "markOutput"] as const) {
      assertThrows(
        () => run[mark](resource as Parameters<typeof run.markInput>[0]),
        TypeError,
        message,
      );
    }
  }
  assertEquals(onDisk(run), { input: [], output: [] });
  await Promise.all([run.finish(), other.finish()]);
});
