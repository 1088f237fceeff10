import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { type CellResult, startKernel } from "../support/kernel.ts";
import { ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

interface Notebook {
  readonly cells: readonly {
    readonly cell_type: "code" | "markdown";
    readonly source: readonly string[];
    readonly outputs?: readonly unknown[];
    readonly execution_count?: number | null;
  }[];
}

const notebook: Notebook = JSON.parse(
  Deno.readTextFileSync(new URL("examples/notebook.ipynb", ROOT)),
);
const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code");

Deno.test("examples/notebook.ipynb is kept without what running it made", () => {
  for (const { outputs, execution_count } of cells) {
    assertEquals([outputs, execution_count], [[], null]);
  }
});

Deno.test("examples/notebook.ipynb runs from its first cell to its last, and shows what it promises", async () => {
  using dir = tempDir();
  await using kernel = await startKernel({
    runs: dir.path,
    folder: "examples",
    env: { TMPDIR: dir.path },
  });
  const results = new Map<string, CellResult>();
  for (const { source } of cells) {
    const code = source.join("");
    results.set(code, await kernel.run(code));
  }
  const shownBy = (part: string): Record<string, string> => {
    const found = [...results].find(([code]) => code.includes(part));
    const output = found?.[1].outputs.findLast(({ content }) => content.data);
    assert(output?.content.data, `"${part}" shows nothing`);
    return output.content.data;
  };
  const html = (part: string) => shownBy(part)["text/html"] ?? "";
  assertStringIncludes(html("model"), "weights.json");
  assertStringIncludes(html("comparison"), "3 runs");
  const card = results.get("run;");
  assertMatch(
    card?.outputs[0]?.content.data?.["text/plain"] ?? "",
    /^Run "plane" Complete/,
  );
  const updates = (await kernel.seen()).filter(({ type }) =>
    type === "update_display_data"
  ).map(({ content }) => content.data?.["text/plain"] ?? "");
  assert(updates.length > 2, `${updates.length} updates`);
  assertMatch(updates[0] ?? "", /^Run "plane" Running/);
  assertMatch(updates.at(-1) ?? "", /^Run "plane" Complete/);
});
