import { join } from "@std/path";
import { createHandler } from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runChild } from "./child.ts";
import { type BenchReport, ratio } from "./measure.ts";

/** What the child found. */
interface Sent {
  /** The run's node on the server. */
  readonly node: string;
  /** The files' sizes at the end. */
  readonly sizes: Readonly<Record<string, number>>;
}

/**
 * How much is sent for a run that logs 100 records a second for ten minutes, or for `EM_BENCH_SECONDS`. The server counts.
 */
export async function run(): Promise<BenchReport> {
  const seconds = Number(Deno.env.get("EM_BENCH_SECONDS") ?? 600);
  using dir = tempDir();
  using server = createHandler({ dataDir: join(dir.path, "server") });
  const received = new Map<string, number>();
  const count = (path: string, bytes: number) =>
    received.set(path, (received.get(path) ?? 0) + bytes);
  await using listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => server.handle(counted(request, count)),
  );
  const { node, sizes } = await runChild<Sent>("sent_child.ts", {
    args: [`${seconds}`],
    env: {
      EM_RUN_PARENT_DIR: join(dir.path, "runs"),
      EM_BENCH_HOST:
        `http://127.0.0.1:${listener.addr.port}/t9k/aistore/server`,
      EM_BENCH_KEY: server.firstStart?.apiKey ?? "",
    },
  });
  const rows = Object.entries(sizes).map(([file, bytes]) => ({
    file,
    bytes,
    sent: received.get(`${node}/${file}`) ?? 0,
  }));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const bytes = sum(rows.map((row) => row.bytes));
  const sent = sum(rows.map((row) => row.sent));
  return {
    name:
      `bytes received by the server, HTTP forms included, against the files of a run of ${seconds} s ` +
      "with 100 records a second (hold: 2.0 over ten minutes)",
    lines: [
      `${ratio(sent, bytes)} x in all (${sent} bytes for ${bytes})`,
      ...rows.map((row) =>
        `${
          ratio(row.sent, row.bytes)
        } x ${row.file} (${row.sent} bytes for ${row.bytes})`
      ),
    ],
  };
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
