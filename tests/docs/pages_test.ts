// deno-lint-ignore-file no-console
import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { hasPython } from "../../examples/python/has_python.ts";
import { startLocalJsr } from "../support/local_jsr.ts";
import { NO_PYTHON } from "../support/require_python.ts";
import { ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { documentationPages } from "./documentation_pages.ts";
import { readPage } from "./page.ts";
import { fillCache } from "./reader.ts";
import { type Followed, runPage } from "./run_page.ts";

/** How many pages are followed at once: most of the time goes into starting Deno. */
const AT_ONCE = 2;

Deno.test("every block of the documentation does what its page says", async (t) => {
  const only = Deno.env.get("EM_TEST_PAGE");
  const names = documentationPages().filter((name) =>
    only === undefined || name.includes(only)
  );
  assertGreater(names.length, 0);
  await using jsr = await startLocalJsr();
  using cache = tempDir();
  await fillCache(cache.path, jsr.url, entryPoints());
  const surroundings = {
    jsr: jsr.url,
    cache: cache.path,
    hasPython: hasPython(),
  };
  const outcomes = new Map<string, Followed | Error>();
  const waiting = [...names];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let name; (name = waiting.shift());) {
      const text = Deno.readTextFileSync(new URL(name, ROOT));
      try {
        outcomes.set(name, await runPage(readPage(text), surroundings));
      } catch (error) {
        outcomes.set(name, error as Error);
      }
    }
  }));
  for (const name of names) {
    await t.step(name, () => {
      const outcome = outcomes.get(name);
      if (outcome instanceof Error) {
        throw new Error(`${name}: ${outcome.message}`);
      }
      report(name, outcome as Followed);
    });
  }
  await t.step("the types of what the pages show", async () => {
    await checkTypes(outcomes, surroundings);
  });
});

/** What the package has to import and to run. */
function entryPoints(): string[] {
  const text = Deno.readTextFileSync(new URL("deno.json", ROOT));
  const { name, exports }: Config = JSON.parse(text);
  return Object.keys(exports).map((path) => `jsr:${name}${path.slice(1)}`);
}

interface Config {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
}

function report(name: string, { ran, excluded, missed }: Followed): void {
  console.log(`${name}: ${ran} blocks ran, ${excluded.length} excluded`);
  for (const reason of excluded) console.log(`  not run, ${reason}`);
  if (missed.length > 0) {
    console.log(`${NO_PYTHON}\n  ${name}: ${missed.join(", ")}`);
    // Where nobody reads the output, what did not run must not pass.
    if (Deno.env.get("CI")) throw new Error(NO_PYTHON);
  }
}

/** Checks the scripts of all pages in one go. */
async function checkTypes(
  outcomes: ReadonlyMap<string, Followed | Error>,
  { jsr, cache }: { readonly jsr: string; readonly cache: string },
): Promise<void> {
  using dir = tempDir();
  const files: string[] = [];
  for (const [page, outcome] of outcomes) {
    if (outcome instanceof Error) continue;
    for (const [name, code] of outcome.scripts) {
      const folder = page.replaceAll(/\W/g, "_");
      Deno.mkdirSync(join(dir.path, folder), { recursive: true });
      files.push(`${folder}/${name}`);
      // A script without imports is a script of the old kind, whose names are everybody's.
      Deno.writeTextFileSync(
        join(dir.path, folder, name),
        `${code}\nexport {};\n`,
      );
    }
  }
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", ...files],
    cwd: dir.path,
    env: { JSR_URL: jsr, DENO_DIR: cache, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}
