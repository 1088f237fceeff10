/**
 * The thread that takes the system metrics of a run, however busy the others are.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import {
  cannotRecord,
  type FromSystemThread,
  Recording,
  type RecordingJob,
} from "./recording.ts";

const port = parentPort;
if (port === null) throw new Error("This module is for a thread");
const tell = (message: FromSystemThread) => port.postMessage(message);

try {
  const recording = new Recording(
    workerData as RecordingJob,
    (what) => tell({ kind: "trouble", what }),
  );
  recording.begin();
  tell({ kind: "begun" });
  // The one thing that it is ever told is to end.
  port.once("message", async () => {
    await recording.end();
    tell({ kind: "ended" });
  });
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  tell({ kind: "trouble", what: cannotRecord(why) });
  tell({ kind: "ended" });
}
