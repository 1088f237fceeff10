import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { NotFoundError } from "../../src/errors.ts";
import { filesOf } from "../support/em_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { contents, emptyArtifact, write } from "./plain_artifact.ts";

Deno.test("what cannot be added is refused before anything is changed", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const at = (path: string) => join(dir.path, path);
  const file = write(at("in/file"), "1");
  const tree = at("tree");
  write(at("tree/0"), "first");
  write(at("tree/x"), "in the way of e/x/r");
  const reserved = at("reserved");
  write(at("reserved/metadata.yaml"), "inner");
  await artifact.addFile(file, "f");
  await artifact.addFile(file, "d/f");
  await artifact.addReference("s3://b/r", "r");
  await artifact.addReference("s3://b/r", "e/x/r");
  const bad = (name: string, target: string) => {
    write(at(`${name}/0`), "first");
    Deno.symlinkSync(target, at(`${name}/link`));
    return at(name);
  };
  bad("out", file);
  bad("nowhere", "missing");
  bad("circle", ".");
  bad("self", "link");
  write(at("pipe/0"), "first");
  new Deno.Command("mkfifo", { args: [at("pipe/p")] }).outputSync();
  const before = filesOf(artifact.local);

  type Refusal = [
    () => Promise<void>,
    typeof NotFoundError | typeof RangeError | typeof TypeError,
    string,
  ];
  const table: Refusal[] = [
    [() => artifact.addFile(at("none")), NotFoundError, "is not a file"],
    [() => artifact.addFile(`${file}/x`), NotFoundError, "is not a file"],
    [() => artifact.addFile(tree), NotFoundError, "is not a file"],
    [() => artifact.addFile(at("pipe/p")), NotFoundError, "is not a file"],
    [() => artifact.addFile(at("self/link")), NotFoundError, "is not a file"],
    [() => artifact.addFile(file, "../f"), RangeError, `"../f"`],
    [() => artifact.addFile(file, "metadata.yaml"), RangeError, "what it is"],
    [
      () => artifact.addFile(at("reserved/metadata.yaml")),
      RangeError,
      "what it is",
    ],
    [() => artifact.addFile(file, "f/g"), RangeError, `"f" is a file`],
    [() => artifact.addFile(file, "d"), RangeError, "that is a directory"],
    [() => artifact.addFile(file, "r"), RangeError, "that is a reference"],
    [() => artifact.addFile(file, "r/s"), RangeError, `"r" is a reference`],
    [() => artifact.addFile(file, "e/x"), RangeError, "that is a directory"],
    [() => artifact.addFile(3 as never), TypeError, "filePath"],
    [() => artifact.addFile(file, 3 as never), TypeError, "object path"],

    [() => artifact.addDir(at("none")), NotFoundError, "is not a directory"],
    [() => artifact.addDir(file), NotFoundError, "is not a directory"],
    [() => artifact.addDir("/", ""), RangeError, "no name"],
    [() => artifact.addDir(tree, ".."), RangeError, `".."`],
    [() => artifact.addDir(tree, "f"), RangeError, `"f" is a file`],
    [() => artifact.addDir(tree, "r"), RangeError, `"r" is a reference`],
    [
      () => artifact.addDir(tree, "e"),
      RangeError,
      `"e/x": that is a directory`,
    ],
    [() => artifact.addDir(reserved, "metadata.yaml"), RangeError, "what it"],
    [() => artifact.addDir(at("out")), RangeError, "leads out of"],
    [() => artifact.addDir(at("nowhere")), RangeError, "leads nowhere"],
    [() => artifact.addDir(at("circle")), RangeError, "in a circle"],
    [() => artifact.addDir(at("self")), RangeError, "leads nowhere"],
    [() => artifact.addDir(at("pipe")), RangeError, "neither a file nor"],
    [() => artifact.addDir(dir.path), RangeError, "the artifact itself"],
    [() => artifact.addDir(artifact.local), RangeError, "the artifact itself"],

    [() => artifact.addReference("https://e.com/"), RangeError, "no name"],
    [
      () => artifact.addReference("https://e.com/", "x/"),
      RangeError,
      "no name",
    ],
    [() => artifact.addReference(""), RangeError, "no name"],
    [() => artifact.addReference("s3://b/.."), RangeError, `".."`],
    [() => artifact.addReference("s3://b/f"), RangeError, "that is a file"],
    [() => artifact.addReference("s3://b/d"), RangeError, "is a directory"],
    [() => artifact.addReference("s3://b/e"), RangeError, "is a directory"],
    [() => artifact.addReference("s3://b/x", "f/x"), RangeError, `"f" is a fi`],
    [() => artifact.addReference("s3://b/x", "r/x"), RangeError, `"r" is a re`],
    [() => artifact.addReference(null as never), TypeError, "uri"],
  ];
  for (const [add, type, message] of table) {
    const error = await assertRejects(add);
    assert(error instanceof type, `${add}: ${error}`);
    assertStringIncludes(error.message, message);
    assertEquals(filesOf(artifact.local), before, error.message);
  }
});

Deno.test("a symbolic link in a directory counts as the file or directory in it that it leads to", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const data = join(dir.path, "data");
  write(join(data, "epoch_3/w.bin"), "weights");
  Deno.symlinkSync("epoch_3", join(data, "latest"));
  Deno.symlinkSync("epoch_3/w.bin", join(data, "best.bin"));
  Deno.symlinkSync(data, join(dir.path, "way"));
  await artifact.addDir(join(dir.path, "way"), "data");
  await artifact.addFile(join(data, "best.bin"));
  const w = "weights";
  assertEquals(contents(artifact), {
    "best.bin": w,
    "data/best.bin": w,
    "data/epoch_3/w.bin": w,
    "data/latest/w.bin": w,
  });
  assert(Deno.lstatSync(join(artifact.local, "data/best.bin")).isFile);
});

Deno.test("a link in the artifact's directory leads no object out of it", async () => {
  using dir = tempDir();
  const artifact = await emptyArtifact(dir.path);
  const file = write(join(dir.path, "outside/file"), "1");
  Deno.symlinkSync(join(dir.path, "outside"), join(artifact.local, "link"));
  Deno.symlinkSync(file, join(artifact.local, "secret"));
  Deno.symlinkSync("missing", join(artifact.local, "gone"));
  assertEquals(artifact.objects, []);
  await assertRejects(
    () => artifact.addFile(file, "link/new"),
    RangeError,
    `"link" is a file`,
  );
  await artifact.addFile(write(join(dir.path, "b"), "2"), "secret");
  assertEquals(Deno.readTextFileSync(file), "1");
  assertEquals(contents(artifact), { secret: "2" });
});
