import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { existsSync } from "@std/fs";
import { fromFileUrl, join } from "@std/path";
import { decodeArtifactMetadata } from "../../src/format/artifact_metadata.ts";
import { stateDir } from "../../src/local/layout.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

const PYTHON = fromFileUrl(
  new URL("../fixtures/c08_artifacts/artifacts/", import.meta.url),
);
const PARENT = ".em/artifacts";
const MIB = 1024 * 1024;

/** The artifact directories below a script's directory, by name. */
function artifacts(dir: string, parent = PARENT): string[] {
  return [...Deno.readDirSync(join(dir, parent))].map(({ name }) => name)
    .filter((name) => name !== ".state").sort()
    .map((name) => join(dir, parent, name));
}

/** A document without times and random parts. */
function neutral(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+\+00:00/g, "TIME")
    .replaceAll(/_\d{6}_\d{6}_[a-z0-9]{6}/g, "_SUFFIX");
}

Deno.test("an artifact made here equals what the Python SDK writes from the same calls", async () => {
  using dir = tempDir();
  const result = await runScript(
    `import { createArtifact } from "@t9k/em";
    Deno.mkdirSync("data/sub", { recursive: true });
    Deno.writeTextFileSync("data/a.txt", "alpha\\n");
    Deno.writeFileSync("data/sub/b.bin", Uint8Array.from({ length: 256 }, (_, i) => i));
    Deno.writeTextFileSync("data/空 格.txt", "unicode name\\n");
    Deno.writeTextFileSync("data/empty", "");
    const head = [0x50, 0x4b, 3, 4];
    Deno.writeFileSync("model_state_dict.pt", Uint8Array.from({ length: 64 }, (_, i) => head[i] ?? 0));
    const ds = await createArtifact({ name: "mnist_dataset", labels: ["dataset", "MNIST"], description: "Image dataset of handwritten digits." });
    await ds.addDir("data");
    await ds.addDir("data/", "b/");
    await ds.addDir("data/sub", "c/d");
    await ds.addFile("data/a.txt", "/x/");
    await ds.addFile("data/a.txt", "y/renamed.txt");
    await ds.addReference("https://storage.example.com/mnist/train-images-idx3-ubyte.gz", "refs/");
    await ds.addReference("s3://bucket/key/file.bin");
    await ds.addReference("https://example.com/dir/", "refs/as-named");
    const model = await createArtifact({ name: "mnist_torch_saved_model" });
    await model.addFile("model_state_dict.pt");`,
    { dir: dir.path, env: { TZ: "UTC" } },
  );
  assertEquals(result.code, 0, result.stderr);
  const ours = artifacts(dir.path);
  const theirs = artifacts(PYTHON, ".");
  assertEquals(ours.map(neutral).map((path) => path.split("/").at(-1)), [
    "mnist_dataset_SUFFIX",
    "mnist_torch_saved_model_SUFFIX",
  ]);
  for (const [index, path] of theirs.entries()) {
    const expected = filesOf(path);
    const actual = filesOf(ours[index] ?? "");
    assertEquals([...actual.keys()].sort(), [...expected.keys()].sort());
    for (const [file, text] of expected) {
      assertEquals(neutral(actual.get(file) ?? ""), neutral(text), file);
    }
  }
});

const SMALL = `import { createArtifact } from "@t9k/em";
  const a = await createArtifact({ name: "small" });
  await a.addFile("in.txt"); await a.addDir("dir"); await a.addReference("s3://b/r");
  console.log(a.objects.length, (await a.checksums()).size);`;

function prepareInput(dir: string): void {
  Deno.writeTextFileSync(join(dir, "in.txt"), "1");
  Deno.mkdirSync(join(dir, "dir"));
  Deno.writeTextFileSync(join(dir, "dir/1"), "1");
  Deno.symlinkSync("1", join(dir, "dir/2"));
}

Deno.test("an artifact needs no more than its directory, one variable and what is added", async () => {
  using dir = tempDir();
  prepareInput(dir.path);
  const inputs = "in.txt,dir";
  const write = "--allow-write=.em";
  const variable = "--allow-env=EM_ARTIFACT_PARENT_DIR";
  const flags = [`--allow-read=.em,${inputs}`, write, variable];
  const whole = await runScript(SMALL, { dir: dir.path, flags });
  assertEquals(whole.stdout, "4 3\n", whole.stderr);
  assertEquals(whole.stderr.includes("WARNING"), false, whole.stderr);

  const table: [string[], string][] = [
    [
      [`--allow-read=${inputs}`, write, variable],
      'Cannot read the directory of artifacts ".em/artifacts": run again with --allow-read=.em/artifacts',
    ],
    [[`--allow-read=.em,${inputs}`, variable], "--allow-write=.em/artifacts"],
    [["--allow-read=.em,dir", write, variable], "--allow-read=in.txt"],
    [["--allow-read=.em,in.txt", write, variable], "--allow-read=dir"],
  ];
  for (const [some, message] of table) {
    const { code, stderr } = await runScript(SMALL, {
      dir: dir.path,
      flags: some,
    });
    assertEquals(code, 1);
    assertStringIncludes(stderr, "PermissionError");
    assertStringIncludes(stderr, message);
  }
  const hidden = await runScript(SMALL, {
    dir: dir.path,
    flags: flags.slice(0, 2),
  });
  assertEquals(hidden.stdout, "4 3\n", hidden.stderr);
  assertStringIncludes(hidden.stderr, `WARNING: Left out`);
  assertStringIncludes(hidden.stderr, variable);
});

