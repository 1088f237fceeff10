/**
 * The page of a run.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../../api/types.ts";

/** Shows a run. */
export function RunPage({ node }: { readonly node: Node }): JSX.Element {
  return (
    <div class="page">
      <h1 class="user-text">{node.name}</h1>
    </div>
  );
}
