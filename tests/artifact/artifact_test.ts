import {
  assert,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { createHash } from "node:crypto";
import { dirname, fromFileUrl, join } from "@std/path";
import { loadArtifact } from "../../src/artifact/load_artifact.ts";
import { DamagedFileError, NotFoundError } from "../../src/errors.ts";
import { stampOf } from "../../src/local/file_stamp.ts";
import { noteDelivered } from "../../src/local/known_checksums.ts";
import { stateDir } from "../../src/local/layout.ts";
import { tempDir } from "../support/temp_dir.ts";
import { contents, emptyArtifact, write } from "./plain_artifact.ts";

const FIXTURES = fromFileUrl(new URL("../fixtures/", import.meta.url));
const DATASET = join(
  FIXTURES,
  "c08_artifacts/artifacts/mnist_dataset_261123_082118_x7xbfg",
);
const MD5_OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e";

Deno.test("loadArtifact() reads what the Python SDK wrote, wherever it lies, and writes nothing", async () => {
  const parent = [...Deno.readDirSync(dirname(DATASET))].map((entry) =>
    entry.name
  );
  const artifact = await loadArtifact(`${DATASET}/`);
  const { name, labels, description, createdTimestamp } = artifact;
  assertEquals({ name, labels, description, createdTimestamp }, {
    name: "mnist_dataset",
    labels: ["dataset", "MNIST"],
    description: "Image dataset of handwritten digits.",
    createdTimestamp: "2026-11-23T08:21:18.158444+00:00",
  });
  assertEquals(artifact.alternativeName, "mnist_dataset_261123_082118_x7xbfg");
  assertEquals(artifact.local, DATASET);
  assertEquals(artifact.remote, []);
  assertEquals(artifact.objects, [
    { path: "b/data/a.txt", sizeBytes: 6 },
    { path: "b/data/empty", sizeBytes: 0 },
    { path: "b/data/sub/b.bin", sizeBytes: 256 },
    { path: "b/data/空 格.txt", sizeBytes: 13 },
    { path: "c/d/b.bin", sizeBytes: 256 },
    { path: "data/a.txt", sizeBytes: 6 },
    { path: "data/empty", sizeBytes: 0 },
    { path: "data/sub/b.bin", sizeBytes: 256 },
    { path: "data/空 格.txt", sizeBytes: 13 },
    { path: "x/a.txt", sizeBytes: 6 },
    { path: "y/renamed.txt", sizeBytes: 6 },
    {
      path: "refs/train-images-idx3-ubyte.gz",
      uri: "https://storage.example.com/mnist/train-images-idx3-ubyte.gz",
    },
    { path: "file.bin", uri: "s3://bucket/key/file.bin" },
    { path: "refs/as-named", uri: "https://example.com/dir/" },
  ]);
  const sums = await artifact.checksums();
  assertEquals(sums.size, 11);
  assertEquals(sums.get("data/empty"), MD5_OF_NOTHING);
  assertEquals(sums.get("c/d/b.bin"), "e2c865db4162bed963bfaa9ef6ac18f0");
  const uploaded = await loadArtifact(
    join(FIXTURES, "c18_uploaded/artifacts/model_261123_082619_y25ezu"),
  );
  assertEquals(uploaded.remote.map(({ path }) => path), [
    "/demo/default/model",
  ]);
  assertEquals(
    [...Deno.readDirSync(dirname(DATASET))].map((entry) => entry.name),
    parent,
  );
});

Deno.test("loadArtifact() refuses what is no artifact, and says why", async () => {
  using dir = tempDir();
  const run = join(FIXTURES, "c08_artifacts/runs");
  const [name = ""] = [...Deno.readDirSync(run)].map((entry) => entry.name);
  await assertRejects(
    () => loadArtifact(dir.path),
    NotFoundError,
    "an artifact",
  );
  await assertRejects(
    () => loadArtifact(join(run, name)),
    NotFoundError,
    "but that of a run",
  );
  const artifact = await emptyArtifact(dir.path);
  write(join(artifact.local, "references.yaml"), "a: 1\n");
  await assertRejects(
    () => loadArtifact(artifact.local),
    DamagedFileError,
    `references.yaml": "a" must be a string`,
  );
  await assertRejects(
    () => loadArtifact(7 as unknown as string),
    TypeError,
  );
});

Deno.test("addFile(), addDir() and addReference() put objects where the Python SDK puts them", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const data = join(dir.path, "data");
  const file = write(join(data, "a.txt"), "alpha");
  write(join(data, "sub/b.txt"), "beta");
  Deno.mkdirSync(join(data, "empty"));
  await artifact.addFile(file);
  await artifact.addFile(file, "/x/");
  await artifact.addFile(file, "y/renamed.txt");
  await artifact.addDir(data);
  await artifact.addDir(`${data}/`, "b/");
  await artifact.addDir(join(data, "sub"), "c/d");
  await artifact.addReference("s3://bucket/key/f.bin");
  await artifact.addReference("s3://bucket/key/f.bin", "refs/");
  await artifact.addReference("https://example.com/", "refs/named");
  await artifact.addReference("https://example.com", "refs/");
  assertEquals(contents(artifact), {
    "a.txt": "alpha",
    "x/a.txt": "alpha",
    "y/renamed.txt": "alpha",
    "data/a.txt": "alpha",
    "data/sub/b.txt": "beta",
    "b/data/a.txt": "alpha",
    "b/data/sub/b.txt": "beta",
    "c/d/b.txt": "beta",
    "f.bin": "s3://bucket/key/f.bin",
    "refs/f.bin": "s3://bucket/key/f.bin",
    "refs/named": "https://example.com/",
    "refs/example.com": "https://example.com",
  });
  assertEquals(
    contents(await loadArtifact(artifact.local)),
    contents(artifact),
  );
});

