import { assertEquals, assertMatch } from "@std/assert";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("run.watch() outside a notebook says once that it shows nothing, and keeps no process alive", async () => {
  using dir = tempDir();
  const { code, stdout, stderr } = await runScript(
    `import { createRun } from "@t9k/em";
    const run = await createRun();
    const watch = run.watch();
    await using again = run.watch({ everyMs: 100 });
    await watch.stop();
    for (const everyMs of [99, NaN, "500"]) {
      try { run.watch({ everyMs }); } catch (error) { console.log(String(error)); }
    }
    await run.finish();`,
    {
      dir: dir.path,
      flags: ["--allow-read=.em", "--allow-write=.em", "--allow-env"],
    },
  );
  assertEquals(code, 0, stderr);
  assertEquals(
    stderr.match(/run\.watch\(\) shows something only in a notebook/g)?.length,
    1,
  );
  assertEquals(stdout.split("\n"), [
    "RangeError: Cannot watch: everyMs must be at least 100, and is 99",
    "RangeError: Cannot watch: everyMs must be at least 100, and is NaN",
    "TypeError: Cannot watch: everyMs must be a number, and is string",
    "",
  ]);
});

Deno.test("a script prints and compares runs with the permissions that recording needs", async () => {
  using dir = tempDir();
  const { code, stdout, stderr } = await runScript(
    `import { compareRuns, createRun } from "@t9k/em";
    const one = await createRun({ name: "one", hparams: { lr: 1, key: "\\u001b[31m" } });
    const two = await createRun({ name: "two", hparams: { lr: 2 } });
    console.log(one);
    console.log(await compareRuns([one, two]));
    await Promise.all([one.finish(), two.finish()]);`,
    {
      dir: dir.path,
      flags: ["--allow-read=.em", "--allow-write=.em", "--allow-env"],
    },
  );
  assertEquals(code, 0, stderr);
  const [head, hparams, ...table] = stdout.split("\n");
  assertMatch(head ?? "", /^Run "one" Running in ".*one_\d{6}_\d{6}_\w{6}"$/);
  assertMatch(hparams ?? "", /^ {2}hparams: \{ lr: 1, key: "\\x1b\[31m" \}$/);
  assertMatch(table.join("\n"), /^lr +1 +2$/m);
});
