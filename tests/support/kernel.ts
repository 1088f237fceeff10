import { fromFileUrl, join } from "@std/path";
import { requireJupyter } from "./provide_jupyter.ts";
import { ROOT } from "./script.ts";

/** What a cell shows, as a notebook holds it. */
export interface CellOutput {
  readonly type:
    | "stream"
    | "display_data"
    | "update_display_data"
    | "execute_result"
    | "error";
  readonly content: {
    readonly name?: string;
    readonly text?: string;
    readonly ename?: string;
    readonly evalue?: string;
    readonly data?: Readonly<Record<string, string>>;
    readonly transient?: { readonly display_id?: string };
  };
}

/** How a cell ended. */
export interface CellResult {
  readonly outputs: readonly CellOutput[];
  /** Whether it came to its end; not where the kernel died. */
  readonly isOver: boolean;
  /** Whether the kernel lives. */
  readonly isAlive: boolean;
}

/** A real Deno kernel, driven by Jupyter's own client. */
export interface TestKernel extends AsyncDisposable {
  /** Runs a cell to its end; an error in it is thrown here. */
  run(code: string): Promise<CellResult>;
  /** Begins a cell; the answer is its id. */
  send(code: string): Promise<string>;
  /** Waits for the end of a cell, and for what comes after it. */
  wait(id: string): Promise<CellResult>;
  /** All that was shown, by whatever cell. */
  seen(): Promise<readonly CellOutput[]>;
  isAlive(): Promise<boolean>;
  /** What the button "Interrupt" does. */
  interrupt(): Promise<void>;
  /** What "Restart" does. */
  restart(): Promise<void>;
  /** Ends the kernel as "Shut down" does, or kills it. */
  stop(options: { readonly now: boolean }): Promise<void>;
}

/** Starts a kernel: `await using kernel = await startKernel({ runs: dir.path })`. */
export async function startKernel(
  { runs, folder = "", env = {} }: {
    readonly runs: string;
    /** The notebook's folder, below the root. */
    readonly folder?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<TestKernel> {
  const driver = fromFileUrl(new URL("kernel_driver.py", import.meta.url));
  // The folder decides which deno.json there is: this repository's, so that "@t9k/em" is this very package.
  const cwd = join(fromFileUrl(ROOT), folder);
  const child = new Deno.Command(requireJupyter(), {
    args: [driver, Deno.execPath(), cwd],
    env: {
      NO_COLOR: "1",
      EM_RUN_PARENT_DIR: runs,
      EM_ARTIFACT_PARENT_DIR: runs,
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const answers = linesOf(child.stdout);
  const writer = child.stdin.getWriter();
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`The kernel's driver ended: ${await errors}`);
    return JSON.parse(value);
  };
  const ask = async (command: Record<string, unknown>) => {
    await writer.write(
      new TextEncoder().encode(`${JSON.stringify(command)}\n`),
    );
    return await next();
  };
  await next();
  const send = async (code: string) =>
    (await ask({ do: "send", code })).id as string;
  const wait = async (id: string) =>
    await ask({ do: "wait", id }) as unknown as CellResult;
  return {
    send,
    wait,
    async run(code) {
      const result = await wait(await send(code));
      const error = result.outputs.find(({ type }) => type === "error");
      if (error === undefined && result.isOver) return result;
      throw new Error(`The cell failed: ${JSON.stringify(result)}`);
    },
    seen: async () =>
      (await ask({ do: "seen" })).outputs as readonly CellOutput[],
    isAlive: async () => (await ask({ do: "alive" })).isAlive as boolean,
    interrupt: async () => void await ask({ do: "interrupt" }),
    restart: async () => void await ask({ do: "restart" }),
    stop: async ({ now }) => void await ask({ do: "stop", now }),
    async [Symbol.asyncDispose]() {
      await writer.close();
      await answers.next();
      await child.status;
      await errors;
    },
  };
}

/** What a cell printed on a stream. */
export function streamOf(
  { outputs }: Pick<CellResult, "outputs">,
  name: "stdout" | "stderr",
): string {
  return outputs.filter(({ content }) => content.name === name)
    .map(({ content }) => content.text).join("");
}

/** What the last expression of a cell shows. */
export function resultOf(
  { outputs }: CellResult,
): Readonly<Record<string, string>> {
  const result = outputs.find(({ type }) => type === "execute_result");
  if (result?.content.data === undefined) throw new Error("It has no result");
  return result.content.data;
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