Deno.test("createArtifact() uses EM_ARTIFACT_PARENT_DIR, and rejects what is no artifact", async () => {
  using dir = tempDir();
  const result = await runScript(
    `import { createArtifact } from "@t9k/em";
    for (const options of [undefined, {}, { name: "" }, { name: "a b" }, { name: "a", label: [] }, { name: "a", labels: "x" }, { name: "a", description: 1 }]) {
      await createArtifact(options as never).then(() => console.log("made"), (error) => console.log(error.name + ": " + error.message));
    }
    const a = await createArtifact({ name: "a" });
    console.log(a.local);`,
    { dir: dir.path, env: { EM_ARTIFACT_PARENT_DIR: "else/where" } },
  );
  assertEquals(result.code, 0, result.stderr);
  const lines = result.stdout.trim().split("\n");
  for (
    const [index, start] of [
      "TypeError: createArtifact() takes an object",
      "TypeError: Cannot create Artifact: its name must be a string",
      'RangeError: Cannot create Artifact ""',
      'RangeError: Cannot create Artifact "a b"',
      'TypeError: Cannot create Artifact: there is no option "label"',
      "TypeError: Option labels",
      "TypeError: Option description",
    ].entries()
  ) assertEquals(lines[index]?.slice(0, start.length), start);
  assertMatch(
    lines[7] ?? "",
    /else\/where\/a_\d{6}_\d{6}_[a-z0-9]{6}$/,
  );
  assertEquals(artifacts(dir.path, "else/where").length, 1);
});

