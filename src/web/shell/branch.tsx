/**
 * A folder of the tree.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listNodes } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { current, treeVersion } from "../state/current.ts";
import { nodeHref, route } from "../state/route.ts";
import { useQuery } from "../state/use_query.ts";
import { Icon } from "../ui/icon.tsx";

/** Shows a folder, and below it the folders in it when it is opened. */
export function Branch(
  { node, isOpen: isOpenAtFirst = false }: {
    readonly node: Node;
    readonly isOpen?: boolean;
  },
): JSX.Element {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const isAbove = current.value?.path.startsWith(`${node.path}/`) ?? false;
  useEffect(() => {
    if (isAbove) setOpen(true);
  }, [isAbove]);
  const folders = useQuery(
    isOpen ? `${node.id} ${treeVersion.value}` : undefined,
    (abort) => listNodes(node.id, { type: "Folder", size: 1000 }, abort),
  );
  const isCurrent = route.value.node === node.id;
  return (
    <li>
      <div>
        <button
          type="button"
          class={`twist ${isOpen ? "open" : ""}`}
          aria-expanded={isOpen}
          aria-label={node.name}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="right" />
        </button>
        <a
          href={nodeHref(node.id)}
          {...(isCurrent ? { "aria-current": "page" as const } : {})}
        >
          <Icon name="folder" />
          <span class="cut user-text">{node.name}</span>
        </a>
      </div>
      {isOpen && (
        <ul>
          {folders.data?.data?.map((each) => (
            <Branch key={each.id} node={each} />
          ))}
        </ul>
      )}
    </li>
  );
}
