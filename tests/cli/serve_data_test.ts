import { join } from "@std/path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tempDir } from "../support/temp_dir.ts";
import { openStore } from "../server/support/store_fixture.ts";
import { runWith } from "./fake_io.ts";

const encoder = new TextEncoder();

Deno.test("em serve check says what is wrong, with exit code 1, and repairs it", async () => {
  using dir = tempDir();
  {
    using t = openStore(dir.path);
    await t.put(t.a, "x", encoder.encode("content"));
  }
  const check = (...more: string[]) =>
    runWith(["serve", "check", "--data", dir.path, ...more]);
  assertEquals(await check(), {
    code: 0,
    stdout: "Checked 1 object in 1 file (7 B)\n",
    stderr: "",
  });
  Deno.writeTextFileSync(join(dir.path, "tmp", "half"), "ha");
  assertEquals(await check(), {
    code: 1,
    stdout:
      "stray tmp/half: its upload was broken off\nChecked 1 object in 1 file (7 B)\n",
    stderr:
      `em: 1 thing wrong in data folder "${dir.path}": em serve check --repair repairs what is safe\n`,
  });
  const json = JSON.parse((await check("--json")).stdout);
  assertEquals([json.objects, json.problems[0].kind], [1, "stray"]);
  const repaired = await check("--repair");
  assertEquals([repaired.code, repaired.stderr], [0, ""]);
  assertMatch(repaired.stdout, /: moved to quarantine\/\d{4}-\d\d-\d\d\n/);
  assertEquals((await check()).code, 0);
  assertEquals((await check("--remove-lost")).code, 2);
  {
    using _t = openStore(dir.path);
    assertStringIncludes((await check()).stdout, "beside a running server");
    assertStringIncludes(
      (await check("--repair")).stderr,
      "another server is using it, stop that server",
    );
  }
  // The option of em serve itself counts, too.
  assertEquals(
    (await runWith(["serve", "--data", dir.path, "check"])).code,
    0,
  );
});

Deno.test("em serve backup copies a data folder, and says what it did", async () => {
  using dir = tempDir();
  const data = join(dir.path, "data");
  const target = join(dir.path, "backup");
  using t = openStore(data);
  await t.put(t.a, "x", new Uint8Array(2048));
  const backup = (...more: string[]) =>
    runWith(["serve", "backup", target, "--data", data, ...more]);
  assertEquals(await backup(), {
    code: 0,
    stdout:
      `Backup in ${target}: 1 object in 1 file (2.0 KiB), verified\nCopied 1 file (2.0 KiB), removed 0\n`,
    stderr: "",
  });
  const json = JSON.parse((await backup("--json", "--deep")).stdout);
  assertEquals([json.copiedFiles, json.files, json.target], [0, 1, target]);
  for (const file of Deno.readDirSync(join(data, "objects"))) {
    const folder = join(data, "objects", file.name);
    for (const { name } of Deno.readDirSync(folder)) {
      Deno.truncateSync(join(folder, name), 1);
    }
  }
  await t.put(t.b, "y", encoder.encode("y"));
  assertEquals((await backup()).code, 0);
  await t.put(t.b, "z", encoder.encode("z"));
  const z = t.store.objects.get({ nodeId: t.b, key: "z" });
  Deno.truncateSync(
    join(data, "objects", z?.file.slice(0, 2) ?? "", z?.file ?? ""),
    0,
  );
  const failed = await backup();
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.stderr, "was not brought up to date");
  assertStringIncludes(
    (await runWith(["serve", "backup", data, "--data", data])).stderr,
    "must be in a folder beside it",
  );
});

Deno.test("em serve trash lists, restores and empties, beside the server", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const { store, a, b } = t;
  const trash = (...args: string[]) =>
    runWith(["serve", "trash", ...args, "--data", dir.path]);
  assertEquals((await trash("list")).stdout, "The trash is empty\n");
  await t.put(a, "x", encoder.encode("content"));
  for (const id of [a, b]) {
    const node = store.nodes.byId(id);
    if (node) await store.trash.discard(node, { editor: "demo" });
  }
  const listed = await trash("list");
  assertMatch(
    listed.stdout,
    new RegExp(
      `${a}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC  Run /demo/a \\(1 node, 7 B\\), deleted by demo\n`,
    ),
  );
  assertEquals(
    (await trash("list", "--user", "eve")).stdout,
    "The trash is empty\n",
  );
  assertEquals(JSON.parse((await trash("list", "--json")).stdout).length, 2);
  assertEquals(
    (await trash("restore", a)).stdout,
    "Restored /demo/a as /demo/a\n",
  );
  assertEquals(await t.read(a, "x"), encoder.encode("content"));
  assertEquals(
    (await trash("restore", a)).stderr,
    `em: there is no node "${a}" in the trash\n`,
  );
  store.nodes.create(store.nodes.walk(["demo"])!.node, {
    name: "b",
    type: "Run",
    labels: [],
    description: "",
    extra: "",
  }, "demo");
  assertEquals(await trash("restore", b), {
    code: 1,
    stdout: "",
    stderr: "em: cannot restore: Invalid conflicting node Name: b\n",
  });
  assertEquals(await trash("empty"), {
    code: 2,
    stdout: "",
    stderr:
      "em: nothing was deleted: say --yes to delete 1 deleted node (0 B) for good\n",
  });
  assertEquals(
    (await trash("empty", "--yes")).stdout,
    "Deleted 1 deleted node (0 B) for good\n",
  );
  assertEquals((await trash("list")).stdout, "The trash is empty\n");
});
