import { assertEquals, assertRejects } from "@std/assert";
import { basename, join } from "@std/path";
import type { ImportedRun } from "../../src/exchange/imported_run.ts";
import { RunImporter } from "../../src/exchange/run_importer.ts";
import { sweepLeft } from "../../src/keeping/sweep_left.ts";
import { claim } from "../../src/local/owner.ts";
import { readRunDirectory } from "../../src/run/read_run_directory.ts";
import { ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { recordsOf, START_MS } from "./made_run.ts";

/** A source with so many records, in the metric type that is named. */
function source(count: number, type = "train"): ImportedRun {
  return {
    source: "a test",
    name: "made",
    startMs: START_MS,
    identity: {
      key: "a test",
      stamp: () => Promise.resolve(`${count} ${type}`),
    },
    read({ record }) {
      for (let step = 0; step < count; step++) {
        const timeMs = START_MS + step;
        record({ type, values: { loss: 1 / count }, step, timeMs });
      }
      return Promise.resolve({ status: "Complete", hparams: { count } });
    },
  };
}

const names = (dir: string) => [...Deno.readDirSync(dir)].map((e) => e.name);

Deno.test("RunImporter leaves what is unchanged, and brings up to date what has grown, with what others know of it", async () => {
  using dir = tempDir();
  const parent = join(dir.path, "runs");
  const take = async (run: ImportedRun, again = false) => {
    using importer = await RunImporter.open(parent, { again });
    const { path, action, records } = await importer.take(run);
    return { path, action, records };
  };
  const first = await take(source(2, "val"));
  const { path } = first;
  assertEquals([first.action, first.records], ["new", 2]);
  assertEquals(await take(source(2, "val")), {
    path,
    action: "unchanged",
    records: 2,
  });

  // Uploaded meanwhile: the run keeps its name and its records, and somebody's checkpoint stays.
  const metadata = join(path, "metadata.yaml");
  const record = "remote:\n- action: upload\n  timestamp: t\n" +
    "  host: http://h\n  path: /p\n  id: x\n";
  const text = Deno.readTextFileSync(metadata);
  Deno.writeTextFileSync(metadata, text.replace("remote: []\n", record));
  Deno.writeTextFileSync(join(path, "model.bin"), "kept");
  assertEquals(await take(source(5)), { path, action: "updated", records: 5 });
  assertEquals(recordsOf(path).train?.length, 5);
  const { metadata: now, hparams, types } = readRunDirectory(path);
  assertEquals([now.remote[0]?.id, now.alternativeName], ["x", basename(path)]);
  assertEquals([hparams.count, types], [5, ["train"]]);
  assertEquals(names(join(path, "metrics")), ["train.yaml"]);
  assertEquals(Deno.readTextFileSync(join(path, "model.bin")), "kept");
  assertEquals((await take(source(5))).action, "unchanged");

  // Somebody writes it, or has gone on with it: nothing is taken from them.
  const held = claim(path, { pid: Deno.pid, hostname: null, since: "" });
  await assertRejects(() => take(source(6)), Error, "being written");
  held.release();
  const ended = Deno.readTextFileSync(metadata);
  Deno.writeTextFileSync(
    metadata,
    ended.replace(/endTimestamp: .+/, "endTimestamp: '2027-01-01T00:00:00Z'"),
  );
  await assertRejects(() => take(source(6)), Error, "--again makes another");
  assertEquals(recordsOf(path).train?.length, 5);
  const other = await take(source(6), true);
  assertEquals(other.action, "new");
  assertEquals((await take(source(6))).path, other.path);
  Deno.removeSync(other.path, { recursive: true });
  Deno.removeSync(path, { recursive: true });
  assertEquals((await take(source(6))).action, "new");
  assertEquals(names(parent).length, 2, names(parent).join());
});

/** Imports a run in a process that is killed at its second record, or at the second file that it replaces. */
const script = (parent: string, when: "reading" | "replacing") => `
import { RunImporter } from "${new URL("src/exchange/run_importer.ts", ROOT)}";
const die = () => Deno.kill(Deno.pid, "SIGKILL");
const rename = Deno.renameSync;
let moved = 0;
Deno.renameSync = (from, to) => {
  const isMove = String(from).includes("/unfinished/") && String(to).startsWith(${
  JSON.stringify(parent)
} + "/made_");
  if (isMove && ++moved === 2) die();
  rename(from, to);
};
await (await RunImporter.open(${JSON.stringify(parent)})).take({
  source: "a test", name: "made", startMs: ${START_MS},
  identity: { key: "a test", stamp: () => Promise.resolve("3 train") },
  read({ record }) {
    for (let step = 0; step < 3; step++) {
      record({ type: "train", values: { loss: 3 }, step, timeMs: ${START_MS} + 99 });
      if (${when === "reading"} && step === 1) die();
    }
    return Promise.resolve({ status: "Complete", hparams: { count: 3 } });
  },
});
`;

Deno.test("an import that is killed leaves nothing that anybody sees, and the next one sweeps and completes it", async () => {
  using dir = tempDir();
  const parent = join(dir.path, "runs");
  const killed = await runScript(script(parent, "reading"), { dir: dir.path });
  assertEquals(killed.signal, "SIGKILL", killed.stderr);
  assertEquals(names(parent), [".state"]);
  assertEquals(names(join(parent, ".state")).length, 2);
  assertEquals(sweepLeft(parent), 1);
  assertEquals(names(join(parent, ".state")), ["import.lock"]);
  assertEquals(sweepLeft(parent), 0);

  // While it is brought up to date a run may be a mixture, which is known to be none.
  const take = async (count: number) => {
    using importer = await RunImporter.open(parent);
    return await importer.take(source(count));
  };
  const { path } = await take(2);
  const again = script(parent, "replacing");
  const torn = await runScript(again, { dir: dir.path });
  assertEquals(torn.signal, "SIGKILL", torn.stderr);
  assertEquals(readRunDirectory(path).hparams.count, 2);
  assertEquals(recordsOf(path).train?.length, 3);
  // Also where it is the same that was being made of it.
  const done = await take(3);
  assertEquals([done.path, done.action], [path, "updated"]);
  assertEquals(readRunDirectory(path).hparams.count, 3);
  assertEquals(sweepLeft(parent), 0);
});

Deno.test("imports into one directory take turns, so that a source becomes one run", async () => {
  using dir = tempDir();
  const parent = join(dir.path, "runs");
  const waiting = Promise.withResolvers<void>();
  const slow: ImportedRun = {
    ...source(3),
    async read(taker) {
      await waiting.promise;
      return await source(3).read(taker);
    },
  };
  const take = async () => {
    using importer = await RunImporter.open(parent, {
      onWait: waiting.resolve,
    });
    return (await importer.take(slow)).action;
  };
  const actions = await Promise.all([take(), take(), take()]);
  assertEquals(actions.sort(), ["new", "unchanged", "unchanged"]);
  assertEquals(names(parent).length, 2);
});
