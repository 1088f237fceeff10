import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { runChild } from "./child.ts";

/** What to download, and how often. */
export interface DownloadOptions {
  /** The server's address. */
  readonly url: string;
  /** A key for it. */
  readonly apiKey: string;
  /** A directory for what comes. */
  readonly dir: string;
  /** How often. */
  readonly rounds: number;
}

/** What downloads took. */
export interface Downloads {
  /** Milliseconds through the client, round by round. */
  readonly ours: readonly number[];
  /** Milliseconds through `curl`. */
  readonly theirs: readonly number[];
  /** The most memory that the client had. */
  readonly peakBytes: number;
}

/** What one download through the client took. */
interface Spent {
  readonly ms: number;
  readonly peakBytes: number;
}

const NODE = "/demo/default/down";
const OBJECT = "big.bin";

/** Puts a file on a server, and fetches it through the client and through `curl` in turn, into a new file each time. */
export async function measureDownloads(
  path: string,
  { url, apiKey, dir, rounds }: DownloadOptions,
): Promise<Downloads> {
  await prepareNode(new AIStoreClient({ host: url, apiKey }));
  const query = new URLSearchParams({
    path: `${NODE}/${OBJECT}`,
    apikey: apiKey,
  });
  const address = `${url}/apis/v1/objects?${query}`;
  await curl(["--form", `content=@${path}`, "--output", "/dev/null", address]);
  const ours: number[] = [];
  const theirs: number[] = [];
  let peakBytes = 0;
  for (let round = 0; round < rounds; round++) {
    const file = join(dir, "theirs.bin");
    const fetchTheirs = async () => {
      theirs.push(await curl(["--output", file, address]));
      Deno.removeSync(file);
    };
    // Who comes second finds the disk busy with what the first has written.
    if (round % 2 === 1) await fetchTheirs();
    const into = join(dir, "ours");
    const spent = await runChild<Spent>(
      "../download/support/download_child.ts",
      { args: [url, apiKey, NODE, into] },
    );
    ours.push(spent.ms);
    peakBytes = Math.max(peakBytes, spent.peakBytes);
    Deno.removeSync(into, { recursive: true });
    if (round % 2 === 0) await fetchTheirs();
  }
  return { ours, theirs, peakBytes };
}

async function prepareNode(client: AIStoreClient): Promise<void> {
  const common = { labels: [], description: "" };
  await client.createNode({
    ...common,
    parent: "/demo",
    name: "default",
    type: "Folder",
    extra: "{}",
  });
  await client.createNode({
    ...common,
    parent: "/demo/default",
    name: "down",
    type: "Artifact",
    extra: JSON.stringify({ alternativeName: "down_261123_082540_iz4yni" }),
  });
  const metadata = new TextEncoder().encode("kind: Artifact\n");
  await client.putObject(`${NODE}/metadata.yaml`, metadata);
}

/** Runs `curl`; the milliseconds it took. */
async function curl(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { success, stderr } = await new Deno.Command("curl", {
    args: ["--silent", "--show-error", "--fail", ...args],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(`curl failed: ${new TextDecoder().decode(stderr)}`);
  }
  return performance.now() - start;
}
