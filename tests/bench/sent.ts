import { join } from "@std/path";
import { CAPABILITIES_HEADER } from "../../src/aistore/protocol.ts";
import { createHandler } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  DOCUMENTS,
  growing,
  simulateRun,
} from "../upload/support/simulated_run.ts";
import { runChild } from "./child.ts";
import { type BenchReport, type Figure, ratio } from "./measure.ts";

const RECORDS_PER_SECOND = 10;
const SIMULATED_MS = 10 * 60_000;
const SERVERS = [
  ["our server", true],
  ["AIStore", false],
] as const;

/** What the child found. */
interface Sent {
  /** The run's node on the server. */
  readonly node: string;
  /** The files' sizes at the end. */
  readonly sizes: Readonly<Record<string, number>>;
}

/**
 * How much is sent for a run that logs 10 records a second, or one: for ten minutes on a clock of its own, and 10 for a minute, or
 * `EM_BENCH_SECONDS`, with real files, threads and sockets. The server counts. What stands for AIStore is our server
 * without the header that says what it can do beyond.
 */
export async function run(): Promise<BenchReport> {
  const seconds = Number(Deno.env.get("EM_BENCH_SECONDS") ?? 60);
  const runs = [RECORDS_PER_SECOND, 1].flatMap((rate) =>
    SERVERS.map(([name, canAppend]) => simulated(name, { canAppend, rate }))
  );
  const lines = runs.map(({ line }) => line);
  for (const [name, canAppend] of SERVERS) {
    if (seconds === 0) break;
    const rows = await measure(seconds, canAppend);
    const sum = (values: readonly number[]) =>
      values.reduce((a, b) => a + b, 0);
    const bytes = sum(rows.map((row) => row.bytes));
    const sent = sum(rows.map((row) => row.sent));
    lines.push(
      `${
        ratio(sent, bytes)
      } x ${name}, ${seconds} s for real, forms included (${sent} bytes for ${bytes})`,
      ...rows.map((row) =>
        `  ${
          ratio(row.sent, row.bytes)
        } x ${row.file} (${row.sent} bytes for ${row.bytes})`
      ),
    );
  }
  return {
    name:
      `bytes sent against the files of a run with ${RECORDS_PER_SECOND} records a second ` +
      "(hold over ten minutes: 1.1 for our server, 2.0 for AIStore)",
    lines,
    figures: runs.map(({ figure }) => figure),
  };
}

function simulated(
  name: string,
  { canAppend, rate }: {
    readonly canAppend: boolean;
    /** Records a second. */
    readonly rate: number;
  },
): { readonly line: string; readonly figure: Figure } {
  const files = [...DOCUMENTS, growing("metrics", rate)];
  const cost = simulateRun(files, { endMs: SIMULATED_MS, canAppend });
  const later = [...cost.ratios].filter(([ms]) => ms >= SIMULATED_MS / 2);
  const most = Math.max(...later.map(([, one]) => one));
  const hold = canAppend ? 1.1 : 2;
  const found = cost.sentBytes / cost.finalBytes;
  const figure = {
    what: `bytes sent to ${name} in 10 minutes with ${rate} records a second`,
    measured: `${found.toFixed(2)} x`,
    against: "the final bytes, on a virtual clock",
    hold: `at most ${hold.toFixed(1)} x`,
    holds: found <= hold,
  };
  const line =
    `${
      ratio(cost.sentBytes, cost.finalBytes)
    } x ${name}, 10 minutes with ${rate} a second on a virtual clock (${cost.sentBytes} bytes for ${cost.finalBytes}; ` +
    `had it ended at any other moment of the second half: at most ${
      most.toFixed(2)
    })`;
  return { line, figure };
}

interface Row {
  readonly file: string;
  readonly bytes: number;
  readonly sent: number;
}

async function measure(seconds: number, canAppend: boolean): Promise<Row[]> {
  using dir = tempDir();
  using server = createHandler({ dataDir: join(dir.path, "server") });
  const received = new Map<string, number>();
  const count = (path: string, bytes: number) =>
    received.set(path, (received.get(path) ?? 0) + bytes);
  await using listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const response = await server.handle(counted(request, count));
      if (!canAppend) response.headers.delete(CAPABILITIES_HEADER);
      return response;
    },
  );
  const { node, sizes } = await runChild<Sent>("sent_child.ts", {
    args: [`${seconds}`, `${RECORDS_PER_SECOND}`],
    env: {
      EM_RUN_PARENT_DIR: join(dir.path, "runs"),
      EM_BENCH_HOST:
        `http://127.0.0.1:${listener.addr.port}/t9k/aistore/server`,
      EM_BENCH_KEY: server.firstStart?.apiKey ?? "",
    },
  });
  return Object.entries(sizes).map(([file, bytes]) => ({
    file,
    bytes,
    sent: received.get(`${node}/${file}`) ?? 0,
  }));
}

/** A request whose body is counted as it is read, under the object's path. */
function counted(
  request: Request,
  count: (path: string, bytes: number) => void,
): Request {
  const path = new URL(request.url).searchParams.get("path");
  if (path === null || request.body === null) return request;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      count(path, chunk.length);
      controller.enqueue(chunk);
    },
  });
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body.pipeThrough(counter),
  });
}
