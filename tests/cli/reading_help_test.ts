import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { startTestServer } from "../support/em_server.ts";
import { putNode, writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runEm } from "./em_process.ts";
import { runWith } from "./fake_io.ts";

const COMMANDS = ["ls", "describe", "compare", "tail", "plot"];
const NAME = "cnn_mnist_261123_082118_6fauz3";

/** The words of a command line, as a shell reads it. */
function wordsOf(line: string, names: readonly string[]): string[] {
  return (line.match(/"[^"]*"|\S+/g) ?? []).flatMap((word) => {
    const text = word.replaceAll('"', "");
    if (!text.endsWith("*")) return [text];
    const start = basename(text).slice(0, -1);
    return names.filter((name) => name.startsWith(start))
      .map((name) => text.replace(/[^/]*$/, name));
  });
}

Deno.test("every example in the help of the commands that read runs", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  Deno.mkdirSync(join(dir.path, ".t9k"));
  Deno.writeTextFileSync(
    join(dir.path, ".t9k", "t9k-config.yaml"),
    server.config,
  );
  const parent = join(dir.path, ".em", "runs");
  const held = {
    metadata: { name: "cnn_mnist", labels: ["cnn"], status: "Error" },
    hparams: { lr: 0.1 },
    metrics: { train: { loss: [1, 0.5] }, val: { accuracy: [0.5, 1] } },
    log: "one\ntwo\n",
  } as const;
  Deno.renameSync(writeRun(parent, held), join(parent, NAME));
  const second = basename(writeRun(parent, held));
  for (const name of ["cnn_mnist", "cnn_a", "cnn_b"]) {
    const folder = "/demo/cv/mnist";
    await putNode(server.client, join(parent, NAME), { folder, name });
  }
  const examples: string[] = [];
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await runWith([command, "--help"]);
    assertEquals([code, stderr], [0, ""]);
    for (const line of stdout.split("\n")) assert(line.length <= 80, line);
    const [, text = ""] = stdout.split("\nExamples:\n");
    examples.push(...text.split("\n").filter(Boolean));
  }
  assert(examples.length >= 3 * COMMANDS.length - 1);
  for (const example of examples) {
    const [em, ...args] = wordsOf(example.trim(), [NAME, second]);
    const { code, stdout, stderr } = await runEm(args, { dir: dir.path });
    assertEquals([em, code], ["em", 0], `${example}: ${stderr}`);
    assert(stdout !== "", example);
  }
});
