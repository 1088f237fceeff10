import { assert, assertEquals, assertFalse } from "@std/assert";
import { join } from "@std/path";
import { claim } from "../../src/local/owner.ts";
import { stateDir } from "../../src/local/layout.ts";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { ShownNode } from "../../src/viewer/shown_node.ts";
import { tempDir } from "../support/temp_dir.ts";
import { append, makeRun, record, writeMetadata } from "./support.ts";

const RUN = "r_261123_082118_6fauz3";
const HERE = "worker-0";
const LATER = () => Date.now() + 60_000;

function scene(status: "Running" | "Complete", now = Date.now) {
  const dir = tempDir();
  const run = makeRun(join(dir.path, "runs"), RUN, { status });
  Deno.writeTextFileSync(join(run, "metrics/train.yaml"), record(1, 1));
  const replaced = join(dir.path, "replaced");
  Deno.mkdirSync(replaced);
  const node = new ShownNode({
    id: "id",
    dir: run,
    tempDir: replaced,
    hostname: HERE,
    now,
    onUnreadable: (path, reason) => {
      throw new Error(`${path}: ${reason}`);
    },
  });
  return {
    path: dir.path,
    run,
    node,
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

Deno.test("pathOf() leads to files of the run and, whatever was put in their place, to nothing else", () => {
  using place = scene("Complete");
  const { run, node, path } = place;
  Deno.writeTextFileSync(join(path, "secret.txt"), "secret");
  const isThere = (key: string) => {
    const found = node.pathOf("1", key);
    try {
      return Deno.readTextFileSync(found) !== "" && found.startsWith(run);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  };
  assertEquals(isThere("metrics/train.yaml"), true);
  Deno.symlinkSync("metrics/train.yaml", join(run, "inside"));
  assertEquals(isThere("inside"), true);
  Deno.symlinkSync(join(path, "secret.txt"), join(run, "outside"));
  Deno.symlinkSync(path, join(run, "up"));
  for (const key of ["outside", "up/secret.txt", "../../secret.txt", "no"]) {
    assertEquals(isThere(key), undefined, key);
  }
});

Deno.test("look() shows a killed run as it is, in a copy, until somebody goes on with it", async () => {
  using place = scene("Running", LATER);
  const { run, node } = place;
  Deno.mkdirSync(stateDir(run), { recursive: true });
  const owner = { pid: 7, since: "2026-11-23T08:21:18Z", hostname: HERE };
  const held = claim(run, owner);
  assertEquals((await node.look())?.facts.type, "Run");
  assertEquals(node.state, "live");
  held.release();
  // The note of a process that has gone without a word.
  Deno.writeTextFileSync(
    join(stateDir(run), "process.json"),
    JSON.stringify(owner),
  );
  const text = Deno.readTextFileSync(join(run, "metadata.yaml"));
  const look = await node.look();
  assertEquals(node.state, "killed");
  const object = look?.objects.find(({ key }) => key === "metadata.yaml");
  assert(object);
  const [, mark = "", key = ""] = object.file.split("/");
  const shown = Deno.readTextFileSync(node.pathOf(mark, key));
  const { status, endTimestamp } = decodeRunMetadata(shown);
  const { mtime } = Deno.statSync(join(run, "metrics/train.yaml"));
  assertEquals(status, "Error");
  assertEquals(Date.parse(endTimestamp ?? ""), mtime?.getTime());
  assertEquals(object.size, new TextEncoder().encode(shown).length);
  assertEquals(Deno.readTextFileSync(join(run, "metadata.yaml")), text);

  assertFalse(node.hasChanged());
  using _again = { [Symbol.dispose]: claim(run, owner).release };
  assert(node.hasChanged());
  await node.look();
  assertEquals(node.state, "live");
});

Deno.test("hasChanged() sees new metadata and new files of what is over, and nothing where nothing is", async () => {
  using place = scene("Complete", LATER);
  const { run, node } = place;
  await node.look();
  assertEquals([node.state, node.isBusy], ["done", false]);
  assertFalse(node.hasChanged());
  writeMetadata(run, { labels: ["new"] });
  assert(node.hasChanged());
  assertEquals((await node.look())?.facts.labels, ["new"]);
  assertFalse(node.hasChanged());
  Deno.writeTextFileSync(join(run, "stdout.log"), "");
  assert(node.hasChanged());
});

Deno.test("an object that has just been written is looked at once more, since its next change could have the same time", async () => {
  let laterMs = 0;
  using place = scene("Complete", () => Date.now() + laterMs);
  const { run, node } = place;
  const file = join(run, "metrics/train.yaml");
  const now = new Date();
  Deno.utimeSync(file, now, now);
  const first = await node.look();
  assert(node.isBusy);
  // Another content of the same length, within one tick of the clock.
  Deno.writeTextFileSync(file, record(2, 2));
  Deno.utimeSync(file, now, now);
  const old = new Date("2026-11-23T08:21:18Z");
  Deno.utimeSync(join(run, "metadata.yaml"), old, old);
  laterMs = 60_000;
  const second = await node.look();
  assertFalse(node.isBusy);
  const md5 = (look: typeof first) =>
    look?.objects.find(({ key }) => key === "metrics/train.yaml")?.md5;
  assert(md5(first) !== md5(second));
  append(file, record(3, 3));
  assert(md5(await node.look()) !== md5(second));
});
