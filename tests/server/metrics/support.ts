import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  APPEND_CONTENT_TYPE,
  UPLOAD_OFFSET_HEADER,
} from "../../../src/aistore/protocol.ts";
import { createRecordEncoder } from "../../../src/format/record_encoder.ts";
import { startServer } from "../../../src/server/mod.ts";
import { form } from "../support/fixture.ts";

/** A server over a socket, as the user demo, or another, sees it. */
export interface EmServer extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string;
  call(what: string, call?: EmCall): Promise<Response>;
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  json(what: string, call?: EmCall): Promise<any>;
  /** Makes a node and answers with its id. */
  make(
    path: string,
    type?: string,
    labels?: readonly string[],
  ): Promise<string>;
  put(path: string, content: string | Uint8Array<ArrayBuffer>): Promise<void>;
  append(
    path: string,
    offset: number,
    content: string | Uint8Array<ArrayBuffer>,
  ): Promise<void>;
  /** Asks again until the answer is as wanted. */
  until<T>(ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T>;
}

export interface EmCall {
  readonly query?: Readonly<Record<string, string>> | [string, string][];
  readonly json?: unknown;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  readonly apiKey?: string;
}

export async function emServer(
  dir: string,
  known?: { readonly apiKey: string },
): Promise<EmServer> {
  const server = await startServer({ dataDir: join(dir, "data"), port: 0 });
  const apiKey = known?.apiKey ?? server.firstStart?.apiKey ?? "";
  return clientOf(server.localUrl, apiKey, () => server.shutdown());
}

export function clientOf(
  url: string,
  apiKey: string,
  close: () => Promise<void>,
): EmServer {
  return {
    url,
    apiKey,
    call(what, call = {}) {
      const [method = "GET", path = "/"] = what.split(" ");
      const query = new URLSearchParams(call.query);
      query.set("apikey", call.apiKey ?? apiKey);
      return fetch(`${url}${path}?${query}`, {
        method,
        headers: { ...call.headers },
        body: call.json === undefined
          ? call.body ?? null
          : JSON.stringify(call.json),
      });
    },
    async json(what, call) {
      const response = await this.call(what, call);
      const text = await response.text();
      assertEquals(response.ok, true, `${what}: ${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    async make(path, type = "Run", labels = []) {
      const cut = path.lastIndexOf("/");
      const { id } = await this.json("POST /apis/v1/nodes", {
        json: {
          parent: path.slice(0, cut),
          name: path.slice(cut + 1),
          type,
          labels,
        },
      });
      return id;
    },
    async put(path, content) {
      await this.json("POST /apis/v1/objects", {
        query: { path },
        body: form(content),
      });
    },
    async append(path, offset, content) {
      await this.json("PATCH /apis/v1/objects", {
        query: { path },
        body: content,
        headers: {
          "content-type": APPEND_CONTENT_TYPE,
          [UPLOAD_OFFSET_HEADER]: String(offset),
        },
      });
    },
    async until(ask, isDone) {
      const end = Date.now() + 20_000;
      while (true) {
        const answer = await ask();
        if (isDone(answer)) return answer;
        if (Date.now() > end) {
          throw new Error(
            `Waited in vain; the last answer: ${JSON.stringify(answer)}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

/** A metrics file as text. */
export function metricsText(
  records: readonly {
    readonly values: Readonly<Record<string, number>>;
    readonly step: number;
    readonly epoch?: number;
  }[],
  startMs: number = Date.UTC(2026, 10, 23, 8),
): string {
  const decoder = new TextDecoder();
  let at = startMs;
  const encode = createRecordEncoder(() => at);
  return records.map(({ values, step, epoch }) => {
    at += 1000;
    return decoder.decode(encode(values, step, epoch ?? null));
  }).join("");
}

export function metadataText(
  name: string,
  status: string,
  more: { readonly started?: string; readonly ended?: string } = {},
): string {
  const started = more.started ?? "2026-11-23T08:00:00.000001+00:00";
  const ended = more.ended === undefined ? "null" : `'${more.ended}'`;
  return `kind: Run
name: ${name}
labels: []
description: ''
startTimestamp: '${started}'
endTimestamp: ${ended}
status: ${status}
alternativeName: ${name}_261123_082118_6fauz3
associations:
  input: []
  output: []
remote: []
`;
}
