import { fromFileUrl, resolve } from "@std/path";

/** How {@linkcode runChild} runs a script. */
export interface ChildOptions {
  /** The script's arguments. Default: none. */
  readonly args?: readonly string[];
  /** The directory it runs in. Default: this process's. */
  readonly cwd?: string;
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A script that takes longer hangs. */
const LIMIT_MS = 15 * 60_000;

/**
 * Runs a script in a process of its own, and reads what it prints last as JSON.
 *
 * @param script The script's path, absolute or beside this file.
 * @param options How.
 * @returns What it found.
 */
export async function runChild<T>(
  script: string,
  options: ChildOptions = {},
): Promise<T> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-prompt",
      "--no-check",
      `--config=${fromFileUrl(new URL("../../deno.json", import.meta.url))}`,
      resolve(fromFileUrl(new URL(".", import.meta.url)), script),
      ...options.args ?? [],
    ],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...options.env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const stderr = decode(output.stderr);
  if (!output.success) throw new Error(`${script} failed: ${stderr}`);
  return JSON.parse(decode(output.stdout).trim().split("\n").at(-1) ?? "");
}
