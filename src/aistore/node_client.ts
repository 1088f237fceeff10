import { ResponseError } from "../errors.ts";
import {
  hasId,
  isGraph,
  isNameTaken,
  isNode,
  isNodeMissing,
  isPage,
  isUserInfo,
} from "./answers.ts";
import {
  type AIStoreNode,
  type CreateNodeBody,
  type GraphEdge,
  type NodeGraph,
  type Page,
  STORAGE_TYPES,
  type TrashedNode,
  type UserInfo,
} from "./protocol.ts";
import type { Call } from "./call.ts";
import {
  type RequestOptions,
  Transport,
  type TransportOptions,
} from "./transport.ts";

/** What became of a request to create a node. Two refusals are ordinary and therefore no errors. */
export type CreateNodeResult =
  | { readonly state: "created"; readonly id: string }
  | { readonly state: "name-taken" }
  | { readonly state: "parent-missing" };

/** What of a node can be changed. */
export interface NodeChange {
  /** The name. */
  readonly name?: string;
  /** The labels. */
  readonly labels?: readonly string[];
  /** The description. */
  readonly description?: string;
  /** Text that belongs to clients. */
  readonly extra?: string;
  /** Path or id of the folder that it moves to. This package's own server only; others may do nothing. */
  readonly parent?: string;
}

const NODES = "/apis/v1/nodes";
const GRAPHS = "/apis/v1/graphs";
const TRASH = "/apis/v1/trash";
const PAGE_SIZE = 1000;

/** What a client of one AIStore server does with users, nodes and the graph. */
export class NodeClient {
  /** Sends the requests. */
  protected readonly transport: Transport;

  /** @param options How to reach the server. */
  constructor(options: TransportOptions) {
    this.transport = new Transport(options);
  }

  /** The server's address. */
  get host(): string {
    return this.transport.host;
  }

  /** How many bytes of objects have gone out in requests that succeeded, or are under way. */
  get sentBytes(): number {
    return this.transport.sentBytes;
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.transport.requests;
  }

  /**
   * Tells whether the server has said that it can do something beyond AIStore.
   *
   * @param capability Its name, such as {@linkcode MULTIPART_LIST}.
   * @returns Whether it has; false before the first answer.
   */
  can(capability: string): boolean {
    return this.transport.can(capability);
  }

  /**
   * Asks whose API key this is.
   *
   * @param options Abort.
   * @returns The user.
   */
  userInfo(options: RequestOptions = {}): Promise<UserInfo> {
    return this.transport.json({
      method: "GET",
      path: "/oauth2/userinfo",
      ...options,
    }, isUserInfo);
  }

  /**
   * Asks for the folders directly below a user's root: the smallest request that shows that the key may do something.
   *
   * @param user The user.
   * @param options Abort.
   */
  async probe(user: string, options: RequestOptions = {}): Promise<void> {
    const query = [["parent", `/${user}`], ["type", "Folder"]] as const;
    await this.transport.json({
      method: "GET",
      path: NODES,
      query,
      ...options,
    }, isPage);
  }

  /**
   * Lists the nodes directly below a folder.
   *
   * @param parent Path or id of the folder.
   * @param options The type that is wanted, and abort.
   * @returns The nodes, page by page.
   */
  listNodes(
    parent: string,
    options: RequestOptions & { readonly type?: string } = {},
  ): AsyncGenerator<AIStoreNode> {
    const { type, signal } = options;
    const query: [string, string][] = [["parent", parent]];
    if (type !== undefined) query.push(["type", type]);
    return this.pages<AIStoreNode>({
      method: "GET",
      path: NODES,
      query,
      signal,
    });
  }

