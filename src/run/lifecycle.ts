/**
 * Notices that the process ends while runs are active, in every way that a program can notice, without changing how it
 * ends: same exit code, same message, same signal.
 *
 * Not noticed: `SIGKILL`, running out of memory, and a top-level await that never settles.
 *
 * @module
 */

import { kernel } from "../display/kernel.ts";
import { stderrReporter } from "../reporter.ts";

/** A run as this module sees it. All methods are synchronous and must not throw. */
export interface Mortal {
  /** The process is ending, or seems to be. */
  ending(): void;
  /** It did not end after all: somebody handled the error. */
  survived(): void;
  /** The process has nothing left to do and ends next; the answer is awaited first, if there is one. Asked once. */
  idle(): Promise<unknown> | undefined;
  /**
   * The process ends now; the last chance to wait, without the event loop.
   *
   * @param timeoutMs The longest time to take, in milliseconds.
   */
  last(timeoutMs: number): void;
}

/** The signals whose default action ends a process and that people and schedulers send. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** How long the end of a process may be held up for all runs together. */
const LAST_WAIT_MS = 2_000;

/**
 * A kernel that is shut down gets SIGINT first, and ends before this, in milliseconds, without another word; one that is
 * still there was only interrupted.
 */
const INTERRUPTED_MS = 1_000;

/** Who interrupts a kernel twice within so many milliseconds wants it to end. */
const TWICE_MS = 5_000;

/** How often the guard lets go for a moment; see {@linkcode breathe}. */
const BREATH_MS = 2_000;

const mortals = new Set<Mortal>();
let armed = false;
let loaded = false;

addEventListener("load", () => loaded = true, { once: true });

/**
 * Watches over a run.
 *
 * @param mortal The run.
 * @returns Ends the watch.
 */
export function watchOver(mortal: Mortal): () => void {
  mortals.add(mortal);
  if (!armed) arm();
  return () => {
    mortals.delete(mortal);
    if (mortals.size === 0 && armed) disarm();
  };
}

function arm(): void {
  armed = true;
  addEventListener("unload", onUnload);
  addEventListener("beforeunload", onBeforeUnload);
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onError);
  listenToSignals();
  breathe();
}

function disarm(): void {
  armed = false;
  removeEventListener("unload", onUnload);
  removeEventListener("beforeunload", onBeforeUnload);
  removeEventListener("error", onError);
  removeEventListener("unhandledrejection", onError);
  ignoreSignals();
  clearTimeout(breath);
}

function onUnload(): void {
  end();
}

function end(): void {
  for (const mortal of mortals) mortal.ending();
  const endMs = Date.now() + LAST_WAIT_MS;
  for (const mortal of mortals) mortal.last(Math.max(0, endMs - Date.now()));
}

/** Who has been asked to come to rest; once is enough, and asking again and again would keep the process alive. */
const asked = new WeakSet<Mortal>();

function onBeforeUnload(event: { preventDefault(): void }): void {
  for (const mortal of mortals) mortal.ending();
  for (const mortal of mortals) {
    if (asked.has(mortal)) continue;
    asked.add(mortal);
    // What is awaited keeps the event loop alive; with nothing to keep it alive, this event would come without end.
    if (mortal.idle() !== undefined) event.preventDefault();
  }
}

/**
 * An uncaught error ends the process at once, without "unload", unless somebody handles it. Who still runs a timer that a
 * timer has set afterwards has survived: behind `reportError` one that is due is run before the end. A kernel goes on.
 */
function onError(event: { readonly defaultPrevented: boolean }): void {
  if (kernel() !== undefined) return;
  const handled = event.defaultPrevented || nodeListens("uncaughtException") ||
    nodeListens("unhandledRejection");
  if (handled) return;
  soon(() =>
    soon(() => {
      for (const mortal of mortals) mortal.survived();
    })
  );
  end();
}

/** Runs something a moment later, if there is one. */
function soon(what: () => void): void {
  Deno.unrefTimer(setTimeout(what, 0));
}

// Signals. Listening to a signal switches off its default action, so the default is put back and the signal sent once
// more. If the program listens too, it decides, and this module keeps out of it.

const handlers = new Map(
  SIGNALS.map((signal) => [signal, () => onSignal(signal)]),
);
const othersListening = new Map<Deno.Signal, Set<() => void>>();
const { addSignalListener, removeSignalListener } = Deno;

// Wrapping the two functions is the only way to know whether the program listens to a signal itself. If a future Deno
// does not let them be replaced, a program's own listener is called twice for a signal, and nothing else changes.
Reflect.set(
  Deno,
  "addSignalListener",
  (signal: Deno.Signal, handler: () => void): void => {
    addSignalListener(signal, handler);
    const known = othersListening.get(signal) ?? new Set();
    othersListening.set(signal, known.add(handler));
  },
);
Reflect.set(
  Deno,
  "removeSignalListener",
  (signal: Deno.Signal, handler: () => void): void => {
    removeSignalListener(signal, handler);
    othersListening.get(signal)?.delete(handler);
  },
);

function listenToSignals(): void {
  for (const [signal, handler] of handlers) addSignalListener(signal, handler);
}

function ignoreSignals(): void {
  for (const [signal, handler] of handlers) {
    removeSignalListener(signal, handler);
  }
}

function onSignal(signal: Deno.Signal): void {
  if ((othersListening.get(signal)?.size ?? 0) > 0 || nodeListens(signal)) {
    return;
  }
  if (signal === "SIGINT" && kernel() !== undefined && interrupted()) return;
  end();
  ignoreSignals();
  Deno.kill(Deno.pid, signal);
}

let interruptedMs = -Infinity;

/**
 * Keeps a kernel, and with it all that its cells have made, from being killed by the button that is meant to stop a cell:
 * without a listener that is what Deno does. False the second time, which ends the kernel as without this module.
 */
function interrupted(): boolean {
  const nowMs = performance.now();
  if (nowMs - interruptedMs < TWICE_MS) return false;
  interruptedMs = nowMs;
  for (const mortal of mortals) mortal.ending();
  setTimeout(() => {
    for (const mortal of mortals) mortal.survived();
    stderrReporter.info(
      "Interrupted: Deno cannot stop a cell, so it goes on, and so do the runs; interrupt once more within " +
        `${(TWICE_MS - INTERRUPTED_MS) / 1000} seconds to end the kernel`,
    );
  }, INTERRUPTED_MS);
  return true;
}

function nodeListens(signal: string): boolean {
  const { process } = globalThis as {
    process?: { listenerCount?(name: string): number };
  };
  return (process?.listenerCount?.(signal) ?? 0) > 0;
}

let breath: ReturnType<typeof setTimeout> | undefined;

/**
 * Deno ends a program whose top-level await can never settle, with exit code 1, but not while anybody listens to a
 * signal: it would hang for ever. So the listeners are let go for about two milliseconds every other second, as long as
 * the main module is still being evaluated. What takes them up again is a wait that Deno does not count as work.
 */
function breathe(): void {
  if (loaded || kernel() !== undefined) return;
  breath = setTimeout(() => {
    if (loaded) return;
    ignoreSignals();
    const wait = Atomics.waitAsync(
      new Int32Array(new SharedArrayBuffer(4)),
      0,
      0,
      1,
    );
    Promise.resolve(wait.value).then(() => {
      if (!armed) return;
      listenToSignals();
      breathe();
    });
  }, BREATH_MS);
  Deno.unrefTimer(breath);
}