Deno.test("a process that is killed in the middle of a copy leaves no object that is not whole", async () => {
  using dir = tempDir();
  Deno.mkdirSync(join(dir.path, "data"));
  const sizeBytes = 32 * MIB;
  for (const name of "abcd") {
    const file = join(dir.path, "data", name);
    Deno.writeFileSync(file, new Uint8Array(sizeBytes).fill(7));
  }
  const child = spawnScript(
    `import { createArtifact } from "@t9k/em";
    const a = await createArtifact({ name: "killed" });
    for (;;) await a.addDir("data");`,
    { dir: dir.path },
  );
  const artifact = await waitFor("the artifact", () => {
    try {
      return artifacts(dir.path)[0];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  });
  const halves = () => {
    const state = stateDir(artifact);
    // It is made after the artifact.
    if (!existsSync(state)) return [];
    return [...Deno.readDirSync(state)]
      .filter(({ name }) => name.startsWith("object-"));
  };
  await waitFor(
    "a copy under way",
    () => halves().length > 0 || undefined,
  );
  child.kill("SIGKILL");
  const { signal } = await child.output();
  assertEquals(signal, "SIGKILL");
  assertNotEquals(halves(), []);
  const whole = [...Deno.readDirSync(artifact)].filter(({ name }) =>
    name === "data"
  ).flatMap(() => [...Deno.readDirSync(join(artifact, "data"))]);
  for (const { name } of whole) {
    const { size } = Deno.statSync(join(artifact, "data", name));
    assertEquals(size, sizeBytes, name);
  }
  const again = await runScript(
    `import { loadArtifact } from "@t9k/em";
    const a = await loadArtifact(Deno.args[0]);
    await a.addDir("data");
    const sums = await a.checksums();
    console.log(sums.size, new Set(sums.values()).size);`,
    { dir: dir.path, args: [artifact] },
  );
  assertEquals(again.stdout, "4 1\n", again.stderr);
  assertEquals(halves(), []);
});

Deno.test("memory does not grow with the size of a file that is copied and read", async () => {
  using dir = tempDir();
  {
    using big = Deno.createSync(join(dir.path, "big"));
    const chunk = crypto.getRandomValues(new Uint8Array(65_536));
    for (let at = 0; at < 200 * MIB; at += chunk.length) big.writeSync(chunk);
  }
  Deno.writeTextFileSync(join(dir.path, "little"), "1");
  const result = await runScript(
    `import { createArtifact } from "@t9k/em";
    const a = await createArtifact({ name: "big" });
    await a.addFile("little");
    await a.checksums();
    let most = 0;
    const before = Deno.memoryUsage().rss;
    const timer = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss), 5);
    await a.addFile("big");
    const sums = await a.checksums();
    clearInterval(timer);
    console.log(JSON.stringify([sums.size, Math.max(most, Deno.memoryUsage().rss) - before]));`,
    { dir: dir.path },
  );
  const [count, grown] = JSON.parse(result.stdout || "[]");
  assertEquals(count, 2, result.stderr);
  assertLess(grown, 50 * MIB);
});

Deno.test("an artifact is on the server as it is here, and only what has changed is sent again", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  prepareInput(dir.path);
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const env = { T9K_CONFIG: config };
  const result = await runScript(
    `import { createArtifact, loadArtifact } from "@t9k/em";
    const a = await createArtifact({ name: "small", labels: ["x"], description: "d" });
    a.addFile("in.txt"); a.addDir("dir"); a.addReference("s3://b/r");
    const first = await a.upload({ folder: "data/sets", makeFolder: true });
    const other = await loadArtifact(a.local);
    Deno.writeTextFileSync("in.txt", "2");
    await other.addFile("in.txt");
    const second = await other.upload({ folder: "data/sets" });
    const twin = await createArtifact({ name: "small" });
    const refused = await twin.upload({ folder: "data/sets", conflictStrategy: "error" }).catch((error) => error.code);
    const renamed = await twin.upload({ folder: "data/sets" });
    console.log(JSON.stringify([first.state, first.sentObjects, second.state, second.sentObjects, a.remote, refused, renamed.node?.path]));`,
    { dir: dir.path, env },
  );
  assertEquals(result.code, 0, result.stderr);
  const [first, sent, second, sentAgain, remote, refused, renamed] = JSON.parse(
    result.stdout,
  );
  assertEquals([first, sent, second, sentAgain], [
    "complete",
    5,
    "complete",
    1,
  ]);
  assertEquals(refused, "node-exists");
  const path = "/demo/data/sets/small";
  const node = await server.client.node(path);
  assertEquals([node?.type, node?.labels, node?.description], [
    "Artifact",
    ["x"],
    "d",
  ]);
  const local =
    artifacts(dir.path).find((one) =>
      Deno.statSync(one).isDirectory && filesOf(one).has("in.txt")
    ) ?? "";
  assertEquals(await server.objects(path), filesOf(local));
  assertEquals(remote.length, 1);
  const record = { host: server.url, id: node?.id, path };
  assertEquals(remote[0], {
    action: "upload",
    timestamp: remote[0].timestamp,
    ...record,
  });
  assertMatch(renamed, /^\/demo\/data\/sets\/small_\d{6}_\d{6}_[a-z0-9]{6}$/);
  assertStringIncludes(result.stderr, 'Artifact "small" is on the server: ');
});

Deno.test("upload() takes a directory of runs and artifacts, and a damaged one keeps no other", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const result = await runScript(
    `import { createArtifact, createRun, upload } from "@t9k/em";
    const run = await createRun({ name: "run" });
    run.log("train", { loss: 1 }, { step: 1 });
    await run.finish();
    const artifact = await createArtifact({ name: "artifact" });
    Deno.writeTextFileSync(artifact.local + "/model.bin", "weights");
    const damaged = await createArtifact({ name: "damaged" });
    Deno.writeTextFileSync(damaged.local + "/metadata.yaml", "kind: Dataset\\n");
    const all = await upload("mixed");
    const one = await upload(artifact.local + "/");
    console.log(JSON.stringify([...all, ...one].map(({ report, error }) => report?.state ?? error?.code)));
    console.log(JSON.stringify(one[0]?.report?.sentObjects));`,
    {
      dir: dir.path,
      env: {
        T9K_CONFIG: config,
        EM_RUN_PARENT_DIR: "mixed",
        EM_ARTIFACT_PARENT_DIR: "mixed",
      },
    },
  );
  assertEquals(result.code, 0, result.stderr);
  const [states, sentAgain] = result.stdout.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(states, ["complete", "damaged", "complete", "complete"]);
  assertEquals(sentAgain, 0);
  const [artifact = "", , run = ""] = artifacts(dir.path, "mixed");
  assertEquals(
    await server.objects("/demo/default/artifact"),
    filesOf(artifact),
  );
  assertEquals(await server.objects("/demo/default/run"), filesOf(run));
  const text = Deno.readTextFileSync(join(artifact, "metadata.yaml"));
  assertEquals(decodeArtifactMetadata(text).remote.length, 1);
  assert(text.indexOf("  id:") < text.indexOf("  path:"), text);
});
