import { join } from "@std/path";

/** The repository's root. */
export const ROOT = new URL("../../", import.meta.url);

/** How {@linkcode runScript} runs a script. */
export interface ScriptOptions {
  /** The directory that the script lies in and runs in. */
  readonly dir: string;
  /** The permission flags. Default: `["-A"]`. */
  readonly flags?: readonly string[];
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The script's arguments. */
  readonly args?: readonly string[];
  /** The command and the arguments that start the process, before Deno's own. Default: none. */
  readonly prefix?: readonly string[];
}

/** How a script ended. */
export interface ScriptResult {
  /** The exit code; 128 and more for a signal. */
  readonly code: number;
  /** The signal that ended it, or null. */
  readonly signal: Deno.Signal | null;
  /** What it printed on stdout. */
  readonly stdout: string;
  /** What it printed on stderr, without colours. */
  readonly stderr: string;
}

/** Starts a script as its user would, in a process of its own, with `@t9k/em` being this repository. */
export function spawnScript(
  code: string,
  options: ScriptOptions,
): Deno.ChildProcess {
  const path = join(options.dir, "main.ts");
  Deno.writeTextFileSync(path, code);
  const config = new URL("deno.json", ROOT).pathname;
  const { flags = ["-A"], args = [], prefix = [] } = options;
  const [command = "", ...first] = [...prefix, Deno.execPath()];
  return new Deno.Command(command, {
    args: [
      ...first,
      "run",
      "--no-prompt",
      `--config=${config}`,
      "--no-check",
      ...flags,
      path,
      ...args,
    ],
    cwd: options.dir,
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a script to its end. */
export async function runScript(
  code: string,
  options: ScriptOptions,
): Promise<ScriptResult> {
  const child = spawnScript(code, options);
  const { code: exit, signal, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: exit, signal, stdout: decode(stdout), stderr: decode(stderr) };
}

/** The only run directory below a script's directory. */
export function onlyRun(dir: string, parent = ".em/runs"): string {
  const runs = [...Deno.readDirSync(join(dir, parent))].filter((entry) =>
    entry.name !== ".state"
  );
  if (runs.length !== 1) {
    throw new Error(`There are ${runs.length} runs in "${dir}"`);
  }
  return join(dir, parent, runs[0]?.name ?? "");
}