Deno.test("a file replaces a file, a directory is merged into a directory, a reference gets a new URI", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const data = join(dir.path, "data");
  write(join(data, "a.txt"), "1");
  write(join(data, "b.txt"), "1");
  await artifact.addDir(data);
  Deno.removeSync(join(data, "b.txt"));
  const file = write(join(data, "a.txt"), "2");
  write(join(data, "c/d.txt"), "2");
  await artifact.addDir(data);
  await artifact.addReference("s3://one/r");
  await artifact.addReference("s3://two/r");
  const expected = {
    "data/a.txt": "2",
    "data/b.txt": "1",
    "data/c/d.txt": "2",
    r: "s3://two/r",
  };
  assertEquals(contents(artifact), expected);
  // The copy is a file of its own.
  Deno.writeTextFileSync(file, "changed in place");
  assertEquals(contents(artifact), expected);
  // Also of a file that may not be written.
  Deno.chmodSync(file, 0o444);
  await artifact.addFile(file, "data/");
  await artifact.addFile(file, "data/");
  assertEquals(contents(artifact)["data/a.txt"], "changed in place");
});

Deno.test("calls that are not awaited are done one after the other, and one that fails keeps no other", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const other = await loadArtifact(artifact.local);
  const file = write(join(dir.path, "file"), "1");
  const calls = Array.from(
    { length: 20 },
    (_, index) => [
      artifact.addReference(`s3://b/${index}`),
      other.addReference(`s3://c/${index}`, `other/${index}`),
      artifact.addFile(file, `files/${index}`),
    ],
  ).flat();
  calls.splice(5, 0, artifact.addFile(file, ".."));
  const results = await Promise.allSettled(calls);
  assertEquals(
    results.filter(({ status }) => status === "rejected").length,
    1,
  );
  assertEquals(artifact.objects.length, 60);
});

Deno.test("toDict() and parseFromDict() take an artifact apart and put it together", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const data = artifact.toDict();
  artifact.parseFromDict({
    ...data,
    name: "b",
    labels: ["y"],
    alternativeName: "elsewhere",
  });
  assertEquals([artifact.name, artifact.labels], ["b", ["y"]]);
  assertEquals(artifact.alternativeName, data.alternativeName);
  const again = await loadArtifact(artifact.local);
  assertEquals(again.toDict(), { ...data, name: "b", labels: ["y"] });
  assertThrows(
    () => artifact.parseFromDict({ ...data, name: 7 as never }),
    DamagedFileError,
    '"name" must be a string',
  );
  assertEquals(artifact.name, "b");
});

Deno.test("checksums() follow the files", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const path = write(join(artifact.local, "a"), "1");
  const first = await artifact.checksums();
  assertEquals([...first], [["a", "c4ca4238a0b923820dcc509a6f75849b"]]);
  write(path, "2");
  const second = await artifact.checksums();
  assertEquals([...second], [["a", "c81e728d9d4c2f636f067f89cc14862c"]]);
  Deno.utimeSync(path, 1, 1);
  await artifact.checksums();
  // Known by its stamp: a file that cannot be told from the one that was read is not read again.
  write(path, "3");
  Deno.utimeSync(path, 1, 1);
  assertEquals(await artifact.checksums(), second);
  Deno.utimeSync(path, 2, 2);
  assertNotEquals(await artifact.checksums(), second);
});

Deno.test("checksums() are MD5 sums, whatever a server has named", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const path = write(join(artifact.local, "a"), "1".repeat(70_000));
  Deno.utimeSync(path, 1, 1);
  const stamp = await stampOf(path);
  assert(stamp !== undefined);
  const checksum = `${"0".repeat(32)}-3`;
  noteDelivered(artifact.local, new Map([["a", { stamp, checksum }]]));
  const sum = createHash("md5").update("1".repeat(70_000)).digest("hex");
  assertEquals([...await artifact.checksums()], [["a", sum]]);
});

Deno.test("10 000 files are added, listed and read in a moment", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const many = join(dir.path, "many");
  for (let at = 0; at < 10_000; at++) {
    if (at % 100 === 0) {
      Deno.mkdirSync(`${many}/${at / 100}`, { recursive: true });
    }
    Deno.writeTextFileSync(
      `${many}/${Math.floor(at / 100)}/${at}.txt`,
      `${at}`,
    );
  }
  const startMs = performance.now();
  await artifact.addDir(many);
  assertEquals(artifact.objects.length, 10_000);
  assertEquals((await artifact.checksums()).size, 10_000);
  assertLess(performance.now() - startMs, 60_000);
  assertEquals(
    Deno.readTextFileSync(join(artifact.local, "many/99/9999.txt")),
    "9999",
  );
  assertEquals(
    [...Deno.readDirSync(stateDir(artifact.local))].map(({ name }) => name),
    ["objects.lock"],
  );
});
