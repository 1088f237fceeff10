import { join } from "@std/path";
import { isNodeMissing } from "../aistore/answers.ts";
import { AuthenticationError, DownloadError } from "../errors.ts";
import { bringNode, type BringNodeOptions } from "./bring_node.ts";
import type { FoundNode } from "./find_node.ts";
import { isThere } from "./local_files.ts";
import { directoryName } from "./plan.ts";
import { withRetry } from "./retry.ts";

/** A graph beyond this is none. */
const MAX_NEIGHBOURS = 10_000;

/**
 * Brings the artifacts that a run used and produced, by the server's dataflow graph, unless they are here. One that the
 * user may not read, or that is gone, is warned of.
 *
 * @param run The run.
 * @param options Where to, and who is told.
 * @throws {DownloadError} If an artifact cannot be downloaded as it is, or the graph is none.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function fetchArtifacts(
  run: FoundNode,
  options: BringNodeOptions,
): Promise<void> {
  for (const id of await neighbours(run, options.signal)) {
    try {
      if (await bringArtifact(run, id, options)) continue;
    } catch (error) {
      const isHidden = error instanceof AuthenticationError ||
        isNodeMissing(error);
      if (!isHidden) throw error;
    }
    options.reporter.warn(
      `artifact ${id}`,
      `An artifact of Run "${run.node.path}" is not fetched: node ${
        JSON.stringify(id)
      } is gone from the server, or may not be read`,
    );
  }
}

/** Whether there is such a node; it is brought if it is an artifact, and not here. */
async function bringArtifact(
  { client, node: run }: FoundNode,
  id: string,
  options: BringNodeOptions,
): Promise<boolean> {
  const { into, signal } = options;
  const node = await withRetry(() => client.node(id, { signal }), { signal });
  if (node === undefined) return false;
  if (node.type !== "Artifact") return true;
  const path: unknown = node.path;
  if (typeof path !== "string" || !path.startsWith("/")) {
    throw new DownloadError(
      run.path,
      `the server does not say where artifact ${JSON.stringify(id)} is`,
    );
  }
  if (!await isThere(join(into, directoryName(node)))) {
    await bringNode({ client, node }, options);
  }
  return true;
}

/** The ids of what may be artifacts, each once. */
async function neighbours(
  { client, node }: FoundNode,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const graph: { readonly in: unknown; readonly out: unknown } =
    await withRetry(() => client.graph(node.id, { signal }), { signal });
  const wrong = (what: string) =>
    new DownloadError(
      node.path,
      `the server describes wrongly what it used and produced: ${what}`,
    );
  const ids = new Set<string>();
  for (const side of [graph.in, graph.out]) {
    if (side !== null && !Array.isArray(side)) throw wrong("there is no list");
    for (const end of side ?? []) {
      const id = idOf(end);
      if (id === undefined) throw wrong("an entry is no node");
      if (id !== "") ids.add(id);
    }
  }
  if (ids.size > MAX_NEIGHBOURS) throw wrong(`there are ${ids.size} nodes`);
  return ids;
}

/** A neighbour's id, empty if its type says that it is no artifact; undefined if it is no neighbour. */
function idOf(end: unknown): string | undefined {
  if (typeof end !== "object" || end === null || !("id" in end)) return;
  if (typeof end.id !== "string" || end.id === "") return undefined;
  const type = "type" in end ? end.type : "Artifact";
  if (typeof type !== "string") return undefined;
  return type === "Artifact" ? end.id : "";
}
