import { tryCommand } from "./try_command.ts";

/**
 * Installs packages of Debian where this process is root.
 *
 * @param packages Their names.
 * @returns Whether they are installed.
 */
export async function aptInstall(
  packages: readonly string[],
): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-qq", "--no-install-recommends"];
  return await tryCommand("apt-get", ["update", "-qq"], env) !== undefined &&
    await tryCommand("apt-get", [...install, ...packages], env) !== undefined;
}
