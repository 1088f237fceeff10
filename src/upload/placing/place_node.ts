import { alternativeNameOf } from "../../aistore/alternative_name.ts";
import type { AIStoreClient } from "../../aistore/client.ts";
import { folderPath, makeFolders } from "../../aistore/folders.ts";
import { type AIStoreNode, webUrl } from "../../aistore/protocol.ts";
import { EmError, FolderNotFoundError, NodeExistsError } from "../../errors.ts";
import { nodeGone } from "../gate/refusal.ts";
import type {
  KnownNode,
  NodeSpec,
  PlacedNode,
  Placement,
  UploadIntent,
} from "../types.ts";

/** What to place, and where. */
export interface PlaceOptions {
  /** The node. */
  readonly node: NodeSpec;
  /** Where it is wanted. */
  readonly intent: UploadIntent;
  /** Where it was placed before, if it was. */
  readonly known?: KnownNode | undefined;
  /** Whether a node that is gone from the server is made again; otherwise that is a refusal. Default: true. */
  readonly recreates?: boolean | undefined;
  /** Ends the attempt. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives a directory its node on the server: makes the folder where that is wanted, creates the node, and settles what
 * happens when the name is taken. To do it again after a failure half-way is safe: a node of the same type and the same
 * alternative name is this one and is used again.
 *
 * @param client The server.
 * @param options What to place, and where.
 * @returns The node, or that there is none because the strategy is `skip`.
 * @throws {FolderNotFoundError} If the folder is missing and is not to be made.
 * @throws {NodeExistsError} If the name is taken and the strategy does not allow to go on.
 */
export async function placeNode(
  client: AIStoreClient,
  options: PlaceOptions,
): Promise<Placement> {
  return await findKnown(client, options) ??
    await new Placer(client, options).place();
}

async function findKnown(
  client: AIStoreClient,
  options: PlaceOptions,
): Promise<Placement | undefined> {
  const { known, node, signal, recreates = true } = options;
  if (known === undefined) return undefined;
  const found = await client.node(known.id, { signal });
  if (found === undefined && !recreates) {
    throw new EmError("response", nodeGone(client.host, known.path));
  }
  if (found === undefined || !isSame(found, node)) return undefined;
  return placed(
    client.host,
    { id: found.id, path: found.path ?? known.path },
    true,
  );
}

class Placer {
  readonly #client: AIStoreClient;
  readonly #options: PlaceOptions;
  #folder = "";

  constructor(client: AIStoreClient, options: PlaceOptions) {
    this.#client = client;
    this.#options = options;
  }

  async place(): Promise<Placement> {
    const { node, intent, signal } = this.#options;
    const user = intent.folder.startsWith("/")
      ? ""
      : (await this.#client.userInfo({ signal })).preferred_username;
    this.#folder = folderPath(intent.folder, user);
    return await this.#tryName(node.name, true) ?? await this.#settle();
  }

  /** Creates the node, or finds that it is there already; undefined when another node has the name. */
  async #tryName(
    name: string,
    mayMakeFolder: boolean,
  ): Promise<Placement | undefined> {
    const { node, signal } = this.#options;
    const path = `${this.#folder}/${name}`;
    const result = await this.#client.createNode({
      parent: this.#folder,
      name,
      labels: node.labels,
      description: node.description,
      type: node.type,
      extra: JSON.stringify({ alternativeName: node.alternativeName }),
    }, { signal });
    if (result.state === "created") {
      return placed(this.#client.host, { id: result.id, path }, false);
    }
    if (result.state === "parent-missing") {
      if (!mayMakeFolder || !this.#mayMakeFolder()) {
        throw new FolderNotFoundError(this.#folder);
      }
      await makeFolders(this.#client, this.#folder, { signal });
      return await this.#tryName(name, false);
    }
    const existing = await this.#client.node(path, { signal });
    if (existing === undefined || !isSame(existing, node)) return undefined;
    return placed(this.#client.host, { id: existing.id, path }, true);
  }

  #mayMakeFolder(): boolean {
    return this.#options.intent.makeFolder ||
      /^\/[^/]+\/default$/.test(this.#folder);
  }

  async #settle(): Promise<Placement> {
    const { node, intent } = this.#options;
    const path = `${this.#folder}/${node.name}`;
    switch (intent.conflictStrategy) {
      case "skip":
        return { state: "skipped", path };
      case "error":
        throw await this.#exists(
          path,
          `choose another name or folder, or another conflictStrategy`,
        );
      case "new": {
        const placement = await this.#tryName(node.alternativeName, false);
        if (placement !== undefined) return placement;
        throw await this.#exists(
          `${this.#folder}/${node.alternativeName}`,
          `choose another folder: both the name and the alternative name are taken by other nodes`,
        );
      }
      case "replace":
        return await this.#replace(path);
    }
  }

  async #replace(path: string): Promise<Placement> {
    const { node, signal } = this.#options;
    const existing = await this.#client.node(path, { signal });
    if (existing !== undefined && existing.type !== node.type) {
      throw new NodeExistsError(
        path,
        existing.type,
        `only a ${node.type} may be replaced by a ${node.type}`,
      );
    }
    if (existing !== undefined) await this.#client.deleteNode(path, { signal });
    const placement = await this.#tryName(node.name, false);
    if (placement !== undefined) return placement;
    throw await this.#exists(
      path,
      "somebody else made it while it was being replaced: try again",
    );
  }

  async #exists(path: string, advice: string): Promise<NodeExistsError> {
    const existing = await this.#client.node(path, {
      signal: this.#options.signal,
    });
    return new NodeExistsError(path, existing?.type ?? "A node", advice);
  }
}

function placed(host: string, known: KnownNode, reused: boolean): Placement {
  const { id, path } = known;
  const node: PlacedNode = { host, id, path, webUrl: webUrl(host, id), reused };
  return { state: "placed", node };
}

/** Whether a node on the server is this very one, by type and alternative name. */
function isSame(found: AIStoreNode, node: NodeSpec): boolean {
  return found.type === node.type &&
    alternativeNameOf(found.extra) === node.alternativeName;
}
