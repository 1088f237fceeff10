/**
 * The nodes that dataflow connects.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { getComponent, getNode } from "../../api/nodes.ts";
import type { Component, Node } from "../../api/types.ts";
import { rootPath } from "../../state/session.ts";
import { useEvents } from "../../state/use_events.ts";
import { useQuery } from "../../state/use_query.ts";
import { DATAFLOW } from "../../text/dataflow.ts";
import { Icon } from "../../ui/icon.tsx";
import { Answer, Skeleton } from "../../ui/small.tsx";
import type { FlowLayout } from "./flow_graph_data.ts";
import { FlowGraph } from "./flow_graph.tsx";
import { layoutFlow } from "./flow_layout.ts";
import { FlowLists } from "./flow_lists.tsx";

/** However often edges change, they are asked for no more often. */
const REFRESH_MS = 1000;

/** Shows everything that is connected with a node, as a graph. */
export function Dataflow({ node }: { readonly node: Node }): JSX.Element {
  const component = useQuery(
    node.id,
    (abort) => getComponent(node.id, abort),
  );
  useChanges(node, component.data, component.reload);
  return (
    <div class="dataflow">
      <Answer query={component}>
        {(graph) =>
          graph.edges.length === 0
            ? <NoFlow />
            : <Flow graph={graph} current={node.id} />}
      </Answer>
    </div>
  );
}

function Flow(
  { graph, current }: { readonly graph: Component; readonly current: string },
): JSX.Element {
  const [laidOut, setLaidOut] = useState<
    { readonly graph: Component; readonly layout: FlowLayout }
  >();
  useEffect(() => {
    // The lists are on screen before the layout, which may take a moment, begins.
    const timer = setTimeout(
      () => setLaidOut({ graph, layout: layoutFlow(graph) }),
    );
    return () => clearTimeout(timer);
  }, [graph]);
  return (
    <>
      {!graph.complete && (
        <p class="notice warn" role="status">
          {DATAFLOW.incomplete({ n: graph.nodes.length })}
        </p>
      )}
      <div class="flow-legend" aria-label={DATAFLOW.legend()} role="group">
        {(["run", "artifact", "other"] as const).map((shape) => (
          <span key={shape}>
            <span class={`flow-sample ${shape}`} /> {DATAFLOW[shape]()}
          </span>
        ))}
        <span>
          <span class="flow-sample current" /> {DATAFLOW.current()}
        </span>
        <span class="muted numeric">
          {DATAFLOW.size({ n: graph.nodes.length })}
        </span>
      </div>
      {laidOut === undefined
        ? <Skeleton lines={6} />
        : <FlowGraph {...laidOut} current={current} />}
      <FlowLists graph={graph} current={current} />
    </>
  );
}

function NoFlow(): JSX.Element {
  return (
    <div class="empty">
      <Icon name="flow" />
      <h2>{DATAFLOW.empty()}</h2>
      <p>{DATAFLOW.emptyHint()}</p>
      <pre class="mono">{EXAMPLE}</pre>
    </div>
  );
}

const EXAMPLE = `run.markInput(dataset);
run.markOutput(model);`;

/** Asks again when an edge, or the name of a node, changes; of nodes of others only those of the node itself are heard. */
function useChanges(
  node: Node,
  graph: Component | undefined,
  reload: () => void,
): void {
  const root = useQuery(rootPath(), (abort) => getNode(rootPath(), abort));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, REFRESH_MS);
  };
  const isOwn = node.path.startsWith(`${rootPath()}/`);
  useEvents(
    isOwn ? root.data?.id : node.id,
    ({ node: changed, kind }) => {
      const isKnown = graph?.nodes.some(({ id }) => id === changed) ?? false;
      if (kind === "graph" || kind === "node" && isKnown) ask();
    },
    ask,
  );
}
