/**
 * What is known of a node that holds no set of objects: a model, a dataset, a shortcut.
 *
 * @module
 */

import type { JSX } from "preact";
import { getNode } from "../../api/nodes.ts";
import type { Node } from "../../api/types.ts";
import { formatTime } from "../../format/time.ts";
import { nodeHref } from "../../state/route.ts";
import { useQuery } from "../../state/use_query.ts";
import { COMMON } from "../../text/common.ts";
import { RUN } from "../../text/run.ts";
import { Icon, iconOf } from "../../ui/icon.tsx";

/** Shows it. */
export function NodeInfo({ node }: { readonly node: Node }): JSX.Element {
  return (
    <section class="card padded">
      <dl class="facts">
        <dt>{RUN.type()}</dt>
        <dd class="user-text">{node.type}</dd>
        <dt>{RUN.editor()}</dt>
        <dd class="user-text">{node.editor}</dd>
        <dt>{RUN.modified()}</dt>
        <dd>{formatTime(Date.parse(node.modifiedTimestamp))}</dd>
        {node.type === "Shortcut" && <Target node={node} />}
      </dl>
    </section>
  );
}

function Target({ node }: { readonly node: Node }): JSX.Element {
  const id = targetOf(node);
  const { data, error } = useQuery(id, (abort) => getNode(id ?? "", abort));
  return (
    <>
      <dt>{RUN.leadsTo()}</dt>
      <dd>
        {data && (
          <a href={nodeHref(data.id)} class="user-text">
            <Icon name={iconOf(data.type)} /> {data.path}
          </a>
        )}
        {(error || id === undefined) && (
          <span class="muted">{COMMON.notFound()}</span>
        )}
      </dd>
    </>
  );
}

function targetOf({ extra }: Node): string | undefined {
  try {
    const { target } = JSON.parse(extra);
    return typeof target === "string" ? target : undefined;
  } catch {
    // Anything may stand there.
    return undefined;
  }
}
