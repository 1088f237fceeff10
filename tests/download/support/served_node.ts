import { createHash } from "node:crypto";
import { AIStoreClient } from "../../../src/aistore/client.ts";
import type { AIStoreNode } from "../../../src/aistore/protocol.ts";
import { downloadNode } from "../../../src/download/download_node.ts";
import type { Reporter } from "../../../src/reporter.ts";
import { filesOf } from "../../support/em_server.ts";

const silent: Reporter = { info: () => {}, warn: () => {} };
/** The alternative name of the node. */
export const NAME = "cnn_261123_082118_6fauz3";
const KEY = "00000000-0000-0000-0000-000000000000";

/** An object as a server that can lie has it. */
export interface Served {
  readonly key: unknown;
  readonly body?: string;
  /** What the listing says instead of the truth. */
  readonly listed?: Readonly<Record<string, unknown>>;
}

/** What makes a node whole. */
export const METADATA: Served = { key: "metadata.yaml", body: "kind: Run\n" };

/** The MD5 of a text. */
export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Serves a node's listing and objects as told. */
export function serve(objects: readonly Served[]) {
  const listing = objects.map(({ key, body = "x", listed }) => ({
    path: key,
    size_bytes: new TextEncoder().encode(body).length,
    checksum: md5(body),
    ...listed,
  }));
  return (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname.endsWith("/ls")) {
      const pagination = { page: 1, size: 1000, total: listing.length };
      return Promise.resolve(Response.json({ pagination, data: listing }));
    }
    const key = url.searchParams.get("path")?.slice("/demo/cnn/".length);
    const found = objects.find((object) => object.key === key);
    return Promise.resolve(
      new Response(found === undefined ? null : found.body ?? "x", {
        status: found === undefined ? 404 : 200,
      }),
    );
  };
}

/** The node, as a server describes it. */
export function node(extra: unknown = { alternativeName: NAME }): AIStoreNode {
  return {
    description: "",
    editor: "demo",
    extra: typeof extra === "string" ? extra : JSON.stringify(extra),
    id: "a46ce04a-fdf4-4666-86f7-59fff0d0a5c0",
    labels: [],
    modifiedTimestamp: "",
    name: "cnn",
    path: "/demo/cnn",
    permission: "own",
    storageType: 2,
    type: "Run",
  };
}

/** A download of the node by a client of its own. */
export function download(
  host: string,
  into: string,
  options: { readonly node?: AIStoreNode; readonly signal?: AbortSignal } = {},
) {
  return downloadNode({
    client: new AIStoreClient({ host, apiKey: KEY }),
    node: node(),
    into,
    reporter: silent,
    pauseMs: () => 1,
    ...options,
  });
}

/** All paths below a directory, the state directory's but for the lock and empty directories. */
export function all(dir: string): string[] {
  return [...filesOf(dir).keys()].filter((path) => !path.endsWith(".lock"));
}
