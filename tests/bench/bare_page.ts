import { findBrowser } from "../support/browser_path.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A page of a browser that nothing watches: the driver of the tests keeps requests and scripts in the page that it watches. */
export interface BarePage extends AsyncDisposable {
  /** Sends a command of the DevTools protocol. */
  send(
    method: string,
    params?: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, number>>>;
  /** Waits until the page has called `told()` with a text. */
  until(text: string): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly payload?: string };
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

const WAIT_MS = 60_000;

/** Starts a browser with one page: `await using page = await openBarePage()`. */
export async function openBarePage(): Promise<BarePage> {
  await using resources = new AsyncDisposableStack();
  const dir = resources.use(tempDir());
  const browser = new Deno.Command(findBrowser() ?? "chromium", {
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--remote-debugging-port=0",
      `--user-data-dir=${dir.path}`,
      "--window-size=1280,800",
      "about:blank",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  resources.defer(async () => {
    browser.kill("SIGKILL");
    await browser.status;
  });
  const socket = new WebSocket(await addressOf(browser.stderr));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("The browser does not answer"));
  });
  resources.defer(() => socket.close());
  const page = talk(socket);
  const { targetId } = await page.send("Target.createTarget", {
    url: "about:blank",
  });
  await page.attach(targetId);
  await page.send("Runtime.enable");
  await page.send("Runtime.addBinding", { name: "told" });
  const owned = resources.move();
  return { ...page, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Where a browser listens, as it says among other things; what else it says is read and forgotten. */
async function addressOf(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = "";;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The browser did not start: ${text}`);
    text += value;
    const [, url] = /DevTools listening on (\S+)\s/.exec(text) ?? [];
    if (url === undefined) continue;
    const forget = async (): Promise<void> => {
      while (!(await reader.read()).done);
    };
    forget().catch(() => {});
    return url;
  }
}

function talk(socket: WebSocket) {
  let count = 0;
  let sessionId: unknown;
  let told: string | undefined;
  let onTold = (): void => {};
  const waiting = new Map<number, (message: Message) => void>();
  socket.onmessage = ({ data }) => {
    const message: Message = JSON.parse(data);
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    if (message.method === "Runtime.bindingCalled") {
      told = message.params?.payload;
      onTold();
    }
  };
  // deno-lint-ignore no-explicit-any -- as loose as the protocol
  const send = async (method: string, params = {}): Promise<any> => {
    const id = ++count;
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { result, error } = await answer;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  };
  return {
    send,
    async attach(targetId: unknown): Promise<void> {
      const answer = await send("Target.attachToTarget", {
        targetId,
        flatten: true,
      });
      sessionId = answer.sessionId;
    },
    async until(text: string): Promise<void> {
      if (told === text) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(
        () => reject(new Error(`"${text}" does not come, "${told}" came last`)),
        WAIT_MS,
      );
      onTold = () => {
        if (told === text) resolve();
      };
      await promise.finally(() => clearTimeout(timer));
    },
  };
}
