import { dirname, join } from "@std/path";
import { foreignEnv } from "./foreign_env.ts";
import { lendNpmCache } from "./npm_cache.ts";
import { tempDir } from "./temp_dir.ts";

/** A machine that has Deno and nothing of this package: an empty folder, an empty home and an empty cache. */
export interface Stranger extends AsyncDisposable {
  /** The folder. */
  readonly dir: string;
  /** Starts a command in the folder; `em` is known once it is installed. */
  spawn(command: string, ...args: string[]): Deno.ChildProcess;
  /** Runs a command to its end. */
  run(command: string, ...args: string[]): Promise<Ended>;
  /** Starts a command that goes on, and reads what it prints until a line is there. */
  start(until: RegExp, command: string, ...args: string[]): Promise<Service>;
  /** Writes a file into the folder. */
  write(name: string, text: string): void;
}

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on. */
export interface Service extends AsyncDisposable {
  /** What it has printed. */
  readonly said: string;
  /** Ends it by SIGTERM; what it ended with. */
  stop(): Promise<Pick<Ended, "code" | "stderr">>;
}

const LIMIT_MS = 120_000;

/** How to meet a stranger. */
export interface StrangerOptions {
  /** What their environment says of registries. */
  readonly env: Readonly<Record<string, string>>;
  /** What is in the `.npmrc` of their home, which leads a scope to a registry of the test. Default: there is none. */
  readonly npmrc?: string;
}

/** Meets a stranger. With `EM_TEST_TRANSCRIPT` in the environment, what they type and what they get is printed. */
export async function meetStranger(
  { env, npmrc }: StrangerOptions,
): Promise<Stranger> {
  const temporary = tempDir();
  const home = temporary.path;
  const dir = join(home, "project");
  const cache = join(home, "cache");
  Deno.mkdirSync(dir);
  Deno.mkdirSync(cache);
  // What the test's own registry gives must not lie among what is known of the real one.
  await lendNpmCache(cache, { own: npmrc !== undefined });
  if (npmrc !== undefined) Deno.writeTextFileSync(join(home, ".npmrc"), npmrc);
  const running: Deno.ChildProcess[] = [];
  const foreign = foreignEnv();
  const path = [join(home, ".deno/bin"), dirname(Deno.execPath()), foreign.PATH]
    .join(":");
  const spawn = (command: string, ...args: string[]) => {
    const child = new Deno.Command(
      command === "deno" ? Deno.execPath() : join(home, ".deno/bin", command),
      {
        args,
        cwd: dir,
        clearEnv: true,
        env: {
          ...foreign,
          ...env,
          HOME: home,
          PATH: path,
          DENO_DIR: cache,
          NO_COLOR: "1",
        },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        signal: AbortSignal.timeout(LIMIT_MS),
      },
    ).spawn();
    running.push(child);
    note(`$ ${[command, ...args].join(" ")}\n`);
    return child;
  };
  return {
    dir,
    spawn,
    async run(command, ...args) {
      const ended = await outputOf(spawn(command, ...args));
      note(ended.stderr + ended.stdout);
      return ended;
    },
    start: async (until, command, ...args) =>
      await serviceOf(spawn(command, ...args), until),
    write(name, text) {
      note(`$ cat > ${name}\n${text}`);
      Deno.writeTextFileSync(join(dir, name), text);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((child) => child.status));
      temporary[Symbol.dispose]();
    },
  };
}

/** Reads what a process prints to its end. */
export async function outputOf(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

async function serviceOf(
  child: Deno.ChildProcess,
  until: RegExp,
): Promise<Service> {
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!until.test(said)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`It ended: ${said}${await stderr}`);
    said += value;
  }
  note(said);
  let ended: Promise<Pick<Ended, "code" | "stderr">> | undefined;
  const end = async () => {
    if (!await hasEnded(child)) child.kill("SIGTERM");
    await reader.cancel();
    const { code } = await child.status;
    const complaint = await stderr;
    note(complaint);
    return { code, stderr: complaint };
  };
  const stop = () => ended ??= end();
  return {
    said,
    stop,
    // It does not throw: that would hide what has gone wrong before.
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

async function hasEnded(child: Deno.ChildProcess): Promise<boolean> {
  return await Promise.race([child.status, undefined]) !== undefined;
}

/**
 * Adds to the transcript.
 *
 * @param text What.
 */
export function note(text: string): void {
  if (!Deno.env.get("EM_TEST_TRANSCRIPT")) return;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}
