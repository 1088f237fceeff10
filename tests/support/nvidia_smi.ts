import { join } from "@std/path";

/** What a real one prints of two GPUs, one of which cannot tell what it draws. */
export const TWO_GPUS = "0, 37, 1024, 16384, 45, 70.12\\n" +
  "1, 0, 512, 16384, 39, [N/A]\\n";

/**
 * Puts a stand-in for `nvidia-smi` on the path: this machine has no GPU.
 *
 * @param dir Where it is put.
 * @param script What it does, as a shell script.
 * @returns The environment that has it.
 */
export function nvidiaSmiStandIn(
  dir: string,
  script: string,
): Readonly<Record<string, string>> {
  const bin = join(dir, "bin");
  Deno.mkdirSync(bin);
  const path = join(bin, "nvidia-smi");
  Deno.writeTextFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${bin}:${Deno.env.get("PATH") ?? ""}` };
}
