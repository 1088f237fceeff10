import { walkSync } from "@std/fs";
import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Clock } from "../../../src/aistore/backoff.ts";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { createHandler } from "../../../src/server/mod.ts";
import { toStamp } from "../../../src/local/file_stamp.ts";
import { sendParts } from "../../../src/upload/sending/send_parts.ts";
import { UnfinishedUploads } from "../../../src/upload/sending/unfinished_uploads.ts";
import {
  type Fault,
  type FaultyServer,
  type RequestInfo,
  startFaultyServer,
} from "../../support/faulty_server.ts";
import { LARGE_PARTS, writeLargeFile } from "./large_file.ts";
import { RunDir } from "./support.ts";

/** The large file's key. */
export const KEY = "big.bin";

/** The node's path. */
export const NODE_OF_TEST = "/demo/run";

/** A large file, and our own server behind one that misbehaves. */
export class LargeSend implements AsyncDisposable {
  readonly dir = new RunDir();
  readonly path = `${this.dir.path}/${KEY}`;
  readonly pauses: number[] = [];
  /** The most parts that were received at the same time. */
  most = 0;
  readonly #data = Deno.makeTempDirSync({ prefix: "em_server_" });
  readonly #handler = createHandler({
    dataDir: this.#data,
    unusedGraceMs: 0,
  });
  readonly apiKey = this.#handler.firstStart?.apiKey ?? "";
  server!: FaultyServer;
  client!: AIStoreClient;

  static async open(): Promise<LargeSend> {
    const setup = new LargeSend();
    let now = 0;
    setup.server = await startFaultyServer({
      handler: async (request) => {
        const isPart = request.method === "PUT";
        if (isPart) setup.most = Math.max(setup.most, ++now);
        try {
          return await setup.#handler.handle(request);
        } finally {
          if (isPart) now--;
        }
      },
    });
    const { url: host } = setup.server;
    setup.client = new AIStoreClient({ host, apiKey: setup.apiKey });
    await setup.client.createNode({
      parent: "/demo",
      name: "run",
      labels: [],
      description: "",
      type: "Run",
      extra: "",
    });
    writeLargeFile(setup.path);
    return setup;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.#handler[Symbol.dispose]();
    Deno.removeSync(this.#data, { recursive: true });
    this.dir[Symbol.dispose]();
  }

  /** The parts that were sent since request number `since`, in order of arrival. */
  sent(since = 0): number[] {
    return this.server.requests.slice(since)
      .filter(({ method }) => method === "PUT")
      .map(({ query }) => Number(query.get("partNumber")));
  }

  count(method: string, since = 0): number {
    return this.server.requests.slice(since).filter((request) =>
      request.method === method && request.path.includes("/multipart")
    ).length;
  }

  /** How many files the server has, objects and parts. */
  get files(): number {
    return [...walkSync(join(this.#data, "objects"), { includeDirs: false })]
      .length;
  }

  get remembered(): number {
    return [...walkSync(this.dir.parent, { includeDirs: false })]
      .filter(({ name }) => name === "multipart.json").length;
  }

  async send(signal = new AbortController().signal): Promise<number> {
    return await sendLarge(this.client, this.dir.path, {
      signal,
      pauses: this.pauses,
    });
  }

  async assertArrived(path = `${NODE_OF_TEST}/${KEY}`): Promise<void> {
    const hash = createHash("md5");
    for await (const chunk of await this.client.getObject(path)) {
      hash.update(chunk);
    }
    assertEquals(hash.digest("hex"), md5(this.path));
  }
}

/** Sends the file as a process would that remembers nothing but what lies on disk; how many bytes went out. */
export async function sendLarge(
  client: AIStoreClient,
  dir: string,
  { signal, pauses }: {
    readonly signal: AbortSignal;
    readonly pauses: number[];
  },
): Promise<number> {
  using file = await Deno.open(`${dir}/${KEY}`);
  let sentBytes = 0;
  const clock: Clock = {
    now: () => Date.now(),
    wait(ms) {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  const checksum = await sendParts(client, {
    file,
    stamp: toStamp(await file.stat()),
    nodePath: NODE_OF_TEST,
    key: KEY,
    unfinished: new UnfinishedUploads(dir),
    onSent: (bytes) => sentBytes += bytes,
    signal,
    clock,
  });
  assertEquals(checksum, md5(`${dir}/${KEY}`));
  return sentBytes;
}

/** The MD5 of a file. */
export function md5(path: string): string {
  return createHash("md5").update(Deno.readFileSync(path)).digest("hex");
}

/** Whether a request sends a part, or the one of this number. */
export function isPart(
  ...numbers: number[]
): (request: RequestInfo) => boolean {
  return ({ method, query }) =>
    method === "PUT" && numbers.includes(Number(query.get("partNumber")));
}

/** Whether a request completes an upload in parts. */
export function isComplete({ method, path }: RequestInfo): boolean {
  return method === "POST" && path.includes("/multipart/");
}

/** The answer of a server that has too much to do. */
export const UNAVAILABLE = {
  kind: "answer",
  status: 503,
} as const satisfies Fault;

/** The numbers of all parts. */
export const ALL = Array.from({ length: LARGE_PARTS }, (_, at) => at + 1);

/** The numbers in order. */
export function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}
