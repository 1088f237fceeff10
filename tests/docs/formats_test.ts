import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { onlyRun, ROOT } from "../support/script.ts";
import { runWith } from "../support/run_with.ts";
import { tempDir } from "../support/temp_dir.ts";
import { readPage } from "./page.ts";

/** The files that the page shows, by their paths. */
function shownFiles(): Map<string, string> {
  const text = Deno.readTextFileSync(new URL("docs/formats.md", ROOT));
  const files = new Map<string, string>();
  for (const { fate, code } of readPage(text).blocks) {
    if (fate.kind !== "file") continue;
    const path = fate.name.replace(/_\d{6}_\d{6}_\w{6}\//, "/");
    files.set(path, code);
  }
  return files;
}

/** What of a document is the same for every run: its keys, their order, and how they are indented. */
function shape(text: string): string[] {
  return text.split("\n").map((line) =>
    line.replace(/^([ -]*\w+:) .*$/, "$1 …").replace(/^- \w+$/, "- …")
  );
}

const timeless = (text: string): string =>
  text.replaceAll(/'\d{4}-\d\d-\d\dT[^']+'/g, "'…'");

const SCRIPT = `
import { createArtifact, createRun } from "@t9k/em";
const points = await createArtifact({ name: "points" });
await points.addReference("s3://bucket/points/original.zip", "raw/");
const run = await createRun({
  name: "cnn",
  labels: ["baseline"],
  hparams: { batch_size: 32, optimizer: { name: "adam", lr: 0.001 } },
  autoUpload: true,
});
run.markInput(points);
run.log("train", { loss: 1, accuracy: 0.5 }, { step: 1, epoch: 1 });
run.log("train", { loss: NaN, accuracy: 0.625 }, { step: 2 });
console.log("epoch 1");
await run.finish();
`;

Deno.test("docs/formats.md shows a run and an artifact as they are written", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const { code, stderr } = await runWith(server, SCRIPT, dir.path);
  assertEquals(code, 0, stderr);
  const shown = shownFiles();
  const run = filesOf(onlyRun(dir.path));
  for (const [path, text] of run) {
    const expected = shown.get(`cnn/${path}`);
    assert(expected !== undefined, `${path} is not shown`);
    if (/^(?:index|hyper)|^metrics|^stdout/.test(path)) {
      assertEquals(timeless(text), timeless(expected), path);
    } else assertEquals(shape(text), shape(expected), path);
  }
  const artifact = filesOf(onlyRun(dir.path, ".em/artifacts"));
  assertEquals([...artifact.keys()].sort(), [
    "metadata.yaml",
    "references.yaml",
  ]);
  for (const [path, text] of artifact) {
    const expected = shown.get(`points/${path}`) ?? "";
    // The run has uploaded it.
    const own = text.replace(/^remote:[^]*/m, "remote: []\n");
    assertEquals(shape(own), shape(expected), path);
  }
  assertEquals(
    [...shown.keys()].filter((path) => path.startsWith("cnn/")).length,
    run.size,
  );
  const state = join(dir.path, ".em/runs/.state");
  const [{ name = "" } = {}] = [...Deno.readDirSync(state)];
  const page = Deno.readTextFileSync(new URL("docs/formats.md", ROOT));
  for (const note of Deno.readDirSync(join(state, name))) {
    assert(page.includes(`\`${note.name}\``), `${note.name} is not described`);
  }
});
