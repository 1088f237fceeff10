/**
 * What a child process prints, on its way to a terminal and a log.
 *
 * @module
 */

import type { Reporter } from "../reporter.ts";

/** How often it is looked whether somebody still prints after the child's end. */
const LOOK_MS = 250;

/** How many looks in a row must find nothing. */
const QUIET_LOOKS = 4;

/** What is done with a child's output. */
export interface ReadOutputOptions {
  /** Settles when the child has ended. */
  readonly ended: Promise<unknown>;
  /** Takes a chunk; the next one is read when it has done so. */
  readonly take: (chunk: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/**
 * Reads what a child prints, to the end: until all who have the pipe have closed it, or, once the child has ended, until
 * nothing comes for a second. Processes that the child has left behind would keep the pipe open for ever.
 *
 * One chunk is in memory at a time; a child that prints faster than that waits for us as it would for a terminal.
 *
 * @param stream The pipe.
 * @param options What to do with it.
 */
export async function readOutput(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { ended, take }: ReadOutputOptions,
): Promise<void> {
  const reader = stream.getReader();
  let quietLooks = 0;
  let isReading = false;
  let isOver = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = () => {
    quietLooks = isReading ? quietLooks + 1 : 0;
    if (quietLooks >= QUIET_LOOKS) void reader.cancel();
  };
  ended.then(() => {
    if (!isOver) timer = setInterval(look, LOOK_MS);
  });
  try {
    for (;;) {
      isReading = true;
      const { value, done } = await reader.read();
      isReading = false;
      quietLooks = 0;
      if (done) return;
      await take(value);
    }
  } finally {
    isOver = true;
    clearInterval(timer);
  }
}

/** Where {@linkcode printer} prints. */
export interface PrinterOptions {
  /** Prints some of the bytes, and says how many. */
  readonly write: (bytes: Uint8Array) => Promise<number>;
  /** Told if that fails. */
  readonly reporter: Reporter;
}

/**
 * Makes a function that prints, and that gives up printing, not the child, when nobody reads any more.
 *
 * @param options Where to.
 * @returns Prints bytes.
 */
export function printer(
  { write, reporter }: PrinterOptions,
): (bytes: Uint8Array) => Promise<void> {
  let isOpen = true;
  return async (bytes) => {
    try {
      while (isOpen && bytes.length > 0) {
        bytes = bytes.subarray(await write(bytes));
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      isOpen = false;
      if (error instanceof Deno.errors.BrokenPipe) return;
      reporter.warn(
        "output not shown",
        `Cannot show the output of a command any more, it is only recorded: ${error.message}`,
      );
    }
  };
}
