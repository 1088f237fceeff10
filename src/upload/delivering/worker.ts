/**
 * The thread on which the directories of a process are followed.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { toErrorData, toReportData } from "./error_data.ts";
import { Uploader } from "./uploader.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { reportProgress } from "./report_progress.ts";
import type { FollowerJob } from "../types.ts";

const uploaders = new Map<number, Uploader>();
const waits = new Map<number, AbortController>();

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function start(id: number, job: FollowerJob): void {
  const uploader = new Uploader(job, {
    reporter: {
      info: (message, ends) => tell({ kind: "info", id, message, ends }),
      warn: (topic, message) => tell({ kind: "warn", id, topic, message }),
    },
    onPlaced: (node) => tell({ kind: "placed", id, node }),
    onSkipped: (path) => tell({ kind: "skipped", id, path }),
    onRefused: (error) =>
      tell({ kind: "refused", id, error: toErrorData(error) }),
  });
  uploaders.set(id, uploader);
  uploader.run();
}

async function wait(
  message: Extract<ToWorker, { kind: "wait" }>,
): Promise<void> {
  const { id, request, final, timeoutMs } = message;
  const uploader = uploaders.get(id);
  if (uploader === undefined) return;
  const controller = new AbortController();
  waits.set(request, controller);
  const options = { timeoutMs, signal: controller.signal };
  using _progress = reportProgress(
    uploader,
    message.progress
      ? (progress) => tell({ kind: "progress", id, request, progress })
      : undefined,
  );
  const report =
    await (final ? uploader.finish(options) : uploader.flush(options));
  waits.delete(request);
  if (final) uploaders.delete(id);
  tell({ kind: "report", id, request, report: toReportData(report) });
}

async function lastCall(
  message: Extract<ToWorker, { kind: "last-call" }>,
): Promise<void> {
  const flag = new Int32Array(message.flag);
  const report = await uploaders.get(message.id)?.finish({
    timeoutMs: message.timeoutMs,
  });
  Atomics.store(flag, 0, report?.state === "complete" ? 1 : 2);
  Atomics.notify(flag, 0);
}

// What goes wrong in one delivery must not end the others, nor the process.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  for (const id of uploaders.keys()) {
    tell({
      kind: "warn",
      id,
      topic: "worker error",
      message: `Uploading met an error: ${event.reason}`,
    });
  }
});

parentPort?.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "start":
      return start(message.id, message.job);
    case "wait":
      return void wait(message);
    case "give-up":
      return waits.get(message.request)?.abort();
    case "last-call":
      return void lastCall(message);
    case "close":
      uploaders.get(message.id)?.close();
      uploaders.delete(message.id);
  }
});
