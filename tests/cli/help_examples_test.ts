import { assert, assertEquals } from "@std/assert";
import type { Command } from "commander";
import { processIo } from "../../src/cli/io.ts";
import { makeProgram } from "../../src/cli/program.ts";
import { emScene } from "./em_scene.ts";
import { runWith } from "./fake_io.ts";
import { EXAMPLES, STANDS_FOR } from "./help_examples.ts";

Deno.test("every example in the help of every command runs", async () => {
  const examples = await examplesIn(makeProgram(processIo), []);
  assertEquals(
    [...examples].filter((example) => !Object.hasOwn(EXAMPLES, example)),
    [],
    "examples that help_examples.ts has no scene for",
  );
  await using scene = await emScene();
  for (const [example, how] of Object.entries(EXAMPLES)) {
    assert(examples.has(example), `no help has the example: ${example}`);
    const { before, added = "", ...options } = how;
    if (before !== undefined) {
      const { code, stderr } = await scene.sh(before, { cwd: how.cwd });
      assertEquals(code, 0, `before ${example}: ${before}: ${stderr}`);
    }
    let line = `${example} ${added}`;
    for (const [from, to] of STANDS_FOR) line = line.replaceAll(from, to);
    const { code, stdout, stderr } = await scene.sh(line, options);
    assertEquals(code, 0, `${example}\n${stdout}${stderr}`);
  }
});

/** The examples of a command and of all below it, without comments. */
async function examplesIn(
  command: Command,
  path: readonly string[],
): Promise<Set<string>> {
  const { stdout } = await runWith([...path, "--help"]);
  const [, text = ""] = stdout.split("\nExamples:\n");
  const [examples = ""] = text.split("\n\n");
  assert(examples !== "", `em ${path.join(" ")} has no examples`);
  const found = new Set(
    examples.trimEnd().split("\n").map((line) =>
      line.replace(/ +# .*$/, "").trim()
    ),
  );
  for (const child of command.commands) {
    const below = await examplesIn(child, [...path, child.name()]);
    below.forEach((example) => found.add(example));
  }
  return found;
}
