/**
 * Downloads a node in a process of its own: `download_child.ts HOST KEY PATH INTO`, then says how long it took and how much
 * memory it had.
 *
 * @module
 */
import { AIStoreClient } from "../../../src/aistore/client.ts";
import { downloadNode } from "../../../src/download/download_node.ts";

const [host = "", apiKey = "", path = "", into = ""] = Deno.args;
const client = new AIStoreClient({ host, apiKey });
const start = performance.now();
const node = await client.node(path);
if (node === undefined) throw new Error(`There is no node "${path}"`);
const { dir, isNew } = await downloadNode({ client, node, into });
const ms = performance.now() - start;
const status = Deno.readTextFileSync("/proc/self/status");
const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
// deno-lint-ignore no-console -- its answer
console.log(JSON.stringify({ dir, isNew, ms, peakBytes }));
