import { fromFileUrl, join, relative } from "@std/path";
import { walkSync } from "@std/fs";

/** The directories that the Python SDK wrote. */
export const FIXTURES = fromFileUrl(new URL("../fixtures/", import.meta.url));

/** The text of a fixture. */
export function readFixture(path: string): string {
  return Deno.readTextFileSync(join(FIXTURES, path));
}

/** Paths of the YAML files of which there is a parsed twin, relative to {@linkcode FIXTURES}. */
export function parsedFixtures(): string[] {
  const parsed = join(FIXTURES, "_parsed");
  const files = [...walkSync(parsed, { includeDirs: false })];
  return files
    .map(({ path }) => relative(parsed, path).replace(/\.json$/, ""))
    .sort();
}
