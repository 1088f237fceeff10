import { copy } from "@std/fs";
import { basename, fromFileUrl, join } from "@std/path";

export const FIXTURES = fromFileUrl(new URL("../fixtures", import.meta.url));

/** The fixtures' runs, as `<case>/runs/<run>`. */
export function fixtureRuns(): string[] {
  return [...Deno.readDirSync(FIXTURES)]
    .filter(({ name }) => /^c\d\d/.test(name))
    .flatMap(({ name }) => {
      const runs = join(FIXTURES, name, "runs");
      return [...Deno.readDirSync(runs)].map((run) =>
        join(name, "runs", run.name)
      );
    }).sort();
}

/** Copies a fixture's run into a directory of its own. */
export async function copyRun(run: string, into: string): Promise<string> {
  const dir = join(into, basename(run));
  await copy(join(FIXTURES, run), dir);
  return dir;
}
