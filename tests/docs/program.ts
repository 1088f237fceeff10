import { waitFor } from "../support/wait_for.ts";

/** A program that goes on beside the page. */
export interface Program {
  /** What it has said so far, on stdout and stderr. */
  said(): string;
  /** What of it was said on stdout. */
  printed(): string;
  /**
   * Waits until it is ready.
   *
   * @param until What it says then; without it, whatever it says first.
   * @throws {Error} If it ends before, or says nothing of the kind.
   */
  ready(until: string | undefined): Promise<void>;
  /** Waits for its end: gives back its exit code, 128 and more for a signal. */
  ended(): Promise<number>;
  /** Ends it as Ctrl-C does. */
  interrupt(): Promise<number>;
}

/** Reads what a program says, from now on. */
export function follow(child: Deno.ChildProcess): Program {
  let text = "";
  let stdout = "";
  let code: number | undefined;
  const read = async (
    stream: ReadableStream<Uint8Array>,
    add: (more: string) => void,
  ) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
    }
  };
  const over = (async () => {
    await Promise.all([
      read(child.stdout, (more) => {
        stdout += more;
        text += more;
      }),
      read(child.stderr, (more) => text += more),
    ]);
    return code = (await child.status).code;
  })();
  return {
    said: () => text,
    printed: () => stdout,
    async ready(until) {
      await waitFor(until ?? "the first words", () => {
        if (until === undefined ? text !== "" : text.includes(until)) {
          return true;
        }
        if (code === undefined) return undefined;
        throw new Error(`it ended with ${code} before it was ready:\n${text}`);
      });
    },
    ended: () => over,
    async interrupt() {
      if (code === undefined) {
        try {
          child.kill("SIGINT");
        } catch (error) {
          // It has ended meanwhile.
          if (!(error instanceof TypeError)) throw error;
        }
      }
      return await over;
    },
  };
}
