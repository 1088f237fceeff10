import { assertEquals, assertGreater } from "@std/assert";
import { ROOT } from "../support/script.ts";
import { type Block, readPage } from "./page.ts";

function read(name: string): string {
  return Deno.readTextFileSync(new URL(name, ROOT));
}

/** What must be the same in every language: all but comments, and what an author pads them with. */
function essence({ language, code, fate }: Block) {
  const comment = language === "ts" ? /(^|\s+)\/\/ .*$/gm : /(^|\s+)# .*$/gm;
  return { language, code: code.replaceAll(comment, ""), fate };
}

/** The levels of a page's headings, in their order. */
function levels(text: string): number[] {
  return [...text.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^(#+) /gm)]
    .map(([, marks = ""]) => marks.length);
}

/** Where a page's links and pictures lead, but for the page in the other language; a picture may be of Chinese pages. */
function targets(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = ""]) => to.replace(/\.zh\.jpg$/, ".jpg"))
    .filter((to) => !to.startsWith("README")).sort();
}

Deno.test("README.zh.md has the sections, the code, the tables and the links of README.md", () => {
  const [english, chinese] = [read("README.md"), read("README.zh.md")];
  assertEquals(levels(chinese), levels(english));
  assertGreater(levels(english).length, 5);
  const blocks = readPage(english).blocks.map(essence);
  assertEquals(readPage(chinese).blocks.map(essence), blocks);
  assertGreater(blocks.length, 10);
  assertEquals(targets(chinese), targets(english));
  const rows = (text: string) => text.match(/^\|/gm)?.length;
  assertEquals(rows(chinese), rows(english));
});

Deno.test("each README leads to the other", () => {
  assertEquals(read("README.md").includes("](README.zh.md)"), true);
  assertEquals(read("README.zh.md").includes("](README.md)"), true);
});
