/**
 * A node of the dataflow graph.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Node } from "../../api/types.ts";
import { nodeHref } from "../../state/route.ts";
import { Icon, iconOf } from "../../ui/icon.tsx";
import {
  type FlowPoint,
  NODE_SIZE,
  plainId,
  shapeOf,
} from "./flow_graph_data.ts";

/** Shows a node as a link: a square for a run, a circle for an artifact. */
export function FlowNode(
  { node, place, isCurrent, label, onFocus }: {
    readonly node: Node;
    readonly place: FlowPoint;
    readonly isCurrent: boolean;
    /** What is read aloud. */
    readonly label: string;
    readonly onFocus: () => void;
  },
): JSX.Element {
  return (
    <a
      class={`flow-node ${shapeOf(node.type)}`}
      href={nodeHref(plainId(node.id), "dataflow")}
      draggable={false}
      aria-label={label}
      title={node.path}
      {...(isCurrent ? { "aria-current": "true" as const } : {})}
      style={{
        left: `${place.x - NODE_SIZE.width / 2}px`,
        top: `${place.y - NODE_SIZE.height / 2}px`,
        width: `${NODE_SIZE.width}px`,
        height: `${NODE_SIZE.height}px`,
      }}
      onFocus={onFocus}
    >
      <span class="flow-shape">
        <Icon name={iconOf(node.type)} />
      </span>
      <span class="flow-name cut user-text">{node.name}</span>
    </a>
  );
}
