import {
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { parse } from "@std/yaml";
import { runExample, withTempDir } from "./child.ts";

Deno.test("every small example runs to its end and says what it promises", async () => {
  const expected: Record<string, RegExp> = {
    "quickstart.ts":
      /^x = 3\.0001 after 50 steps; all of them are in .*quickstart_\d{6}_\d{6}_\w{6}$/m,
    "config_file.ts":
      /^name {11}from_config .*\nlabels {9}example, gradient descent\nlearning_rate {2}0\.05 .*\nx = 3\.0015 after 80 steps$/m,
    "artifact.ts":
      /^docs\/README\.txt {6}12 bytes, [0-9a-f]{32}$[^]*^upload complete: 6 objects sent\nupload complete: 1 object sent\nit is \/demo\/default\/numbers on/m,
    "lineage.ts":
      /^training uploaded: complete\nevaluation uploaded: complete; accuracy 0\.[5-9]\d*\n {2}mnist -> train -> mnist_dense\n {2}mnist \+ mnist_dense -> evaluate\nloaded from the server: 20 files, all the same; 1 input and 1 output/m,
    "tfjs_callback.ts":
      /^train step 108 \{ loss: 0\.\d+, acc: 0\.[89]\d* \}$[^]*^val step 108 [^]*^test step 108 [^]*^the test images: loss 0\.\d+, right 0\.[89]\d*$/m,
    "preempted.ts":
      /^attempt 1: the last record is of step none, the checkpoint of step 0\nattempt 2: the last record is of step 25, the checkpoint of step 20\nin .*\n40 records, the attempts: Killed, Complete$/m,
    "ranks.ts":
      /^the ranks end at 10\.00, 20\.00, 30\.00\nmean 20\.00, recorded in .*ranks_\d{6}_\d{6}_\w{6}$/m,
    "permissions.ts": /^x = 3\.0001 after 50 steps/m,
  };
  await withTempDir(async (dir) => {
    for (const [name, pattern] of Object.entries(expected)) {
      const { code, stdout, stderr } = await runExample([name], dir);
      assertEquals(code, 0, `${name}\n${stdout}\n${stderr}`);
      assertMatch(stdout, pattern, name);
    }
    const runs = [...Deno.readDirSync(join(dir, ".em", "runs"))].map((entry) =>
      entry.name
    )
      .filter((name) => !name.startsWith("."));
    assertEquals(
      runs.map((name) => name.replace(/_\d{6}_\d{6}_\w{6}$/, "")).sort(),
      [
        "from_config",
        "mnist_fit",
        "preempted",
        "quickstart",
        "quickstart",
        "ranks",
      ],
    );
    for (const name of runs) {
      const metadata = parse(
        await Deno.readTextFile(
          join(dir, ".em", "runs", name, "metadata.yaml"),
        ),
      );
      assertEquals((metadata as { status: string }).status, "Complete", name);
    }
  });
});

Deno.test("killed.ts: SIGKILL in the middle loses no record for which log() had returned", async () => {
  await withTempDir(async (dir) => {
    const { code, stdout, stderr } = await runExample(["killed.ts"], dir);
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    assertStringIncludes(stdout, "the child was ended by SIGKILL");
    const [, acknowledged, kept] =
      /for (\d+) records, the file has (\d+)/.exec(stdout)?.map(Number) ?? [];
    assertGreater(acknowledged ?? 0, 1000);
    assertEquals((kept ?? 0) - (acknowledged ?? 0) in [0, 1], true, stdout);
  });
});

Deno.test("auto_upload.ts: records arrive while the loop never pauses, and all have arrived at the end", async () => {
  await withTempDir(async (dir) => {
    const { code, stdout, stderr } = await runExample(["auto_upload.ts"], dir);
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    assertMatch(stdout, /^pi is about 3\.14/m);
    const [, during, total] =
      /had (\d+) bytes when the loop ended, and (\d+) after/.exec(stdout)?.map(
        Number,
      ) ?? [];
    assertGreater(during ?? 0, 0);
    assertGreater(total ?? 0, during ?? 0);
    assertStringIncludes(stdout, "upload complete");
  });
});
