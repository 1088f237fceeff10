import { join } from "@std/path";
import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { checkData } from "../../src/server/check_data.ts";
import { DataDirError } from "../../src/server/data_dir_error.ts";
import { createHandler } from "../../src/server/handler.ts";
import type { DataReport } from "../../src/server/data_problem.ts";
import { repairData } from "../../src/server/repair_data.ts";
import { Database } from "../../src/server/store/database.ts";
import type { ObjectRow } from "../../src/server/store/objects.ts";
import { Store } from "../../src/server/store/store.ts";
import { tempDir } from "../support/temp_dir.ts";
import { filesBelow } from "./support/fixture.ts";
import { openStore } from "./support/store_fixture.ts";

/** What SQLite reads and writes at once. */
const PAGE_BYTES = 4096;
const encoder = new TextEncoder();
const now = () => new Date("2026-11-24T10:00:00Z");

function pathOf(dir: string, { file }: Pick<ObjectRow, "file">): string {
  return join(dir, "objects", file.slice(0, 2), file);
}

function lines({ problems }: DataReport): string[] {
  return problems.map(({ kind, what, detail, objects, repair }) =>
    [kind, what, detail, objects?.join(" + "), repair].filter(Boolean).join(
      " | ",
    )
  ).sort();
}

/** A data folder with five objects, one of them a copy, one upload and something in the trash. */
async function fill(dir: string) {
  using t = openStore(dir);
  const { store, a, b } = t;
  const text = (key: string) =>
    t.put(a, key, encoder.encode(`content of ${key}`));
  const objects = {
    x: await text("x"),
    y: await text("y"),
    z: await text("z"),
    log: await text("log"),
  };
  await t.append(a, "log", encoder.encode(", more"));
  await store.contents.shareObject({ nodeId: a, key: "x" }, {
    nodeId: b,
    key: "copy",
  });
  const upload = store.uploads.begin({ nodeId: a, key: "up" });
  const part = await store.parts.write(
    { uploadId: upload, number: 1 },
    ReadableStream.from([encoder.encode("part")]),
  );
  await store.parts.put(upload, part);
  const trashed = await t.put(b, "trashed", encoder.encode("trashed"));
  const node = store.nodes.byId(b);
  if (node) await store.trash.discard(node, { editor: "demo" });
  return { ...objects, part, trashed };
}

Deno.test("a data folder that is whole is found whole, beside a server and without one", async () => {
  using dir = tempDir();
  await fill(dir.path);
  for (const deep of [false, true]) {
    assertEquals(await checkData(dir.path, { deep }), {
      objects: 6,
      files: 6,
      bytes: 12 + 12 + 12 + 20 + 4 + 7,
      isServed: false,
      problems: [],
    });
  }
  using _store = new Store({ dataDir: dir.path });
  const beside = await checkData(dir.path, { deep: true });
  assertEquals([beside.isServed, beside.problems], [true, []]);
});

Deno.test("everything that can be wrong with files is found, named and repaired as far as that is safe", async () => {
  using dir = tempDir();
  const { x, y, z, log, part, trashed } = await fill(dir.path);
  Deno.removeSync(pathOf(dir.path, x));
  Deno.truncateSync(pathOf(dir.path, y), 5);
  Deno.writeTextFileSync(pathOf(dir.path, z), "CONTENT OF Z");
  Deno.writeTextFileSync(pathOf(dir.path, log), "broken", { append: true });
  Deno.removeSync(pathOf(dir.path, part));
  Deno.removeSync(pathOf(dir.path, trashed));
  const stray = "ff" + "0".repeat(30);
  Deno.mkdirSync(join(dir.path, "objects", "ff"), { recursive: true });
  Deno.writeTextFileSync(pathOf(dir.path, { file: stray }), "stray");
  Deno.writeTextFileSync(join(dir.path, "tmp", "half"), "ha");
  const at = ({ file }: Pick<ObjectRow, "file">) =>
    `objects/${file.slice(0, 2)}/${file}`;
  const safe = [
    `missing | ${
      at(x)
    } | the file is not there | /demo/a/x + /demo/b/copy (in the trash)`,
    `missing | ${
      at(part)
    } | the file is not there | /demo/a/up (being uploaded)`,
    `missing | ${
      at(trashed)
    } | the file is not there | /demo/b/trashed (in the trash)`,
    `short | ${at(y)} | it has 5 bytes, 12 belong to objects | /demo/a/y`,
  ];
  const left = (repaired: boolean) => [
    `overlong | ${at(log)} | it has 26 bytes, 20 count${
      repaired ? " | cut to 20 bytes" : ""
    }`,
    `stray | ${at({ file: stray })} | nothing refers to it${
      repaired ? " | moved to quarantine/2026-11-24" : ""
    }`,
    `stray | tmp/half | its upload was broken off${
      repaired ? " | moved to quarantine/2026-11-24" : ""
    }`,
  ];
  assertEquals(
    lines(await checkData(dir.path)),
    [...safe, ...left(false)].sort(),
  );
  const checksum =
    `checksum | /demo/a/z | its MD5 is 4a6bbff5b9d2ddbd7a09d0bd5ceb2e9e, ${z.md5} was sent | /demo/a/z`;
  const deep = lines(await checkData(dir.path, { deep: true }));
  assertEquals(
    deep.map((line) =>
      line.replace(/MD5 is \w+/, "MD5 is 4a6bbff5b9d2ddbd7a09d0bd5ceb2e9e")
    ),
    [...safe, ...left(false), checksum].sort(),
  );
  // Repairing changes nothing but what is safe.
  assertEquals(
    lines(await repairData(dir.path, { now })),
    [...safe, ...left(true)].sort(),
  );
  assertEquals(lines(await checkData(dir.path)), safe.sort());
  assertEquals(
    filesBelow(join(dir.path, "quarantine")).map((path) =>
      path.slice(dir.path.length + 1)
    ).sort(),
    [
      `quarantine/2026-11-24/${at({ file: stray })}`,
      "quarantine/2026-11-24/tmp/half",
    ].sort(),
  );
  // What is lost goes when it is said, from the trash as well.
  const removed = await repairData(dir.path, {
    now,
    deep: true,
    removeLost: true,
  });
  assertEquals(
    removed.problems.filter(({ repair }) => repair === undefined)
      .map(({ what }) => what).sort(),
    [],
  );
  using store = new Store({ dataDir: dir.path });
  const run = store.nodes.walk(["demo", "a"])?.node.id ?? "";
  const keys = store.objects.list(run, { page: 1, size: 10 }).rows
    .map(({ key }) => key);
  assertEquals(keys, ["log"]);
  const quarantined = filesBelow(join(dir.path, "quarantine"))
    .map((path) => path.slice(-32));
  assertEquals([y, z].every(({ file }) => quarantined.includes(file)), true);
});

