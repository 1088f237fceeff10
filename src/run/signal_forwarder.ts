/** The signals that people and schedulers send to end a program. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Brings signals to a child process. */
export class SignalForwarder implements Disposable {
  readonly #child: Deno.ChildProcess;
  readonly #isGroup: boolean;
  readonly #handlers = new Map<Deno.Signal, () => void>();
  #killTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param child The child.
   * @param isGroup Whether it leads a process group, all of which is meant.
   */
  constructor(child: Deno.ChildProcess, isGroup: boolean) {
    this.#child = child;
    this.#isGroup = isGroup;
  }

  /** From now on the signals that would end this process go to the child instead. */
  listen(): void {
    for (const signal of SIGNALS) {
      const handler = () => this.#send(signal);
      this.#handlers.set(signal, handler);
      Deno.addSignalListener(signal, handler);
    }
  }

  /**
   * Ends the child.
   *
   * @param graceMs How long it may take over it before it is killed, in milliseconds.
   */
  end(graceMs: number): void {
    this.#send("SIGTERM");
    this.#killTimer ??= setTimeout(() => this.#send("SIGKILL"), graceMs);
  }

  /** The child has ended. */
  [Symbol.dispose](): void {
    clearTimeout(this.#killTimer);
    for (const [signal, handler] of this.#handlers) {
      Deno.removeSignalListener(signal, handler);
    }
    this.#handlers.clear();
  }

  #send(signal: Deno.Signal): void {
    try {
      if (this.#isGroup) Deno.kill(-this.#child.pid, signal);
      else this.#child.kill(signal);
    } catch (error) {
      // It ends by itself in this moment.
      const isGone = error instanceof Deno.errors.NotFound ||
        error instanceof TypeError;
      if (!isGone) throw error;
    }
  }
}
