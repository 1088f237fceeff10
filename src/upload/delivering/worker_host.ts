import type { Reporter } from "../../reporter.ts";
import { threadModule, unreadableForThread } from "../../thread_module.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** A delivery on the main thread, as the worker's messages find it. */
export interface WorkerClient {
  /** Takes a message. */
  receive(message: FromWorker): void;
  /** Is told that the worker has died. */
  lost(): void;
}

type NodeWorker = import("node:worker_threads").Worker;

/** The one worker of this process, which serves all its deliveries. */
export class WorkerHost {
  readonly #worker: NodeWorker;
  readonly #clients = new Map<number, WorkerClient>();
  #dead = false;

  /** @param worker The thread. */
  constructor(worker: NodeWorker) {
    this.#worker = worker;
    worker.unref();
    worker.on(
      "message",
      (message: FromWorker) => this.#clients.get(message.id)?.receive(message),
    );
    worker.on("error", () => this.#lost());
    worker.on("exit", () => this.#lost());
  }

  /**
   * Brings a delivery to the worker.
   *
   * @param client The delivery.
   * @returns The number by which messages name it.
   */
  join(client: WorkerClient): number {
    const id = nextId++;
    this.#clients.set(id, client);
    return id;
  }

  /**
   * Ends a delivery; the worker ends with the last one.
   *
   * @param id The delivery.
   */
  async leave(id: number): Promise<void> {
    this.#clients.delete(id);
    if (this.#clients.size > 0 || this.#dead) return;
    this.#dead = true;
    if (current === this) current = undefined;
    await this.#worker.terminate();
  }

  /**
   * Tells the worker something.
   *
   * @param message What.
   */
  post(message: ToWorker): void {
    if (!this.#dead) this.#worker.postMessage(message);
  }

  /** Whether the worker can take messages. */
  get isAlive(): boolean {
    return !this.#dead;
  }

  #lost(): void {
    if (this.#dead) return;
    this.#dead = true;
    if (current === this) current = undefined;
    for (const client of [...this.#clients.values()]) client.lost();
    this.#clients.clear();
  }
}

let nextId = 1;
let current: WorkerHost | undefined;

/**
 * Makes ready to start the worker.
 *
 * @param reporter Is told why there can be none.
 * @returns Gives the worker of this process and starts it where there is none; undefined where it cannot start.
 */
export async function prepareWorker(
  reporter: Reporter,
): Promise<(() => WorkerHost) | undefined> {
  const url = new URL("./worker.ts", import.meta.url);
  const path = unreadableForThread(url);
  if (path !== undefined) {
    reporter.warn(
      "worker permission",
      `Uploading shares the thread of this script; --allow-read=${path} gives it one of its own`,
    );
    return undefined;
  }
  const threads = await import("node:worker_threads");
  // To copy the environment would need leave to read it, and ask for that on a terminal.
  const start = () =>
    new threads.Worker(threadModule(url), { env: threads.SHARE_ENV });
  return () => current ??= new WorkerHost(start());
}
