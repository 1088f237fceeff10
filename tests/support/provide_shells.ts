import { join } from "@std/path";
import { aptInstall } from "./apt_install.ts";

/** Shells that not every system has, and that completions are tested with. */
const SHELLS = ["fish", "zsh"] as const;

/** What is said where a shell is missing. */
export const NO_SHELLS =
  "NO SHELLS: fish or zsh is missing, and could not be installed. The tests of their completions DO NOT RUN. Install both.";

/** Whether all shells are there; those that are not are installed where this process may. */
export async function provideShells(): Promise<boolean> {
  const missing = SHELLS.filter((shell) => !hasShell(shell));
  return missing.length === 0 ||
    await aptInstall(missing) && missing.every(hasShell);
}

/**
 * Makes sure that there is a shell. The whole suite runs the files that call this only where there are all of them, and
 * says so loudly elsewhere.
 *
 * @param shell The shell.
 * @throws {Error} If it is not there.
 */
export function requireShell(shell: typeof SHELLS[number]): void {
  if (!hasShell(shell)) throw new Error(NO_SHELLS);
}

function hasShell(shell: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((dir) => {
    try {
      return Deno.statSync(join(dir, shell)).isFile;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      if (error instanceof Deno.errors.NotADirectory) return false;
      throw error;
    }
  });
}
