import { join } from "@std/path";
import { ROOT, type ScriptResult, spawnScript } from "./script.ts";
import { waitFor } from "./wait_for.ts";

/** What every live script begins with. */
const PRELUDE = `
  import { createRun, upload } from "@t9k/em";
  const say = (text) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\\n"));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const isThere = (file) => { try { Deno.statSync(file); return true; } catch { return false; } };
  const told = async (word) => { while (!isThere("told-" + word)) await pause(10); };
  let step = 0;
  const log = (run) => run.log("train", { loss: 1 / ++step }, { step });
  const logUntil = async (run, word) => { while (!isThere("told-" + word)) { log(run); await pause(5); } };
  const brief = ({ state, node, pending, refused, error }) =>
    ({ state, node: node?.path, pending, refused, error: error?.name, message: error?.message });
  const end = async (run, options) => {
    const { status, upload } = await run.finish(options);
    say("END " + JSON.stringify({ status, ...brief(upload) }));
  };
`;

/** What a live script's `end(run)` says. */
export interface EndReport {
  readonly status: string;
  readonly state: string;
  readonly node?: string;
  readonly pending: readonly { path: string; reason: string }[];
  readonly refused: readonly { path: string; reason: string }[];
  /** The name of the error's class. */
  readonly error?: string;
  readonly message?: string;
}

/** A script that runs while the test does something to its server, and that can be told words. */
export interface LiveScript {
  /** Waits until the script, or the library, has said a text on either stream. */
  readonly heard: (text: string) => Promise<void>;
  /** Tells the script a word, for which it waits with `told(word)` or `logUntil(run, word)`. */
  readonly tell: (word: string) => void;
  /** Waits until it has ended. */
  readonly end: () => Promise<LiveResult>;
}

/** How a live script ended. */
export interface LiveResult extends ScriptResult {
  /** What `end(run)` said, in order. */
  readonly reports: readonly EndReport[];
  /** The library's warnings, without their prefix. */
  readonly warnings: readonly string[];
  /** The library's other messages, without their prefix. */
  readonly infos: readonly string[];
  /** How long it went on after the last line that it printed, in milliseconds. */
  readonly afterLastWordMs: number;
}

/** How {@linkcode startLive} starts a script. */
export interface LiveOptions {
  /** The directory that the script lies in and runs in. */
  readonly dir: string;
  /** The t9k config file's content. */
  readonly config: string;
  /** The permission flags. Default: `["-A"]`. */
  readonly flags?: readonly string[];
  /** The command and the arguments that start the script's process, before its own. Default: none. */
  readonly prefix?: readonly string[];
}

/** Starts a script, which may use what {@linkcode PRELUDE} declares. */
export function startLive(code: string, options: LiveOptions): LiveScript {
  const { dir, config, flags, prefix } = options;
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, config);
  const child = spawnScript(PRELUDE + code, {
    dir,
    env: { T9K_CONFIG: path, T9K_CONFIG_CONTEXT: "" },
    ...(flags === undefined ? {} : { flags }),
    ...(prefix === undefined ? {} : { prefix }),
  });
  const seen = { stdout: "", stderr: "" };
  let lastWordAt = 0;
  const collect = async (name: "stdout" | "stderr") => {
    for await (const text of child[name].pipeThrough(new TextDecoderStream())) {
      seen[name] += text;
      if (name === "stdout") lastWordAt = performance.now();
    }
  };
  const collected = Promise.all([collect("stdout"), collect("stderr")]);
  let ended = false;
  const status = child.status.finally(() => ended = true);
  return {
    async heard(text) {
      await waitFor(`"${text}"`, () => {
        if (`${seen.stdout}${seen.stderr}`.includes(text)) return true;
        if (ended) throw new Error(`Ended without "${text}": ${seen.stderr}`);
        return undefined;
      });
    },
    tell: (word) => Deno.writeTextFileSync(join(dir, `told-${word}`), ""),
    async end() {
      const { code, signal } = await status;
      const afterLastWordMs = performance.now() - lastWordAt;
      await collected;
      return { code, signal, ...seen, ...readLines(seen), afterLastWordMs };
    },
  };
}

function readLines(seen: { stdout: string; stderr: string }) {
  const after = (text: string, prefix: string) =>
    text.split("\n").filter((line) => line.startsWith(prefix)).map((line) =>
      line.slice(prefix.length)
    );
  return {
    reports: after(seen.stdout, "END ").map((line): EndReport =>
      JSON.parse(line)
    ),
    warnings: after(seen.stderr, "EM WARNING: "),
    infos: after(seen.stderr, "EM INFO: "),
  };
}

/** The command that a warning names at its end, as a shell runs it with this repository in the package's place. */
export async function runPrintedCommand(
  warning: string,
  options: LiveOptions,
): Promise<{ readonly code: number; readonly output: string }> {
  const command = /deno run -A jsr:@t9k\/em\/cli (.*)$/.exec(warning)?.[1];
  if (command === undefined) throw new Error(`No command in: ${warning}`);
  const path = join(options.dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, options.config);
  const main = new URL("src/cli/main.ts", ROOT).pathname;
  const config = new URL("deno.json", ROOT).pathname;
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: [
      "-c",
      `"$DENO" run --quiet --no-check -A --config="${config}" "${main}" ${command}`,
    ],
    cwd: options.dir,
    env: {
      DENO: Deno.execPath(),
      T9K_CONFIG: path,
      T9K_CONFIG_CONTEXT: "",
      NO_COLOR: "1",
    },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, output: decode(stdout) + decode(stderr) };
}
