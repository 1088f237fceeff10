import { assertEquals, assertGreater } from "@std/assert";
import { runWith } from "../cli/fake_io.ts";
import { ROOT } from "../support/script.ts";

Deno.test("README names every command of em, and none that is not there", async () => {
  const { stdout } = await runWith(["--help"]);
  const [, list = ""] = /^Commands:\n([^]*?)\n\n/m.exec(stdout) ?? [];
  const commands = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name)
    .filter((name) => name !== "help").sort();
  assertGreater(commands.length, 10);
  for (const page of ["README.md", "README.zh.md"]) {
    const text = Deno.readTextFileSync(new URL(page, ROOT));
    const [table = ""] = /^\| `ls`[^]*?\n\n/m.exec(text) ?? [];
    const named = table.split("\n").flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([a-z]+)`/g)]
        .map(([, name]) => name)
    );
    assertEquals(named.sort(), commands, page);
  }
});
