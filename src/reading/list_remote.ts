import { pooledMap } from "@std/async";
import { alternativeNameOf } from "../aistore/alternative_name.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { DamagedFileError } from "../errors.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { QUIET_MS } from "../local/owner.ts";
import type { EmClient, WireRow } from "./em_client.ts";
import { lifeOf, type NodeEntry } from "./node_entry.ts";
import type { RemoteNode } from "./open_node.ts";
import { readQuickMetadata } from "./quick_metadata.ts";
import { RemoteSource } from "./remote_source.ts";

/** How many runs are asked for at once. */
const AT_ONCE = 8;

/** How {@linkcode listRemote} lists. */
export interface ListRemoteOptions {
  /** Told how many entries are known, and of how many. Default: nobody is. */
  readonly onProgress?: (known: number, all: number) => void;
}

/**
 * Lists what is in a folder of a server. A run or an artifact stands for itself.
 *
 * @param found The folder.
 * @param options Who is told.
 * @returns The entries, in no order.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function listRemote(
  { client, node }: RemoteNode,
  { onProgress }: ListRemoteOptions = {},
): Promise<NodeEntry[]> {
  if (node.type === "Run" || node.type === "Artifact") {
    return [await askEntry(client, node)];
  }
  const rows = await rowsIn(
    client,
    node.path,
    (count) => onProgress?.(0, count),
  );
  let known = 0;
  return await Array.fromAsync(
    pooledMap(AT_ONCE, rows, async (row) => {
      const entry = row.run?.status
        ? rowEntry(row)
        : await askEntry(client, row.node);
      onProgress?.(++known, rows.length);
      return entry;
    }),
  );
}

/** What is in a folder; of a run only what its server has read already. */
async function rowsIn(
  client: EmClient,
  folder: string,
  onCount: (count: number) => void,
): Promise<WireRow[]> {
  const rows = await client.rows(folder, onCount);
  if (rows !== undefined) return rows;
  const found: WireRow[] = [];
  for await (const child of client.listNodes(folder)) {
    const path = `${folder}/${child.name}`;
    found.push({ node: { ...child, path }, run: null });
    onCount(found.length);
  }
  return found;
}

async function askEntry(
  client: EmClient,
  node: AIStoreNode,
): Promise<NodeEntry> {
  if (node.type !== "Run" && node.type !== "Artifact") return bareEntry(node);
  const source = new RemoteSource(client, node);
  const text = await source.read(METADATA_FILE);
  if (text === undefined) return bareEntry(node);
  try {
    const { name, status, started, ended } = readQuickMetadata(
      text,
      `${node.path}/${METADATA_FILE}`,
    );
    const running = status === "Running"
      ? await source.stateOfRunning()
      : { state: "done", lastMs: 0 } as const;
    return {
      ...bareEntry(node),
      name,
      startTimestamp: started,
      ...lifeOf({ status, started, ended, running: () => running }),
    };
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    return { ...bareEntry(node), problem: error.message };
  }
}

function rowEntry({ node, run }: WireRow): NodeEntry {
  if (run === null || run.started === null) return bareEntry(node);
  const { status, started, ended, arrived } = run;
  const lastMs = arrived ?? started;
  const isQuiet = Date.now() - lastMs >= QUIET_MS;
  const text = (ms: number) => new Date(ms).toISOString();
  return {
    ...bareEntry(node),
    startTimestamp: text(started),
    ...lifeOf({
      status,
      started: text(started),
      ended: ended === null ? null : text(ended),
      running: () => ({ state: isQuiet ? "quiet" : "live", lastMs }),
    }),
  };
}

function bareEntry(node: AIStoreNode): NodeEntry {
  return {
    type: node.type,
    name: node.name,
    alternativeName: alternativeNameOf(node.extra) ?? node.name,
    path: node.path,
    status: null,
    state: "done",
    startTimestamp: null,
    endTimestamp: null,
    durationMs: null,
    labels: node.labels,
    problem: null,
  };
}
