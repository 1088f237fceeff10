import { assert, assertEquals } from "@std/assert";
import { startKernel } from "../support/kernel.ts";
import { ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("the cells of docs/guides/notebooks.md run in a notebook, and each run in it ends", async () => {
  const page = Deno.readTextFileSync(new URL("docs/guides/notebooks.md", ROOT));
  const cells = [...page.matchAll(/^```ts\n([^]*?)^```$/gm)]
    .map(([, code = ""]) => code);
  assert(cells.length > 5, `${cells.length} cells`);
  using dir = tempDir();
  await using kernel = await startKernel({ runs: dir.path });
  for (const code of cells) await kernel.run(code);
  const statuses = [...Deno.readDirSync(dir.path)]
    .filter(({ name }) => !name.startsWith("."))
    .map(({ name }) =>
      /^status: (\w+)$/m.exec(
        Deno.readTextFileSync(`${dir.path}/${name}/metadata.yaml`),
      )?.[1]
    );
  assertEquals(statuses, ["Complete", "Complete", "Complete", "Complete"]);
});
