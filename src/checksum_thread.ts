type NodeWorker = import("node:worker_threads").Worker;

/** A thread that is asked, and answers in order. */
export interface ChecksumThread<Task, Answer> extends AsyncDisposable {
  /**
   * Asks.
   *
   * @param task What.
   * @param transfer Memory that goes to the thread.
   * @returns The answer.
   * @throws {Error} If the thread has ended.
   */
  ask(task: Task, transfer?: ArrayBuffer[]): Promise<Answer>;
}

/**
 * Starts a thread. It keeps the process alive until it is disposed of.
 *
 * @param source The text of its module, which posts null when it is ready, and then one answer for each task. A thread out
 *   of a file would need leave to read that file; text needs none.
 * @returns The thread, or undefined where there can be none.
 */
export async function startChecksumThread<Task, Answer>(
  source: string,
): Promise<ChecksumThread<Task, Answer> | undefined> {
  const threads = await import("node:worker_threads");
  const worker = new threads.Worker(
    new URL(`data:text/javascript,${encodeURIComponent(source)}`),
    // To copy the environment would need leave to read it, and ask for that on a terminal.
    { env: threads.SHARE_ENV },
  );
  const isReady = await new Promise<boolean>((resolve) => {
    worker.once("message", () => resolve(true));
    worker.once("error", () => resolve(false));
    worker.once("exit", () => resolve(false));
  });
  if (isReady) return talkTo(worker);
  await worker.terminate();
  return undefined;
}

function talkTo<Task, Answer>(
  worker: NodeWorker,
): ChecksumThread<Task, Answer> {
  const waiting: PromiseWithResolvers<Answer>[] = [];
  let isOver = false;
  const end = () => {
    isOver = true;
    for (const { reject } of waiting.splice(0)) reject(ended());
  };
  worker.on("message", (answer: Answer) => waiting.shift()?.resolve(answer));
  worker.on("error", end);
  worker.on("exit", end);
  return {
    ask(task, transfer = []) {
      if (isOver) return Promise.reject(ended());
      const asked = Promise.withResolvers<Answer>();
      waiting.push(asked);
      worker.postMessage(task, transfer);
      return asked.promise;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
      end();
    },
  };
}

function ended(): Error {
  return new Error("The thread that computes checksums has ended");
}
