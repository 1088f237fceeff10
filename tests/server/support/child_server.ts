import { fromFileUrl } from "@std/path";
import type { Durability } from "../../../src/server/mod.ts";

/** Calls with which bytes and names get to the disk, and answers to clients, with the paths of what they work on. */
const STRACE = [
  "strace",
  "-D",
  "-f",
  "-y",
  "-qq",
  "-s",
  "64",
  "-e",
  "trace=fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,write,writev,sendto,sendmsg,pwrite64",
  "-o",
];

/** A server in a process of its own, to be killed. */
export interface ChildServer extends AsyncDisposable {
  /** The address to log in to. */
  readonly url: string;
  /** The key of the user demo, if this was the first start. */
  readonly apiKey: string | undefined;
  /** The process. */
  readonly pid: number;
  /** The greatest amount of memory that the process has had until now. */
  peakMemoryBytes(): number;
  /** Kills the process with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
}

/** How to start a {@linkcode ChildServer}. */
export interface ChildServerOptions {
  /** What a success answer survives. */
  readonly durability?: Durability;
  /** Where its system calls are written. Needs strace. */
  readonly trace?: string;
}

export async function startChildServer(
  dataDir: string,
  { durability, trace }: ChildServerOptions = {},
): Promise<ChildServer> {
  const script = fromFileUrl(new URL("serve_child.ts", import.meta.url));
  const command = [Deno.execPath(), "run", "-A", "--no-check", script];
  const [program = "", ...args] = trace === undefined
    ? command
    : [...STRACE, trace, ...command];
  const child = new Deno.Command(program, {
    args: [...args, dataDir, durability ?? "full"],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The server in "${dataDir}" did not start`);
    text += value;
  }
  const { url, apiKey, pid } = JSON.parse(text);
  let isAlive = true;
  const ended = child.status.then(() => isAlive = false);
  async function kill(): Promise<void> {
    if (isAlive) child.kill("SIGKILL");
    await ended;
    await reader.cancel();
  }
  return {
    url,
    apiKey,
    pid,
    peakMemoryBytes() {
      const status = Deno.readTextFileSync(`/proc/${pid}/status`);
      return Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1]) * 1024;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
