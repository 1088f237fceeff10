/** A server, and the key to it. */
export interface ServerAccess {
  /** The address, as given to `login()`. */
  readonly url: string;
  /** The API key. */
  readonly apiKey: string;
}

/**
 * Asks a server what goes into a node and what comes out of it.
 *
 * @param server The server.
 * @param id The node's id.
 * @returns A line such as `mnist -> train -> mnist_dense`.
 */
export async function dataflow(
  server: ServerAccess,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<string> {
  const query = new URLSearchParams({ current: id, apikey: server.apiKey });
  const response = await fetch(`${server.url}/apis/v1/graphs?${query}`);
  const graph: Record<"in" | "out", { readonly name: string }[]> =
    await response.json();
  const names = (nodes: readonly { readonly name: string }[]) =>
    nodes.map(({ name }) => name).join(" + ");
  return [names(graph.in), name, names(graph.out)].filter(Boolean).join(" -> ");
}
