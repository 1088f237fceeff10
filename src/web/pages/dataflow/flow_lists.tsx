/**
 * What goes into a node and what comes out of it, as lists.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Component, Node } from "../../api/types.ts";
import { nodeHref } from "../../state/route.ts";
import { DATAFLOW } from "../../text/dataflow.ts";
import { Icon, iconOf } from "../../ui/icon.tsx";
import { neighbours, plainId } from "./flow_graph_data.ts";

/** Shows inputs and outputs. */
export function FlowLists(
  { graph, current }: { readonly graph: Component; readonly current: string },
): JSX.Element {
  const { inputs, outputs } = neighbours(graph, current);
  return (
    <div class="flow-lists">
      <FlowList title={DATAFLOW.inputs()} nodes={inputs} />
      <FlowList title={DATAFLOW.outputs()} nodes={outputs} />
    </div>
  );
}

function FlowList(
  { title, nodes }: { readonly title: string; readonly nodes: readonly Node[] },
): JSX.Element {
  return (
    <section class="card" aria-label={title}>
      <h3>
        {title} <span class="muted numeric">{nodes.length}</span>
      </h3>
      {nodes.length === 0 ? <p class="muted">{DATAFLOW.none()}</p> : (
        <ul>
          {nodes.map((node) => (
            <li key={node.id}>
              <Icon name={iconOf(node.type)} />
              <a
                class="cut user-text"
                href={nodeHref(plainId(node.id), "dataflow")}
              >
                {node.name}
              </a>
              <span class="cut user-text muted">{node.path}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
