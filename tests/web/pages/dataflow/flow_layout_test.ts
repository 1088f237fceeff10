import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Node } from "../../../../src/web/api/types.ts";
import {
  neighbours,
  NODE_SIZE,
  plainId,
  shapeOf,
} from "../../../../src/web/pages/dataflow/flow_graph_data.ts";
import { layoutFlow } from "../../../../src/web/pages/dataflow/flow_layout.ts";
import { layersOf } from "../../../../src/web/pages/dataflow/layers.ts";
import { routePath } from "../../../../src/web/pages/dataflow/route_path.ts";

function graphOf(
  count: number,
  edges: readonly (readonly [number, number])[],
) {
  return {
    nodes: Array.from(
      { length: count },
      (_, i) => ({ id: `n${i}`, name: `n${i}`, type: "Run" }) as Node,
    ),
    edges: edges.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` })),
  };
}

const graphs = fc.integer({ min: 1, max: 60 }).chain((count) => {
  const node = fc.nat(count - 1);
  return fc.array(fc.tuple(node, node), { maxLength: 90 }).map((edges) =>
    graphOf(
      count,
      edges.filter(([a, b], i) =>
        a !== b && edges.findIndex(([c, d]) => c === a && d === b) === i
      ),
    )
  );
});

Deno.test("every node has a place of its own inside the drawing, and every edge leads from its node to its node", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { places, routes, width, height } = layoutFlow(graph);
      const all = graph.nodes.map(({ id }) => places.get(id));
      all.forEach((a, i) => {
        if (a === undefined) throw new Error(`${i} has no place`);
        assertEquals(a.x >= 0 && a.x <= width, true, `${a.x} of ${width}`);
        assertEquals(a.y >= 0 && a.y <= height, true, `${a.y} of ${height}`);
        for (const b of all.slice(i + 1)) {
          const isApart = b === undefined ||
            Math.abs(a.x - b.x) >= NODE_SIZE.width - 1 ||
            Math.abs(a.y - b.y) >= NODE_SIZE.height - 1;
          assertEquals(isApart, true, `${JSON.stringify([a, b])}`);
        }
      });
      graph.edges.forEach(({ from, to }, i) => {
        assertEquals(routes[i]?.[0], places.get(from));
        assertEquals(routes[i]?.at(-1), places.get(to));
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("data goes from left to right where there is no circle", () => {
  const edges = [[0, 1], [1, 2], [0, 2], [2, 3], [4, 3]] as const;
  const { places } = layoutFlow(graphOf(5, edges));
  for (const [from, to] of edges) {
    const [a, b] = [places.get(`n${from}`), places.get(`n${to}`)];
    assertEquals((a?.x ?? 0) < (b?.x ?? 0), true, `${from} ${to}`);
  }
});

Deno.test("an edge over several layers leads around the nodes between", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { places, routes } = layoutFlow(graph);
      for (const route of routes) {
        for (const { x, y } of route.slice(1, -1)) {
          for (const [id, place] of places) {
            const isFree = Math.abs(place.x - x) > 1 ||
              Math.abs(place.y - y) >= NODE_SIZE.height / 2;
            assertEquals(isFree, true, `${id} is in the way`);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
  const { routes } = layoutFlow(graphOf(3, [[0, 1], [1, 2], [0, 2]]));
  assertEquals(routes.map(({ length }) => length), [2, 2, 3]);
});

Deno.test("chains beside each other do not cross", () => {
  const edges = [[0, 5], [1, 4], [2, 3], [5, 6], [4, 7], [3, 8]] as const;
  const { places } = layoutFlow(graphOf(9, edges));
  const y = (i: number): number => places.get(`n${i}`)?.y ?? NaN;
  for (const [from, to] of edges) assertEquals(y(from), y(to));
});

Deno.test("a circle of data has layers, too", () => {
  const { nodes, edges } = graphOf(4, [[0, 1], [1, 2], [2, 0], [2, 3]]);
  assertEquals(layersOf(nodes.map(({ id }) => id), edges), [
    ["n0"],
    ["n1"],
    ["n2"],
    ["n3"],
  ]);
});

Deno.test("a thousand nodes from one are folded into columns", () => {
  const edges = Array.from({ length: 999 }, (_, i) => [0, i + 1] as const);
  const { width, height, places } = layoutFlow(graphOf(1000, edges));
  assertEquals(places.size, 1000);
  assertEquals(height < 3000 && width < 8000, true, `${width} x ${height}`);
});

Deno.test("an edge ends before the shape, and goes through the points between", () => {
  const path = routePath([{ x: 0, y: 0 }, { x: 100, y: 50 }, { x: 200, y: 0 }]);
  assertEquals(path.startsWith("M19 -13C"), true, path);
  assertEquals(path.includes(" 100 37C"), true, path);
  assertEquals(path.endsWith(" 174 -13"), true, path);
});

Deno.test("shapes, ids and neighbours", () => {
  assertEquals(["Run", "Artifact", "Model", "Folder"].map(shapeOf), [
    "run",
    "artifact",
    "artifact",
    "other",
  ]);
  assertEquals(plainId("abc:main"), "abc");
  const { inputs, outputs } = neighbours(
    graphOf(4, [[0, 1], [1, 2], [3, 1]]),
    "n1",
  );
  assertEquals(inputs.map(({ id }) => id), ["n0", "n3"]);
  assertEquals(outputs.map(({ id }) => id), ["n2"]);
});
