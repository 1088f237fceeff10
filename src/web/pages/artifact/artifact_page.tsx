/**
 * The page of an artifact.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../../api/types.ts";

/** Shows an artifact. */
export function ArtifactPage({ node }: { readonly node: Node }): JSX.Element {
  return (
    <div class="page">
      <h1 class="user-text">{node.name}</h1>
    </div>
  );
}
