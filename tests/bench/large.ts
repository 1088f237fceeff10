import { join } from "@std/path";
import { startChildServer } from "../server/support/child_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runChild } from "./child.ts";
import { measureDownloads } from "./large_download.ts";
import { type BenchReport, median, ratio, roundsOr } from "./measure.ts";

const MIB = 1024 * 1024;
const ROUNDS = roundsOr(5);
/** `EM_BENCH_BYTES=1073741824` measures the gigabyte that the number to hold is about. */
const BYTES = Number(Deno.env.get("EM_BENCH_BYTES") ?? 256 * MIB);

/** What one upload through the client took. */
interface Spent {
  readonly state: string;
  readonly sentBytes: number;
  readonly ms: number;
  readonly peakBytes: number;
}

/**
 * A large object through the client, in parts, against `curl`, in one request, to the same server. Client, `curl` and server
 * are processes of their own; rounds of both alternate, each to an object of its own, now the one first and now the other.
 */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  await using server = await startChildServer(join(dir.path, "server"));
  const apiKey = server.apiKey ?? "";
  const ours: number[] = [];
  const theirs: number[] = [];
  let clientBytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const local = join(dir.path, `cnn_261123_08254${round}_iz4yni`);
    const path = join(local, "big.bin");
    Deno.mkdirSync(local);
    writeRandom(path);
    const target = { url: server.url, apiKey };
    // Who comes second finds the disk busy with what the first has written.
    if (round % 2 === 1) theirs.push(await curl(path, target));
    const spent = await runChild<Spent>("../upload/support/deliver_child.ts", {
      args: [local, server.url, apiKey],
    });
    if (spent.state !== "complete") throw new Error(`It is ${spent.state}`);
    ours.push(spent.ms);
    clientBytes = Math.max(clientBytes, spent.peakBytes);
    if (round % 2 === 0) theirs.push(await curl(path, target));
    await forget("big.bin", target);
    Deno.removeSync(local, { recursive: true });
  }
  const source = join(dir.path, "down.bin");
  writeRandom(source);
  const down = await measureDownloads(source, {
    url: server.url,
    apiKey,
    dir: dir.path,
    rounds: ROUNDS,
  });
  const [ourDown, theirDown] = [median(down.ours), median(down.theirs)];
  const speed = (ms: number) => `${(BYTES / MIB / ms * 1000).toFixed(0)} MiB/s`;
  const mebibytes = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
  const [us, them] = [median(ours), median(theirs)];
  const memory = [
    ["the client up", clientBytes],
    ["the client down", down.peakBytes],
    ["the server", server.peakMemoryBytes()],
  ] as const;
  const speeds = [["up", us, them], ["down", ourDown, theirDown]] as const;
  return {
    figures: [
      ...speeds.map(([way, ours, theirs]) => ({
        what: `an object of ${mebibytes(BYTES)} ${way} on loopback`,
        measured: `${ratio(theirs, ours)} x the throughput`,
        against: `curl to the same server, ${ROUNDS} rounds`,
        hold: "at least 0.7 x",
        holds: theirs / ours >= 0.7,
      })),
      ...memory.map(([place, bytes]) => ({
        what: `memory of ${place}, with that object`,
        measured: `${mebibytes(bytes)} at most`,
        against: "all that the process has, its program included",
        hold: "under 128 MiB",
        holds: bytes < 128 * MIB,
      })),
    ],
    name:
      `an object of ${
        mebibytes(BYTES)
      } up and down, against curl to the same ` +
      `server, medians of ${ROUNDS} rounds (hold: 0.7 and 128 MiB)`,
    lines: [
      `up: ${ratio(them, us)} x the throughput of curl ` +
      `(${speed(us)} against ${speed(them)})`,
      `rounds: ${
        ours.map((ms, at) => ratio(theirs[at] ?? NaN, ms)).join(", ")
      }`,
      `down: ${ratio(theirDown, ourDown)} x the throughput of curl ` +
      `(${speed(ourDown)} against ${speed(theirDown)})`,
      `rounds: ${
        down.ours.map((ms, at) => ratio(down.theirs[at] ?? NaN, ms)).join(", ")
      }`,
      `at most ${
        memory.map(([place, bytes]) => `${mebibytes(bytes)} in ${place}`)
          .join(", ")
      }`,
    ],
  };
}

/** Deletes an object, which the next round would be compared with because it is of the same length. */
async function forget(
  key: string,
  target: { readonly url: string; readonly apiKey: string },
): Promise<void> {
  const query = new URLSearchParams({
    path: `/demo/default/cnn/${key}`,
    apikey: target.apiKey,
  });
  const url = `${target.url}/apis/v1/objects?${query}`;
  const { ok, status } = await fetch(url, { method: "DELETE" });
  if (!ok) throw new Error(`"${key}" is not deleted: ${status}`);
}

function writeRandom(path: string): void {
  using file = Deno.openSync(path, { write: true, create: true });
  const block = new Uint8Array(MIB);
  for (let at = 0; at < block.length; at += 65_536) {
    crypto.getRandomValues(block.subarray(at, at + 65_536));
  }
  for (let at = 0; at < BYTES; at += block.length) {
    new DataView(block.buffer).setFloat64(0, at);
    file.writeSync(block.subarray(0, Math.min(MIB, BYTES - at)));
  }
  // What is still to be written to the disk would hold up whoever comes first.
  file.syncSync();
}

/** Sends a file in one request; the milliseconds it took. */
async function curl(
  path: string,
  target: { readonly url: string; readonly apiKey: string },
): Promise<number> {
  const query = new URLSearchParams({
    path: "/demo/default/cnn/curl.bin",
    apikey: target.apiKey,
  });
  const start = performance.now();
  const { success, stderr } = await new Deno.Command("curl", {
    args: [
      "--silent",
      "--show-error",
      "--fail",
      "--output",
      "/dev/null",
      "--form",
      `content=@${path}`,
      `${target.url}/apis/v1/objects?${query}`,
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(`curl failed: ${new TextDecoder().decode(stderr)}`);
  }
  return performance.now() - start;
}
