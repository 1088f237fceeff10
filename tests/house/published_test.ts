import { assertEquals, assertLess } from "@std/assert";
import { walkSync } from "@std/fs";
import { fromFileUrl } from "@std/path";
import { publishedFiles, publishedSize } from "../../tools/published.ts";
import { ROOT } from "../support/script.ts";

/** The pages' sources are not sent: what is made of them is. */
const WANTED =
  /^(?:CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|README(?:\.zh)?\.md|SECURITY\.md|deno\.json|mod\.ts|docs\/.+\.(?:md|jpg)|generated\/web_pages\.ts|src\/(?!web\/).+\.ts)$/;
const MEBIBYTE = 1024 * 1024;

Deno.test("a release on JSR holds the modules, the pages made of theirs and the documentation, and nothing else", async () => {
  const root = fromFileUrl(ROOT);
  const wanted = ["docs", "generated", "src"].flatMap((dir) =>
    [...walkSync(root + dir, { includeDirs: false })].map(({ path }) =>
      path.slice(root.length)
    )
  ).concat([...Deno.readDirSync(root)].map(({ name }) => name))
    .filter((path) => WANTED.test(path)).sort();
  const files = await publishedFiles();
  assertEquals(files, wanted);
  const { bytes, packedBytes } = await publishedSize(files);
  assertLess(bytes, 4 * MEBIBYTE);
  assertLess(packedBytes, 1.25 * MEBIBYTE);
});
