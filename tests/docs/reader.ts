import { DELIMITER, fromFileUrl, join } from "@std/path";
import { foreignEnv } from "../support/foreign_env.ts";
import { lendNpmCache } from "../support/npm_cache.ts";
import { ROOT } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A machine of somebody who follows a page: an empty folder, a home of its own, `deno` and `em` as commands. */
export interface Reader extends Disposable {
  /** The folder that the page is followed in. */
  readonly dir: string;
  /** The home directory. */
  readonly home: string;
  /** Starts a program in the folder. */
  spawn(
    command: string,
    args: readonly string[],
    input?: string,
  ): Deno.ChildProcess;
}

/** A block that takes longer hangs. */
const LIMIT_MS = 120_000;

/**
 * Makes a reader.
 *
 * @param jsr The registry that has the package.
 * @param cache Deno's cache, shared by all readers.
 */
export function meetReader(jsr: string, cache: string): Reader {
  const base = tempDir();
  const [dir, home, bin] = ["project", "home", "bin"].map((name) => {
    const path = join(base.path, name);
    Deno.mkdirSync(path);
    return path;
  }) as [string, string, string];
  const command = (name: string, text: string) => {
    const path = join(bin, name);
    Deno.writeTextFileSync(path, `#!/bin/sh\nexec ${text} "$@"\n`);
    Deno.chmodSync(path, 0o755);
  };
  command("deno", Deno.execPath());
  command("em", `${Deno.execPath()} run -A jsr:@t9k/em/cli`);
  const env = {
    ...foreignEnv(),
    HOME: home,
    PATH: [join(home, ".deno/bin"), bin, Deno.env.get("PATH")].join(DELIMITER),
    DENO_DIR: cache,
    JSR_URL: jsr,
    NO_COLOR: "1",
    COLUMNS: "120",
    DENO_NO_UPDATE_CHECK: "1",
    DENO_NO_PROMPT: "1",
    FIXTURES: fromFileUrl(new URL("tests/fixtures", ROOT)),
  };
  return {
    dir,
    home,
    spawn: (program, args, input) => {
      const child = new Deno.Command(program, {
        args: [...args],
        cwd: dir,
        clearEnv: true,
        env,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        signal: AbortSignal.timeout(LIMIT_MS),
      }).spawn();
      feed(child.stdin, input ?? "");
      return child;
    },
    [Symbol.dispose]: () => base[Symbol.dispose](),
  };
}

/** Writes what a program may read; one that reads nothing may be over before. */
async function feed(
  stdin: WritableStream<Uint8Array>,
  text: string,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * Fills a cache with the package and with what is known of npm: nothing is fetched twice, and what programs say first is
 * not what they fetch.
 *
 * @param cache The cache's directory.
 * @param jsr The registry that has the package.
 * @param specifiers What to fetch.
 */
export async function fillCache(
  cache: string,
  jsr: string,
  specifiers: readonly string[],
): Promise<void> {
  await lendNpmCache(cache);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", ...specifiers],
    cwd: cache,
    env: { JSR_URL: jsr, DENO_DIR: cache, NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
