import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { AppendLog } from "../../src/local/append_log.ts";
import { DiskSync } from "../../src/local/disk_sync.ts";
import { Document } from "../../src/local/document.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Counts what is asked of the system, which cannot be seen otherwise without pulling the plug. */
function countSyncs(): Disposable & { data: number; all: number; now: number } {
  const prototype = Deno.FsFile.prototype;
  const { syncData, sync, syncSync } = prototype;
  const counts = { data: 0, all: 0, now: 0 };
  prototype.syncData = function () {
    counts.data++;
    return syncData.call(this);
  };
  prototype.sync = function () {
    counts.all++;
    return sync.call(this);
  };
  prototype.syncSync = function () {
    counts.now++;
    syncSync.call(this);
  };
  return Object.assign(counts, {
    [Symbol.dispose]: () =>
      void Object.assign(prototype, { syncData, sync, syncSync }),
  });
}

Deno.test("DiskSync brings a log to the disk at an interval, if something was appended, and the names in its directory once", async () => {
  using dir = tempDir();
  using counts = countSyncs();
  const log = new AppendLog(join(dir.path, "a.yaml"));
  const sync = new DiskSync({
    onError: (_, error) => {
      throw error;
    },
    intervalMs: 5,
  });
  log.append("1");
  sync.addLog(log);
  await waitFor("the directory", () => counts.all > 0 || undefined);
  assertEquals([counts.data, counts.all], [1, 1]);
  log.append("2");
  log.append("3");
  await waitFor("the log again", () => counts.data > 1 || undefined);
  await sync.flush();
  assertEquals([counts.data, counts.all], [2, 1], "nothing new, nothing done");
  log.append("4");
  sync.flushSync();
  assertEquals(counts.now, 1);
  sync.close();
  log.close();
});

Deno.test("append() never waits for DiskSync, and goes on while it works", async () => {
  using dir = tempDir();
  const log = new AppendLog(join(dir.path, "a.yaml"));
  log.append("");
  const sync = new DiskSync({ onError: () => {}, intervalMs: 1 });
  sync.addLog(log);
  const line = "- {value: {loss: 1.0}}\n";
  let written = 0;
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < 100; i++) log.append(line);
    written += 100;
    const flushing = sync.flush();
    log.append(line);
    written++;
    await flushing;
  }
  sync.close();
  log.close();
  assertEquals(
    Deno.readTextFileSync(join(dir.path, "a.yaml")),
    line.repeat(written),
  );
});

Deno.test("a document that DiskSync looks after is on the disk before it takes its place", async () => {
  using dir = tempDir();
  using counts = countSyncs();
  const document = new Document(join(dir.path, "m.yaml"), dir.path);
  const sync = new DiskSync({ onError: () => {}, intervalMs: 1e6 });
  document.write("1");
  assertEquals(counts.now, 0);
  sync.addDocument(document);
  document.write("2");
  document.write("2");
  assertEquals([counts.now, counts.all], [1, 0]);
  await sync.flush();
  assertEquals(counts.all, 1, "the new name");
  sync.close();
});

Deno.test("DiskSync tells what cannot be brought to the disk, and goes on", async () => {
  using dir = tempDir();
  const missing = new AppendLog(join(dir.path, "missing.yaml"));
  const log = new AppendLog(join(dir.path, "a.yaml"));
  log.append("1");
  log.close();
  const told: string[] = [];
  const sync = new DiskSync({
    onError: (path) => told.push(path),
    intervalMs: 1e6,
  });
  sync.addLog(missing);
  sync.addLog(log);
  await sync.flush();
  assertEquals(told, [missing.path]);
  sync.close();
});
