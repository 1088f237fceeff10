import { fromFileUrl } from "@std/path";

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

export async function startChildServer(dataDir: string): Promise<ChildServer> {
  const script = fromFileUrl(new URL("serve_child.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, dataDir],
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
  const { url, apiKey } = JSON.parse(text);
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
    pid: child.pid,
    peakMemoryBytes() {
      const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
      return Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1]) * 1024;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
