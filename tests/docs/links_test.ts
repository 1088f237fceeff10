import { assertEquals, assertGreater } from "@std/assert";
import { walkSync } from "@std/fs";
import { dirname, fromFileUrl, join, normalize, relative } from "@std/path";
import { ROOT } from "../support/script.ts";

const root = fromFileUrl(ROOT);

interface Config {
  readonly publish: {
    readonly include: readonly string[];
    readonly exclude: readonly string[];
  };
}

/** The pages in the root and in `docs/`, by their paths from the root. */
function pages(): string[] {
  const below = [...walkSync(join(root, "docs"), { exts: [".md"] })]
    .map(({ path }) => relative(root, path));
  const top = [...Deno.readDirSync(root)].map(({ name }) => name)
    .filter((name) => name.endsWith(".md"));
  return [...top, ...below].sort();
}

/** A page without its blocks of code. */
function prose(path: string): string {
  return Deno.readTextFileSync(join(root, path))
    .replaceAll(/^ *```[^]*?^ *```$/gm, "").replaceAll(/`[^`]*`/g, "code");
}

/** Where the links and pictures of a page lead. */
function links(path: string): string[] {
  return [...prose(path).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, to = ""]) => to);
}

/** The anchors of a page's headings, as repository hosts make them. */
function anchors(path: string): string[] {
  const text = Deno.readTextFileSync(join(root, path))
    .replaceAll(/^ *```[^]*?^ *```$/gm, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading.replaceAll(/&\w+;/g, "").toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-")
  );
}

Deno.test("every link of the documentation leads to a file and a heading that are there", () => {
  const broken: string[] = [];
  let count = 0;
  for (const page of pages()) {
    for (const to of links(page)) {
      if (/^https?:/.test(to)) continue;
      count++;
      const [file = "", anchor] = to.split("#");
      const path = file === "" ? page : normalize(join(dirname(page), file));
      try {
        if (!Deno.statSync(join(root, path)).isFile) throw new Error("folder");
        if (anchor !== undefined && !anchors(path).includes(anchor)) {
          broken.push(`${page}: ${to}: no such heading`);
        }
      } catch {
        broken.push(`${page}: ${to}: no such file`);
      }
    }
  }
  assertEquals(broken, []);
  assertGreater(count, 20);
});

Deno.test("who reads the published package can follow every link and see every picture", () => {
  const config: Config = JSON.parse(
    Deno.readTextFileSync(join(root, "deno.json")),
  );
  const { include, exclude } = config.publish;
  const holds = (list: readonly string[], path: string) =>
    list.some((name) =>
      path === name || name.endsWith("/") && path.startsWith(name)
    );
  const isPublished = (path: string) =>
    holds(include, path) && !holds(exclude, path);
  const lost: string[] = [];
  for (const page of pages().filter(isPublished)) {
    for (const to of links(page)) {
      if (/^(?:https?:|#)/.test(to)) continue;
      const path = normalize(join(dirname(page), to.replace(/#.*/, "")));
      if (!isPublished(path)) lost.push(`${page}: ${to}`);
    }
  }
  assertEquals(lost, []);
});

Deno.test("every guide is named in the README", () => {
  const named = links("README.md");
  const guides = pages().filter((path) => path.startsWith("docs/guides/"));
  assertEquals(guides.filter((path) => !named.includes(path)), []);
});
