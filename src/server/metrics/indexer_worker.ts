/**
 * The thread that writes the index.
 *
 * @module
 */

import { IndexDatabase } from "./index_database.ts";
import { Indexer } from "./indexer.ts";
import { TaskQueue } from "./task_queue.ts";
import {
  CLOSE,
  CONTROL,
  type TaskResult,
  type WorkerSetup,
  type WorkerTask,
} from "./tasks.ts";

/** How many bytes are read at once. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** How long it is worked before messages are looked for. */
const SLICE_MS = 20;

interface Port {
  onmessage:
    | ((event: MessageEvent<WorkerSetup | WorkerTask | typeof CLOSE>) => void)
    | null;
  postMessage(result: TaskResult): void;
}

const port = self as unknown as Port;
const resources = new DisposableStack();
let control = new Int32Array(new SharedArrayBuffer(8));
let queue: TaskQueue | undefined;

port.onmessage = ({ data }) => {
  if (data === CLOSE) closeAll();
  else if ("task" in data) queue?.push(data);
  else open(data);
};

function goesOn(): boolean {
  return Atomics.load(control, CONTROL.end) === 0;
}

function open(setup: WorkerSetup): void {
  control = setup.control;
  if (!goesOn()) return;
  const database = resources.use(IndexDatabase.open(setup.path));
  queue = resources.use(
    new TaskQueue({
      indexer: new Indexer({ database, pieceBytes: PIECE_BYTES }),
      sliceMs: SLICE_MS,
      onResult: (result) => port.postMessage(result),
      goesOn,
    }),
  );
}

function closeAll(): void {
  resources.dispose();
  Atomics.store(control, CONTROL.closed, 1);
  Atomics.notify(control, CONTROL.closed);
}
