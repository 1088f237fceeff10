import { deadline } from "@std/async";
import { fromFileUrl } from "@std/path";
import { ROOT } from "../support/script.ts";

/** How long a child process may take to do what is waited for. */
const LIMIT_MS = 30_000;

/** An `em` command in a process of its own. */
export interface EmProcess extends AsyncDisposable {
  /** The process. */
  readonly child: Deno.ChildProcess;
  /** What it has printed so far. */
  readonly seen: { stdout: string; stderr: string };
  /** Waits until stdout holds a text. */
  readonly waitFor: (text: string) => Promise<void>;
  /** Waits until it ends, and gives its exit code. */
  readonly end: () => Promise<Deno.CommandStatus>;
}

/** The command that is `em` in this checkout. */
export const EM_COMMAND: readonly string[] = [
  Deno.execPath(),
  "run",
  "--quiet",
  "--no-check",
  "--allow-all",
  `--config=${fromFileUrl(new URL("deno.json", ROOT))}`,
  fromFileUrl(new URL("src/cli/main.ts", ROOT)),
];

/** How {@linkcode startEm} starts it. */
export interface EmOptions {
  /** The working directory, which is the home directory too. */
  readonly dir: string;
  /** What stands on stdin. Default: nothing. */
  readonly stdin?: string | undefined;
  /** More environment variables. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Starts `em`; it is killed, if it still runs, when its block ends. */
export function startEm(
  args: readonly string[],
  { dir, stdin, env }: EmOptions,
): EmProcess {
  const [command = "", ...first] = EM_COMMAND;
  return startCommand([command, ...first, ...args], { dir, stdin, env });
}

/** Starts any command as {@linkcode startEm} starts `em`. */
export function startCommand(
  [command, ...args]: readonly [string, ...string[]],
  { dir, stdin, env }: EmOptions,
): EmProcess {
  const child = new Deno.Command(command, {
    args,
    cwd: dir,
    env: { ...Deno.env.toObject(), NO_COLOR: "1", ...home(dir), ...env },
    clearEnv: true,
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const seen = { stdout: "", stderr: "" };
  const changed: (() => void)[] = [];
  const collect = async (name: "stdout" | "stderr") => {
    for await (const text of child[name].pipeThrough(new TextDecoderStream())) {
      seen[name] += text;
      changed.splice(0).forEach((wake) => wake());
    }
  };
  const collected = Promise.all([collect("stdout"), collect("stderr")])
    .finally(() => changed.splice(0).forEach((wake) => wake()));
  const fed = stdin === undefined ? undefined : feed(child.stdin, stdin);
  let ended = false;
  const status = child.status.finally(() => ended = true);

  async function waitFor(text: string): Promise<void> {
    while (!seen.stdout.includes(text)) {
      if (ended) {
        throw new Error(`em ended without "${text}": ${Deno.inspect(seen)}`);
      }
      await new Promise<void>((wake) => {
        changed.push(wake);
        status.then(() => wake());
      });
    }
  }

  async function end(): Promise<Deno.CommandStatus> {
    const [result] = await Promise.all([status, collected, fed]);
    return result;
  }

  return {
    child,
    seen,
    waitFor: (text) => deadline(waitFor(text), LIMIT_MS),
    end: () => deadline(end(), LIMIT_MS),
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await end();
    },
  };
}

/** How a command ended. */
export interface EmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `em` to its end. */
export async function runEm(
  args: readonly string[],
  options: EmOptions,
): Promise<EmResult> {
  await using em = startEm(args, options);
  const { code } = await em.end();
  return { code, ...em.seen };
}

/** The environment that keeps a child away from this machine's own configuration. */
function home(dir: string): Record<string, string> {
  const denoDir = Deno.env.get("DENO_DIR");
  return {
    HOME: dir,
    USERPROFILE: dir,
    T9K_CONFIG: "",
    T9K_CONFIG_CONTEXT: "",
    ...(denoDir === undefined ? { DENO_DIR: realDenoDir() } : {}),
  };
}

let found: string | undefined;

/** Where Deno keeps npm packages; it would look below the new home directory. */
function realDenoDir(): string {
  if (found !== undefined) return found;
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).outputSync();
  found = JSON.parse(new TextDecoder().decode(stdout)).denoDir as string;
  return found;
}

async function feed(
  stdin: WritableStream<Uint8Array>,
  text: string,
): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
}
