/**
 * The page of a folder.
 *
 * @module
 */

import type { JSX } from "preact";
import { listRows } from "../../api/em.ts";
import type { Node } from "../../api/types.ts";
import { nodeHref } from "../../state/route.ts";
import { useQuery } from "../../state/use_query.ts";
import { Answer } from "../../ui/small.tsx";
import { Icon, iconOf } from "../../ui/icon.tsx";
import { Status } from "../../ui/status.tsx";

/** Shows a folder. */
export function FolderPage({ node }: { readonly node: Node }): JSX.Element {
  const rows = useQuery(
    node.id,
    (abort) => listRows({ folder: node.id }, abort),
  );
  return (
    <div class="page">
      <h1 class="user-text">{node.name}</h1>
      <Answer query={rows}>
        {({ data }) => (
          <ul>
            {data.map(({ node, run }) => (
              <li key={node.id}>
                <a href={nodeHref(node.id)} class="user-text">
                  <Icon name={iconOf(node.type)} /> {node.name}
                </a>{" "}
                <Status run={run} />
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </div>
  );
}
