/**
 * The nodes that dataflow connects.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../../api/types.ts";

/** Shows everything that is connected with a node, as a graph. */
export function Dataflow({ node }: { readonly node: Node }): JSX.Element {
  return <p>{node.id}</p>;
}
