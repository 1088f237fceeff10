import { createHash } from "node:crypto";
import { join } from "@std/path";
import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { backupData } from "../../src/server/backup_data.ts";
import { checkData } from "../../src/server/check_data.ts";
import { DataDirError } from "../../src/server/data_dir_error.ts";
import { Store } from "../../src/server/store/store.ts";
import { tempDir } from "../support/temp_dir.ts";
import { filesBelow } from "./support/fixture.ts";
import { openStore } from "./support/store_fixture.ts";

const encoder = new TextEncoder();

Deno.test("a backup that is made while everything changes is one moment of it, and can be served", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  const target = join(dir.path, "backup");
  using t = openStore(dataDir);
  const { store, a, b } = t;
  for (let i = 0; i < 300; i++) {
    await t.put(a, `kept/${i}`, encoder.encode(`kept ${i}`.repeat(i)));
  }
  await t.put(a, "log", new Uint8Array());
  await t.put(b, "big", new Uint8Array(3 * 2 ** 20).fill(7));
  // Each step puts the same number under two keys at once or in order, so that a moment can be told from a mixture.
  let going = true;
  let step = 0;
  const changes = (async () => {
    for (; going; step++) {
      await t.put(a, "first", encoder.encode(`${step}`));
      await t.put(a, "second", encoder.encode(`${step}`));
      await t.append(a, "log", encoder.encode(`${String(step).padStart(7)}\n`));
      await t.put(b, `new/${step}`, encoder.encode(`new ${step}`));
      if (step % 3 === 0) {
        await store.contents.deleteObjects(b, [`new/${step - 1}`]);
      }
      if (step % 5 === 0) {
        await store.contents.shareObject(
          { nodeId: a, key: `kept/${step % 300}` },
          { nodeId: b, key: `copy/${step}` },
        );
      }
    }
  })();
  const reports = [];
  for (let i = 0; i < 3; i++) {
    const before = step;
    reports.push(await backupData(target, { dataDir }));
    assertGreater(step, before);
  }
  going = false;
  await changes;
  for (const { problems } of reports) assertEquals(problems, []);
  const [first, second, third] = reports;
  assert(first && second && third);
  assertEquals(first.copiedFiles, first.files);
  assertGreater(first.files, 300);
  assertGreater(second.files, 300);
  assert(second.copiedFiles < second.files / 2, `${second.copiedFiles}`);
  assertGreater(third.removedFiles, 0);
  assertEquals((await checkData(target, { deep: true })).problems, []);
  using copy = openStore(target);
  const text = async (nodeId: string, key: string) =>
    new TextDecoder().decode(await copy.read(nodeId, key));
  const at = Number(await text(a, "first"));
  const other = Number(await text(a, "second"));
  assert(other === at || other === at - 1, `${at} ${other}`);
  const log = (await text(a, "log")).trim().split("\n").map(Number);
  assertEquals(log, log.map((_, index) => index));
  assert(log.length === other || log.length === other + 1);
  for (let i = 0; i < 300; i++) {
    assertEquals(await text(a, `kept/${i}`), `kept ${i}`.repeat(i));
  }
  for (
    const { key, md5, size } of copy.store.objects.list(b, {
      page: 1,
      size: 1000,
    }).rows
  ) {
    const bytes = await copy.read(b, key);
    assertEquals(bytes.length, size);
    assertEquals(createHash("md5").update(bytes).digest("hex"), md5, key);
  }
  // From now on each goes its own way.
  await copy.append(a, "log", encoder.encode("copy"));
  await t.append(a, "log", encoder.encode("data"));
  assert((await text(a, "log")).endsWith("\ncopy"));
});

Deno.test("a second backup copies what is new, lengthens what grew and removes what is gone", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  const target = join(dir.path, "backup");
  using t = openStore(dataDir);
  await t.put(t.a, "x", encoder.encode("x"));
  await t.put(t.a, "log", encoder.encode("one"));
  await t.put(t.a, "old", encoder.encode("old"));
  const counts = async () => {
    const { problems, files, copiedFiles, copiedBytes, removedFiles } =
      await backupData(target, { dataDir });
    assertEquals(problems, []);
    return [files, copiedFiles, copiedBytes, removedFiles];
  };
  assertEquals(await counts(), [3, 3, 7, 0]);
  assertEquals(await counts(), [3, 0, 0, 0]);
  await t.append(t.a, "log", encoder.encode(", two"));
  await t.put(t.a, "new", encoder.encode("new"));
  await t.store.contents.deleteObjects(t.a, ["old"]);
  assertEquals(await counts(), [3, 2, 11, 1]);
  assertEquals(filesBelow(join(target, "objects")).length, 3);
  assertEquals(filesBelow(join(target, "tmp")), []);
});

Deno.test("a backup whose bytes are not whole is not taken for one, and the older one stays", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  const target = join(dir.path, "backup");
  using t = openStore(dataDir);
  await t.put(t.a, "x", encoder.encode("content"));
  await backupData(target, { dataDir });
  const bad = await t.put(t.a, "bad", encoder.encode("right"));
  const path = join(dataDir, "objects", bad.file.slice(0, 2), bad.file);
  Deno.writeTextFileSync(path, "wrong");
  const report = await backupData(target, { dataDir });
  assertEquals(
    report.problems.map(({ kind, what }) => `${kind} ${what}`),
    ["checksum /demo/a/bad"],
  );
  using copy = openStore(target);
  assertEquals(
    copy.store.objects.list(t.a, { page: 1, size: 10 }).rows.map(({ key }) =>
      key
    ),
    ["x"],
  );
  assertEquals(await copy.read(t.a, "x"), encoder.encode("content"));
});

Deno.test("a backup never goes over anything else, nor into the data folder", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "data");
  const target = join(dir.path, "backup");
  new Store({ dataDir })[Symbol.dispose]();
  const refused = (to: string, text: string) =>
    assertRejects(() => backupData(to, { dataDir }), DataDirError, text);
  for (const to of [dataDir, join(dataDir, "in"), dir.path]) {
    await refused(to, `a backup of "${dataDir}" must be in a folder beside it`);
  }
  Deno.mkdirSync(join(dir.path, "home"));
  Deno.writeTextFileSync(join(dir.path, "home", "letter"), "dear");
  await refused(join(dir.path, "home"), "neither empty nor a backup");
  await backupData(target, { dataDir });
  {
    // A server that works on the backup makes a data folder of it.
    using _store = new Store({ dataDir: target });
    await refused(target, "neither empty nor a backup");
  }
  await refused(target, "neither empty nor a backup");
});