Deno.test("a database that is damaged or inconsistent is found", async () => {
  using dir = tempDir();
  const { x } = await fill(dir.path);
  {
    using database = new Database(join(dir.path, "aistore.db"));
    database.command("PRAGMA foreign_keys = OFF")();
    database.command("UPDATE objects SET size = 99 WHERE file = ?")(x.file);
    database.command("INSERT INTO edges VALUES ('no', '', 'none', '')")();
  }
  assertEquals(lines(await checkData(dir.path)), [
    "length | /demo/a/x | it has 99 bytes, its files have 12 | /demo/a/x",
    "reference | edges | 2 rows refer to rows of nodes that are not there",
  ]);
});

Deno.test("wherever a database is damaged, a check ends and says so, and a server does not serve what it cannot read", async () => {
  using dir = tempDir();
  await fill(dir.path);
  const path = join(dir.path, "aistore.db");
  const whole = Deno.readFileSync(path);
  let found = 0;
  for (let page = 0; page * PAGE_BYTES < whole.length; page++) {
    const damaged = whole.slice();
    const noise = new Uint8Array(PAGE_BYTES).fill(0xa5);
    damaged.set(noise, page * PAGE_BYTES);
    Deno.writeFileSync(path, damaged);
    try {
      const { problems } = await checkData(dir.path);
      if (problems.some(({ kind }) => kind === "database")) found++;
      // A page without any row in it may be of no use to anybody.
      else assertEquals(problems, [], `page ${page}`);
    } catch (error) {
      assert(error instanceof DataDirError, `page ${page}: ${error}`);
      assertStringIncludes(error.message, "its database is damaged, restore");
      found++;
    }
    Deno.writeFileSync(path, whole);
  }
  assertGreater(found, 10);
  Deno.writeTextFileSync(path, "no database at all");
  assertThrows(
    () => createHandler({ dataDir: dir.path }),
    DataDirError,
    "its database is damaged, restore a backup (file is not a database)",
  );
});

Deno.test("a repair needs the server to be stopped, and a check needs a data folder", async () => {
  using dir = tempDir();
  await assertRejects(
    () => checkData(dir.path),
    DataDirError,
    "no server has been started in it, run em serve once or name another folder with --data",
  );
  using _store = new Store({ dataDir: dir.path });
  await assertRejects(
    () => repairData(dir.path),
    DataDirError,
    "another server is using it, stop that server",
  );
  assertThrows(() => new Store({ dataDir: dir.path }), DataDirError);
});

Deno.test("a check beside a running server passes over what is under way", async () => {
  using dir = tempDir();
  await fill(dir.path);
  using t = openStore(dir.path);
  const written = await t.store.contents.write(
    ReadableStream.from([encoder.encode("not in place yet")]),
  );
  assertEquals((await checkData(dir.path)).problems, []);
  const old = new Date(Date.now() - 3_600_000);
  const [file] = written.segments;
  const path = pathOf(dir.path, { file: file?.file ?? "" });
  await Deno.utime(path, old, old);
  assertEquals((await checkData(dir.path)).problems.map(({ kind }) => kind), [
    "stray",
  ]);
  await t.store.contents.discard(written);
});
