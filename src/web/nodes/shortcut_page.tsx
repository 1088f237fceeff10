/**
 * The page of a shortcut: it leads on.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { followShortcut } from "../api/nodes.ts";
import type { Node } from "../api/types.ts";
import { nodeHref } from "../state/route.ts";
import { useQuery } from "../state/use_query.ts";
import { ACTIONS } from "../text/actions.ts";
import { Skeleton } from "../ui/small.tsx";
import { NodeMenu } from "./node_menu.tsx";

/** Goes to what a shortcut leads to, or says that it is gone. */
export function ShortcutPage({ node }: { readonly node: Node }): JSX.Element {
  const { data, error } = useQuery(
    node.id,
    (abort) => followShortcut(node.id, abort),
  );
  useEffect(() => {
    if (data) location.replace(nodeHref(data.id));
  }, [data]);
  if (!error) return <Skeleton />;
  return (
    <div class="page">
      <div class="page-head">
        <h1 class="user-text">{node.name}</h1>
        <NodeMenu node={node} />
      </div>
      <p class="notice warn">{ACTIONS.shortcutGone()}</p>
    </div>
  );
}
