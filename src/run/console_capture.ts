import { print } from "../display/print.ts";
import type { AppendLog } from "../local/append_log.ts";
import { CONSOLE_METHODS, createShadowConsole } from "./shadow_console.ts";

/**
 * Copies what the script prints on stdout into logs, unbuffered, until told to stop.
 *
 * Captured: the printing methods of `console`, `Deno.stdout.write` and `writeSync`, and `process.stdout.write`. Not
 * captured: stderr, child processes, and `Deno.stdout.writable`. As in the Python SDK, backspaces are dropped, and
 * carriage returns and colours are kept; with several runs in a process, each gets every line.
 *
 * @param log Where the copies go.
 * @returns Ends the copying; the last one to be ended puts `console` and `Deno.stdout` back as they were.
 */
export function captureConsole(log: AppendLog): () => void {
  if (logs.size === 0) restore = install();
  logs.add(log);
  return () => {
    if (!logs.delete(log) || logs.size > 0) return;
    restore?.();
    restore = undefined;
  };
}

const logs = new Set<AppendLog>();
let restore: (() => void) | undefined;
/** `Deno.stdout.write` as it was before it was replaced, while it is. */
let uncaptured: typeof Deno.stdout.write | undefined;

const BACKSPACE = 8;

function tee(bytes: Uint8Array): void {
  const kept = withoutBackspaces(bytes);
  for (const log of logs) guarded(() => log.appendBytes(kept));
}

function teeText(text: string): void {
  const kept = text.includes("\b") ? text.replaceAll("\b", "") : text;
  for (const log of logs) guarded(() => log.append(kept));
}

/**
 * Removes what the Python SDK does not keep in a log, and appends the rest. A log that cannot be written keeps nobody
 * from printing.
 *
 * @param log The log.
 * @param bytes What was printed.
 */
export function copyToLog(log: AppendLog, bytes: Uint8Array): void {
  const kept = withoutBackspaces(bytes);
  guarded(() => log.appendBytes(kept));
}

/**
 * Prints on stdout what is not to be captured.
 *
 * @param bytes What to print.
 * @returns How many of the bytes were taken.
 */
export function writeUncaptured(bytes: Uint8Array): Promise<number> {
  const write = uncaptured ?? Deno.stdout.write;
  return print("stdout", bytes, (bytes) => write.call(Deno.stdout, bytes));
}

function withoutBackspaces(bytes: Uint8Array): Uint8Array {
  return bytes.includes(BACKSPACE)
    ? bytes.filter((byte) => byte !== BACKSPACE)
    : bytes;
}

/** Printing must work even when the log cannot be written, for example because the disk is full. */
function guarded(write: () => void): void {
  try {
    write();
  } catch {
    // The disk's trouble is told by log(), whose records matter more than the copy of a line.
  }
}

function install(): () => void {
  const undo = [
    ...CONSOLE_METHODS.map(replaceConsoleMethod(createShadowConsole(teeText))),
  ];
  const stdout: Pick<typeof Deno.stdout, "write" | "writeSync"> = Deno.stdout;
  uncaptured = stdout.write;
  undo.push(
    replace<"writeSync", typeof stdout.writeSync>(
      stdout,
      "writeSync",
      (original) => (bytes) => {
        const written = original.call(Deno.stdout, bytes);
        tee(bytes.subarray(0, written));
        return written;
      },
    ),
  );
  undo.push(
    replace<"write", typeof stdout.write>(
      stdout,
      "write",
      (original) => async (bytes) => {
        const written = await original.call(Deno.stdout, bytes);
        tee(bytes.subarray(0, written));
        return written;
      },
    ),
  );
  return () => {
    undo.forEach((put) => put());
    uncaptured = undefined;
  };
}

type ConsoleMethod = (...args: unknown[]) => void;

function replaceConsoleMethod(
  shadow: object,
): (name: typeof CONSOLE_METHODS[number]) => () => void {
  const copies = shadow as Record<string, ConsoleMethod | undefined>;
  // A console method may call another, as console.group calls console.log: only the outermost is copied.
  let depth = 0;
  return (name) =>
    replace(
      console as unknown as Record<string, ConsoleMethod>,
      name,
      (original) => (...args) => {
        depth++;
        try {
          original.apply(console, args);
          if (depth === 1) copies[name]?.(...args);
        } finally {
          depth--;
        }
      },
    );
}

/** Puts a function in the place of another; the answer puts the other back, unless somebody replaced it once more. */
function replace<K extends string, F>(
  target: Record<K, F>,
  key: K,
  make: (original: F) => F,
): () => void {
  const original = Object.getOwnPropertyDescriptor(target, key);
  const replacement = make(target[key]);
  Object.defineProperty(target, key, {
    value: replacement,
    writable: true,
    configurable: true,
    enumerable: true,
  });
  return () => {
    if (target[key] !== replacement) return;
    if (original === undefined) delete target[key];
    else Object.defineProperty(target, key, original);
  };
}
