import { assert, assertEquals, assertThrows } from "@std/assert";
import { YamlError } from "../../../src/format/yaml_reader.ts";
import { isYamlTable } from "../../../src/format/yaml_reader.ts";
import { readDocument } from "../../../src/server/metrics/read_document.ts";
import { emServer } from "./support.ts";
import { tempDir } from "../../support/temp_dir.ts";

/** A line for each level, each of which stands for several of the one before. */
function levels(
  count: number,
  of: (alias: string) => string,
  first = "[x, x]",
): string {
  return Array.from(
    { length: count },
    (_, i) => `a${i}: &a${i} ${i === 0 ? first : of(`*a${i - 1}`)}\n`,
  ).join("");
}

const BOMBS: Readonly<Record<string, string>> = {
  "lists in lists": levels(30, (a) => `[${a}, ${a}, ${a}, ${a}]`),
  "maps in maps": levels(300, (a) => `{p: ${a}, q: ${a}}`, "{k: 1}"),
  "a long text, often": `a: &a ${"x".repeat(100_000)}\nb: [${
    "*a, ".repeat(10_000)
  }]\n`,
  "a long chain": levels(5000, (a) => `[${a}]`),
  "itself": "a: &a [1, *a]\n",
};

Deno.test("readDocument() refuses aliases that stand for far more than is written, and takes others", () => {
  for (const [what, text] of Object.entries(BOMBS)) {
    assertThrows(() => readDocument(text), YamlError, undefined, what);
  }
  const shared = readDocument("a: &a [1, 2]\nb: *a\nc: {d: *a}\n");
  assert(isYamlTable(shared));
  assertEquals(shared.get("b"), [1, 2]);
  const long = Array.from({ length: 20_000 }, (_, i) => `k${i}: [${i}]\n`);
  const whole = readDocument(long.join(""));
  assertEquals(isYamlTable(whole) && whole.size, 20_000);
});

Deno.test("documents that are bombs are stored like others, named as unreadable, and hold up nobody", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  for (const [at, [what, text]] of Object.entries(BOMBS).entries()) {
    const node = await server.make(`/demo/r${at}`);
    for (const key of ["hyperparameters.yaml", "metadata.yaml"]) {
      await server.put(`/demo/r${at}/${key}`, text);
    }
    const { documents } = await server.json("GET /em/v1/documents", {
      query: { node },
    });
    for (const { value, problem } of documents) {
      assertEquals(value, null, what);
      assert(problem.message !== "", what);
    }
  }
  const { data } = await server.json("GET /em/v1/rows", {
    query: { folder: "/demo" },
  });
  assertEquals(data.length, Object.keys(BOMBS).length);
});
