import { join } from "@std/path";
import {
  APPEND_CONTENT_TYPE,
  UPLOAD_OFFSET_HEADER,
} from "../../src/aistore/protocol.ts";
import type { Durability } from "../../src/server/mod.ts";
import { startChildServer } from "../server/support/child_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type BenchReport, median, ratio } from "./measure.ts";

const ROUNDS = 3;
const SMALL = 300;
const LARGE_BYTES = 64 * 2 ** 20;

/** What a server does in a second: small objects one after the other and by eight at once, appends, bytes of large ones. */
interface Rates {
  readonly puts: number;
  readonly parallelPuts: number;
  readonly appends: number;
  readonly bytes: number;
}

/** What durability against power loss costs: a server with it and one without, in turn, on the same disk. */
export async function run(): Promise<BenchReport> {
  const full: Rates[] = [];
  const process: Rates[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    full.push(await measure("full"));
    process.push(await measure("process"));
  }
  const line = (what: string, of: keyof Rates, text: (n: number) => string) => {
    const [one, other] = [full, process].map((rates) =>
      median(rates.map((rate) => rate[of]))
    );
    return `${what}: ${text(one ?? NaN)} against ${text(other ?? NaN)}, ${
      ratio(one ?? NaN, other ?? NaN)
    }`;
  };
  const count = (n: number) => n.toFixed(0);
  return {
    name: "durability full against process, in a second",
    lines: [
      line("objects of 1 kB, one after the other", "puts", count),
      line("objects of 1 kB, eight at once", "parallelPuts", count),
      line("appends of 200 bytes", "appends", count),
      line("MB of large objects", "bytes", (n) => (n / 1e6).toFixed(0)),
    ],
  };
}

async function measure(durability: Durability): Promise<Rates> {
  using dir = tempDir();
  await using server = await startChildServer(join(dir.path, "data"), {
    durability,
  });
  const send = async (
    method: string,
    address: string,
    { path, ...init }: RequestInit & { path?: string },
  ) => {
    const query = new URLSearchParams({
      ...path && { path },
      apikey: server.apiKey ?? "",
    });
    const response = await fetch(`${server.url}/apis/v1/${address}?${query}`, {
      method,
      ...init,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
  };
  await send("POST", "nodes", {
    body: JSON.stringify({ parent: "/demo", name: "run", type: "Run" }),
  });
  const put = (key: string, bytes: Uint8Array<ArrayBuffer>) => {
    const body = new FormData();
    body.append("content", new Blob([bytes]), "content");
    return send("POST", "objects", { path: `/demo/run/${key}`, body });
  };
  const small = new Uint8Array(1000);
  for (let i = 0; i < 20; i++) await put(`warm/${i}`, small);
  const puts = await perSecond(SMALL, async () => {
    for (let i = 0; i < SMALL; i++) await put(`one/${i}`, small);
  });
  const parallelPuts = await perSecond(SMALL, async () => {
    let next = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (next < SMALL) await put(`eight/${next++}`, small);
    }));
  });
  await put("log", new Uint8Array());
  const appends = await perSecond(SMALL, async () => {
    for (let i = 0; i < SMALL; i++) {
      await send("PATCH", "objects", {
        path: "/demo/run/log",
        body: new Uint8Array(200),
        headers: {
          "content-type": APPEND_CONTENT_TYPE,
          [UPLOAD_OFFSET_HEADER]: String(i * 200),
        },
      });
    }
  });
  const large = new Uint8Array(LARGE_BYTES);
  await put("warm/large", large);
  const bytes = await perSecond(2 * LARGE_BYTES, async () => {
    for (let i = 0; i < 2; i++) {
      large[0] = i + 1;
      await put(`large/${i}`, large);
    }
  });
  return { puts, parallelPuts, appends, bytes };
}

async function perSecond(
  amount: number,
  work: () => Promise<void>,
): Promise<number> {
  const start = performance.now();
  await work();
  return amount / (performance.now() - start) * 1000;
}
