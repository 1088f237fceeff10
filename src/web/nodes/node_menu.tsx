/**
 * What can be done with a node.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../api/types.ts";

/** Shows a button with a menu of what the user may do with a node. */
export function NodeMenu({ node }: { readonly node: Node }): JSX.Element {
  return <span hidden>{node.id}</span>;
}
