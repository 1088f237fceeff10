/**
 * The drawing of a dataflow graph.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Component, Node } from "../../api/types.ts";
import { param, setParams } from "../../state/route.ts";
import { DATAFLOW } from "../../text/dataflow.ts";
import { Button } from "../../ui/button.tsx";
import type { FlowLayout } from "./flow_graph_data.ts";
import { routePath } from "./route_path.ts";
import { FlowNode } from "./flow_node.tsx";
import { keyToViewport, useViewport } from "./use_viewport.ts";
import {
  firstViewport,
  fitViewport,
  formatViewport,
  parseViewport,
  revealPoint,
  type Size,
  type Viewport,
} from "./viewport.ts";

/** More edges than these are drawn lighter. */
const MANY_EDGES = 300;
/** More names than this are not read aloud with a node. */
const MOST_NAMED = 5;
/** What is in sight stands in the address when it has not moved for so long. */
const STILL_MS = 300;

const place = param("flow");

/** Shows the graph; it can be moved and scaled. */
export function FlowGraph(
  { graph, layout, current }: {
    readonly graph: Component;
    readonly layout: FlowLayout;
    /** The id of the node that is looked at. */
    readonly current: string;
  },
): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<Viewport>();
  const arrow = useId().replaceAll(/\W/g, "");
  const size = (): Size => ({
    width: box.current?.clientWidth ?? 0,
    height: box.current?.clientHeight ?? 0,
  });
  /** What is in sight as far as the address, and who opened it, know. */
  const known = useRef<string | undefined>(undefined);
  const wanted = place.value;
  useEffect(() => {
    if (wanted !== undefined && wanted === known.current) return;
    const point = layout.places.get(current) ?? { x: 0, y: 0 };
    const next = parseViewport(wanted ?? "", size()) ??
      firstViewport(layout, size(), point);
    known.current = formatViewport(next, size());
    setView(next);
  }, [current, wanted]);
  useEffect(() => {
    const text = view && formatViewport(view, size());
    if (text === undefined || text === known.current) return;
    const timer = setTimeout(() => {
      known.current = text;
      setParams({ flow: text });
    }, STILL_MS);
    return () => clearTimeout(timer);
  }, [view, current]);
  const change = (next: (view: Viewport) => Viewport): void =>
    setView((old) => old && next(old));
  useViewport(box, change);

  const press = (key: string): boolean => {
    const next = key === "0"
      ? fitViewport(layout, size())
      : view && keyToViewport(key, view, size());
    if (next === undefined) return false;
    setView(next);
    return true;
  };
  const { x, y, scale } = view ?? { x: 0, y: 0, scale: 1 };
  const drawing = useMemo(() => (
    <>
      <svg
        class={`flow-edges ${graph.edges.length > MANY_EDGES ? "many" : ""}`}
        width={layout.width}
        height={layout.height}
        aria-hidden="true"
      >
        <defs>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="1"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {layout.routes.map((route, i) => {
          const { from, to } = graph.edges[i] ?? { from: "", to: "" };
          const isNear = from === current || to === current;
          return (
            <path
              key={`${from} ${to}`}
              class={isNear ? "near" : ""}
              d={routePath(route)}
              marker-end={`url(#${arrow})`}
            />
          );
        })}
      </svg>
      {byPlace(graph.nodes, layout).map((node) => {
        const place = layout.places.get(node.id);
        return place && (
          <FlowNode
            key={node.id}
            node={node}
            place={place}
            isCurrent={node.id === current}
            label={describe(node, graph)}
            onFocus={() => change((old) => revealPoint(old, size(), place))}
          />
        );
      })}
    </>
  ), [graph, layout, current, DATAFLOW.describe()]);

  return (
    <div class="flow card">
      <div
        ref={box}
        class="flow-window"
        role="group"
        tabIndex={0}
        aria-label={`${DATAFLOW.graph()}. ${DATAFLOW.keys()}`}
        onKeyDown={(event) => {
          const { ctrlKey, metaKey, altKey } = event;
          if (ctrlKey || metaKey || altKey) return;
          if (press(event.key)) event.preventDefault();
        }}
      >
        <div
          class="flow-canvas"
          style={{
            width: `${layout.width}px`,
            height: `${layout.height}px`,
            transform: `translate(${x}px, ${y}px) scale(${scale})`,
            visibility: view === undefined ? "hidden" : "visible",
          }}
        >
          {drawing}
        </div>
      </div>
      <div class="flow-tools">
        <Button label={DATAFLOW.zoomOut()} onClick={() => press("-")}>−</Button>
        <Button label={DATAFLOW.zoomIn()} onClick={() => press("+")}>+</Button>
        <Button
          icon="expand"
          label={DATAFLOW.fit()}
          onClick={() => press("0")}
        />
      </div>
    </div>
  );
}

/** In the order in which a person reads them. */
function byPlace(
  nodes: readonly Node[],
  { places }: FlowLayout,
): readonly Node[] {
  return nodes.toSorted((a, b) => {
    const [p, q] = [places.get(a.id), places.get(b.id)];
    return p === undefined || q === undefined ? 0 : p.x - q.x || p.y - q.y;
  });
}

function describe(node: Node, { nodes, edges }: Component): string {
  const names = (ids: readonly string[]): string => {
    const some = ids.slice(0, MOST_NAMED).map((id) =>
      nodes.find((other) => other.id === id)?.name ?? ""
    );
    if (ids.length > MOST_NAMED) some.push("…");
    return some.join(", ") || DATAFLOW.none();
  };
  return DATAFLOW.describe({
    name: node.name,
    type: node.type,
    inputs: names(
      edges.filter(({ to }) => to === node.id).map(({ from }) => from),
    ),
    outputs: names(
      edges.filter(({ from }) => from === node.id).map(({ to }) => to),
    ),
  });
}
