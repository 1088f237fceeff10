import { fromFileUrl } from "@std/path";

/** What an example that ran as a process of its own left behind. */
export interface ExampleRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example in a directory, to its end. */
export async function runExample(
  command: readonly [script: string, ...args: string[]],
  cwd: string,
): Promise<ExampleRun> {
  const [script, ...args] = command;
  const url = new URL(`../../examples/${script}`, import.meta.url);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fromFileUrl(url), ...args],
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, stdout: out, stderr: err };
}

/** Calls a function with a temporary directory that is removed afterwards. */
export async function withTempDir(
  use: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "em-examples-" });
  try {
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
