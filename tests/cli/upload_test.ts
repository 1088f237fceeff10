import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { startServer } from "../../src/server/mod.ts";
import { onlyRun, ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm } from "./em_process.ts";

const SCRIPT = `
import { createRun } from "${new URL("mod.ts", ROOT)}";
const run = await createRun({ name: "cli" });
run.log("train", { loss: 0.5 }, { step: 1 });
await run.finish();
`;

Deno.test("em upload sends what is missing, says what became of each directory, and ends accordingly", async () => {
  using dir = tempDir();
  await using server = await startServer({
    dataDir: join(dir.path, "server"),
    port: 0,
  });
  const { url, firstStart } = server;
  const made = await runScript(SCRIPT, { dir: dir.path });
  assertEquals(made.code, 0, made.stderr);
  const run = onlyRun(dir.path);
  const em = (line: string) => runEm(line.split(" "), { dir: dir.path });

  const early = await em("upload .em/runs");
  assertEquals(early.code, 1);
  assertMatch(
    early.stderr,
    /^em: \S+: No AIStore host is known: [^\n]+\nem: 1 of 1 not uploaded whole\n$/,
  );

  const dead = ["login", "--no-verify", "--host", "http://127.0.0.1:1"];
  const unseen = await runEm([...dead, "--api-key", "-"], {
    dir: dir.path,
    stdin: crypto.randomUUID(),
  });
  assertStringIncludes(
    unseen.stdout,
    "Not verified: AIStore server http://127.0.0.1:1\n",
  );
  const late = await em("upload .em/runs");
  assertEquals([late.code, late.stdout], [1, ""]);
  assertMatch(
    late.stderr,
    /^em: \S+: No answer from AIStore server [^\n]+\nem: 1 of 1 not uploaded whole\n$/,
  );

  const login = await em(
    `login --host ${url} --api-key ${firstStart?.apiKey}`,
  );
  assertEquals(login.code, 0, login.stderr);
  assertStringIncludes(
    login.stdout,
    'Context "default-context" was for http://127.0.0.1:1 before\n',
  );

  const whole = await em("upload .em/runs");
  assertEquals(whole.code, 0, whole.stderr);
  assertMatch(
    whole.stdout,
    /^\S+: complete, [1-9]\d* objects \([1-9]\d* bytes\) sent\n$/,
  );
  assertStringIncludes(whole.stdout, run);

  const again = await em(`upload ${run}/`);
  assertEquals(again.code, 0, again.stderr);
  const [, count] = /complete, (\d+) objects/.exec(again.stdout) ?? [];
  // The record of the upload itself is in the metadata.
  assertEquals(Number(count) <= 1, true, again.stdout);

  const missing = await em(`upload ${run} -f cv/none`);
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.stderr, 'Folder "/demo/cv/none" does not exist');
  assertStringIncludes(missing.stderr, "em: 1 of 1 not uploaded whole\n");

  const folder = await em(`upload ${run} -f cv/none -m`);
  assertEquals(folder.code, 0, folder.stderr);

  const some = await em(`upload nowhere .em/runs`);
  assertEquals(some.code, 1);
  assertStringIncludes(
    some.stderr,
    'em: nowhere: "nowhere" is not a directory of a run',
  );
  assertStringIncludes(some.stderr, "em: 1 of 2 not uploaded whole\n");
  assertMatch(some.stdout, /: complete, /);
  for (const { stdout, stderr } of [whole, again, missing, folder, some]) {
    assertEquals(
      `${stdout}${stderr}`.includes(firstStart?.apiKey ?? ""),
      false,
    );
  }
});
