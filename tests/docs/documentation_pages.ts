import { ROOT } from "../support/script.ts";

/** The pages whose blocks are run, by their paths from the root. */
export function documentationPages(): string[] {
  const guides = [...Deno.readDirSync(new URL("docs/guides/", ROOT))]
    .map(({ name }) => `docs/guides/${name}`)
    .filter((path) => path.endsWith(".md")).sort();
  const others = ["formats", "protocol", "server-storage"]
    .map((name) => `docs/${name}.md`);
  return ["README.md", "README.zh.md", ...others, ...guides];
}
