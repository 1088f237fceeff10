import type { Reporter } from "../../reporter.ts";
import { threadModule, unreadableForThread } from "../../thread_module.ts";
import { killGroup, STARTING } from "../gpus.ts";
import {
  cannotRecord,
  type FromSystemThread,
  Recording,
  type RecordingJob,
} from "./recording.ts";

/** System metrics that are being recorded. */
export interface SystemMonitor {
  /** Has the last record written; nothing is written afterwards. */
  stop(): Promise<void>;
  /** Ends what it has started, because the process ends, and takes nothing else along if that does not. */
  interrupt(): void;
  /** Lets go at once, without waiting. */
  close(): void;
}

/** The thread's module. */
const SYSTEM_WORKER = new URL("./system_worker.ts", import.meta.url);

/** How long the thread may take to begin, and to end, in milliseconds. */
const PATIENCE_MS = 5_000;

/** How long the start of a program may hold up the end of the process, in milliseconds. */
const START_MS = 500;

/**
 * Begins to record system metrics, in a thread of its own, or in this one where there can be none.
 *
 * @param job What to record.
 * @param reporter Told of what cannot be recorded, once.
 * @returns The recording, whose file has its first record; undefined if it cannot begin, which is told then.
 */
export async function startMonitor(
  job: Omit<RecordingJob, "asked">,
  reporter: Reporter,
): Promise<SystemMonitor | undefined> {
  const onTrouble = (what: string) =>
    reporter.warn(`system metrics ${what} ${job.dir}`, what);
  const full = { ...job, asked: new SharedArrayBuffer(4) };
  const path = unreadableForThread(SYSTEM_WORKER);
  if (path === undefined) return await startThread(full, onTrouble);
  reporter.warn(
    "system metrics permission",
    `System metrics are taken when this script waits, and without the GPUs; --allow-read=${path} gives them a thread of their own`,
  );
  return startHere(full, onTrouble);
}

/** To wait for a program would keep this thread's process alive. */
function startHere(
  job: RecordingJob,
  onTrouble: (what: string) => void,
): SystemMonitor | undefined {
  try {
    const sources = { ...job.sources, gpus: false };
    const recording = new Recording({ ...job, sources }, onTrouble);
    recording.begin();
    return {
      stop: () => recording.end(),
      interrupt() {},
      close: () => void recording.end(),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    onTrouble(cannotRecord(error.message));
    return undefined;
  }
}

async function startThread(
  job: RecordingJob,
  onTrouble: (what: string) => void,
): Promise<SystemMonitor | undefined> {
  const threads = await import("node:worker_threads");
  const worker = new threads.Worker(threadModule(SYSTEM_WORKER), {
    workerData: job,
    env: threads.SHARE_ENV,
  });
  worker.unref();
  const begun = Promise.withResolvers<boolean>();
  const ended = Promise.withResolvers<boolean>();
  let isOver = false;
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    begun.resolve(false);
    ended.resolve(true);
  };
  worker.on("message", (message: FromSystemThread) => {
    if (message.kind === "trouble") onTrouble(message.what);
    else if (message.kind === "begun") begun.resolve(true);
    else end();
  });
  worker.on("error", () => {});
  worker.on("exit", () => {
    end();
    if (!isOver) onTrouble(cannotRecord("their thread has ended"));
  });
  const interrupt = () => {
    const asked = new Int32Array(job.asked);
    Atomics.wait(asked, 0, STARTING, START_MS);
    const pid = Atomics.exchange(asked, 0, 0);
    if (pid > 0) killGroup(pid);
  };
  const close = async () => {
    isOver = true;
    interrupt();
    await worker.terminate();
  };
  if (await within(begun.promise)) {
    return {
      interrupt,
      close: () => void close(),
      async stop() {
        isOver = true;
        worker.postMessage("end");
        await within(ended.promise);
        await close();
      },
    };
  }
  if (!hasEnded) onTrouble(cannotRecord("their thread does not begin"));
  await close();
  return undefined;
}

/** Waits, with a timer that keeps the process alive, which a thread does not. */
async function within(answer: Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), PATIENCE_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