  /**
   * Looks a node up.
   *
   * @param node Its path or id.
   * @param options Abort.
   * @returns The node, or undefined if there is none.
   */
  async node(
    node: string,
    options: RequestOptions = {},
  ): Promise<AIStoreNode | undefined> {
    try {
      const call = {
        method: "GET",
        path: `${NODES}/info`,
        query: [["node", node]],
        ...options,
      } as const;
      return await this.transport.json(call, isNode);
    } catch (error) {
      if (isNodeMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Creates a node.
   *
   * @param body What it is.
   * @param options Abort.
   * @returns Its id, or which of the two ordinary refusals came.
   */
  async createNode(
    body: Omit<CreateNodeBody, "storageType">,
    options: RequestOptions = {},
  ): Promise<CreateNodeResult> {
    const { parent, name, labels, description, type, extra } = body;
    const storageType =
      Object.entries(STORAGE_TYPES).find(([known]) => known === type)?.[1] ?? 0;
    const json: CreateNodeBody = {
      parent,
      name,
      labels,
      description,
      type,
      storageType,
      extra,
    };
    try {
      const { id } = await this.transport.json({
        method: "POST",
        path: NODES,
        json,
        ...options,
      }, hasId);
      return { state: "created", id };
    } catch (error) {
      if (isNodeMissing(error)) return { state: "parent-missing" };
      if (isNameTaken(error)) return { state: "name-taken" };
      throw error;
    }
  }

  /**
   * Changes a node.
   *
   * @param node Its path or id.
   * @param change What is to be different, and abort.
   */
  async updateNode(
    node: string,
    change: NodeChange & RequestOptions,
  ): Promise<void> {
    const { signal, ...fields } = change;
    await this.transport.text({
      method: "PUT",
      path: NODES,
      json: { node, ...fields },
      signal,
    });
  }

  /**
   * Deletes a node with everything in it.
   *
   * @param node Its path or id.
   * @param options Abort.
   */
  async deleteNode(node: string, options: RequestOptions = {}): Promise<void> {
    await this.transport.text({
      method: "DELETE",
      path: NODES,
      json: { node },
      ...options,
    });
  }

  /**
   * Lists what the user deleted and can have back.
   *
   * @param options Abort.
   * @returns The nodes, or undefined if the server has no trash.
   */
  async trash(
    options: RequestOptions = {},
  ): Promise<readonly TrashedNode[] | undefined> {
    try {
      return await Array.fromAsync(
        this.pages<TrashedNode>({ method: "GET", path: TRASH, ...options }),
      );
    } catch (error) {
      if (error instanceof ResponseError && error.status === 404) return;
      throw error;
    }
  }

  /**
   * Asks which nodes data comes from and goes to.
   *
   * @param nodeId The node's id.
   * @param options Abort.
   * @returns The neighbours.
   */
  graph(nodeId: string, options: RequestOptions = {}): Promise<NodeGraph> {
    const call = {
      method: "GET",
      path: GRAPHS,
      query: [["current", nodeId]],
      ...options,
    } as const;
    return this.transport.json(call, isGraph);
  }

  /**
   * Adds edges to the dataflow graph.
   *
   * @param graphs The edges.
   * @param options Abort.
   */
  async addEdges(
    graphs: readonly GraphEdge[],
    options: RequestOptions = {},
  ): Promise<void> {
    await this.transport.text({
      method: "POST",
      path: GRAPHS,
      json: { graphs },
      ...options,
    });
  }

  /**
   * Reads a listing page by page to its end.
   *
   * @param call The request, without size and page.
   * @returns The entries.
   */
  protected async *pages<T>(call: Call): AsyncGenerator<T> {
    for (let page = 1;; page++) {
      const query = [...call.query ?? [], ["size", `${PAGE_SIZE}`], [
        "page",
        `${page}`,
      ]] as const;
      const answer = await this.transport.json(
        { ...call, query },
        isPage,
      ) as Page<T>;
      yield* answer.data ?? [];
      const { size, total } = answer.pagination;
      if (
        answer.data === null || answer.data.length === 0 || page * size >= total
      ) return;
    }
  }
}
