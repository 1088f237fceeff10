import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { runExample, withTempDir } from "./child.ts";

Deno.test("demo.ts trains, delivers every byte, says so in few lines, and leaves one folder", async () => {
  await withTempDir(async (dir) => {
    const { code, stdout, stderr } = await runExample([
      "demo.ts",
      "--images=2000",
      "--epochs=1",
    ], dir);
    assertEquals(code, 0, `${stdout}\n${stderr}`);
    assertLessOrEqual(stdout.trimEnd().split("\n").length, 25);
    assertMatch(stdout, /^ {2}val {6}loss 0\.\d{4} {2}accuracy 0\.[89]\d{3}/m);
    assertMatch(
      stdout,
      /^ {2}files {4}\d+ files, \d+\.\d KiB: every byte is the same on the server$/m,
    );
    assertMatch(stdout, /^ {2}remote {3}\/demo\/cv\/mnist\/mnist_dense$/m);

    const [, requests, ratio] =
      /^ {2}sent {5}(\d+) requests, .*: (\d\.\d\d) times/m.exec(stdout) ?? [];
    assert(
      Number(requests) > 5 && Number(ratio) >= 1 && Number(ratio) <= 2,
      stdout,
    );

    const names = (path: string) =>
      [...Deno.readDirSync(join(dir, path))].map(({ name }) => name).sort();
    const [demo = ""] = names(".em");
    assertEquals(names("."), [".em"]);
    assertEquals(names(".em"), [demo]);
    assertEquals(names(`.em/${demo}`), ["runs", "server"]);
    const [run = ""] = names(`.em/${demo}/runs`).filter((name) =>
      !name.startsWith(".")
    );
    assertEquals(names(`.em/${demo}/runs/${run}/model`), [
      "model.json",
      "weights.bin",
    ]);
    assertEquals(names(`.em/${demo}/runs/${run}/metrics`), [
      "train.yaml",
      "val.yaml",
    ]);
    assertStringIncludes(stdout, `em ui .em/${demo}/runs\n`);
    assertStringIncludes(stdout, `em serve --data .em/${demo}/server`);
    assertStringIncludes(stdout, `rm -r .em/${demo}`);
  });
});

Deno.test("demo.ts and mnist.ts refuse options that they do not understand, with a sentence", async () => {
  await withTempDir(async (dir) => {
    for (const script of ["demo.ts", "mnist.ts"]) {
      for (
        const option of [
          "--images=0",
          "--images=60001",
          "--epochs=1.5",
          "--epochs=many",
          "--unknown",
        ]
      ) {
        const { code, stderr } = await runExample([script, option], dir);
        assertEquals(code, 1, `${script} ${option}`);
        assertMatch(
          stderr,
          /Cannot use --(images|epochs)=|Unknown option/,
          `${script} ${option}`,
        );
      }
    }
    assertEquals(
      [...Deno.readDirSync(dir)],
      [],
      "nothing is made before the options are understood",
    );
  });
});
