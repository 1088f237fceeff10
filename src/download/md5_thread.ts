import type { createHash, Hash } from "node:crypto";
import { startChecksumThread } from "../checksum_thread.ts";

/** A thread that computes MD5 sums while this one moves bytes. */
export interface Md5Thread extends AsyncDisposable {
  /**
   * Adds bytes to a sum.
   *
   * @param id Which sum.
   * @param buffer Holds them; it goes to the thread.
   * @param count How many there are, from its start.
   * @returns The buffer, once it can be used again.
   */
  add(id: number, buffer: ArrayBuffer, count: number): Promise<ArrayBuffer>;
  /**
   * Ends a sum.
   *
   * @param id Which sum.
   * @returns Lower-case hex.
   */
  digest(id: number): Promise<string>;
}

/** What the thread is told: bytes of a sum, or, without a buffer, that the sum ends. */
interface Task {
  readonly id: number;
  readonly buffer?: ArrayBuffer;
  readonly count?: number;
}

/** What the thread answers, in the order of the tasks. */
type Answer = ArrayBuffer | string;

interface Port {
  on(event: "message", listener: (task: Task) => void): void;
  postMessage(answer: Answer | null, transfer?: ArrayBuffer[]): void;
}

/** What the thread does. Its text is what it is started with, so it knows nothing but its arguments. */
function work(port: Port, create: typeof createHash): void {
  const sums = new Map<number, Hash>();
  port.on("message", ({ id, buffer, count }) => {
    const sum = sums.get(id) ?? create("md5");
    if (buffer === undefined) {
      sums.delete(id);
      port.postMessage(sum.digest("hex"));
    } else {
      sums.set(id, sum);
      sum.update(new Uint8Array(buffer, 0, count));
      port.postMessage(buffer, [buffer]);
    }
  });
  port.postMessage(null);
}

const SOURCE = `import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
(${work})(parentPort, createHash);`;

/**
 * Starts a thread. It keeps the process alive until it is disposed of.
 *
 * @returns The thread, or undefined where there can be none.
 */
export async function startMd5Thread(): Promise<Md5Thread | undefined> {
  const thread = await startChecksumThread<Task, Answer>(SOURCE);
  if (thread === undefined) return undefined;
  return {
    add: async (id, buffer, count) =>
      await thread.ask({ id, buffer, count }, [buffer]) as ArrayBuffer,
    digest: async (id) => await thread.ask({ id }) as string,
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
