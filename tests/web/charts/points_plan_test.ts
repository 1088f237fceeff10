import { assert, assertEquals } from "@std/assert";
import {
  type MissingSeries,
  planRequests,
} from "../../../src/web/charts/points_plan.ts";
import { bucketsFor, type View } from "../../../src/web/charts/view.ts";

function missing(
  chart: string,
  nodes: readonly string[],
  metrics: readonly string[],
  view: View,
): MissingSeries[] {
  return nodes.flatMap((node) =>
    metrics.map((metric) => ({ chart, node, metric, view }))
  );
}

Deno.test("planRequests() asks for every series that is missing, just once, and for no other", () => {
  const step = { x: "step", buckets: 100 } as const;
  const zoomed = { ...step, from: 1, to: 2 };
  const runs = Array.from({ length: 250 }, (_, at) => `run${at}`);
  const parts = [
    ...missing("loss", runs, ["train/loss", "val/loss"], step),
    ...missing("lr", runs.slice(0, 3), ["train/lr"], step),
    ...missing("gpu", runs.slice(0, 3), ["train/gpu"], zoomed),
    ...missing("loss 2", runs.slice(0, 9), ["train/loss"], step),
  ];
  const plans = planRequests(parts);
  const asked = plans.flatMap(({ query, view }) => {
    assert(query.node.length * query.metric.length * view.buckets <= 40_000);
    return query.node.flatMap((node) =>
      query.metric.map((metric) => `${node} ${metric} ${query.from}`)
    );
  });
  const wanted = new Set(
    parts.map(({ node, metric, view }) =>
      `${node} ${metric} ${"from" in view ? view.from : undefined}`
    ),
  );
  assertEquals(asked.toSorted(), [...wanted].sort());
  assertEquals(plans[0]?.charts, ["loss", "loss 2"]);
});

Deno.test("bucketsFor() is about one a pixel, and fewer where there are many lines", () => {
  assertEquals(bucketsFor(500, 1), 400);
  assertEquals(bucketsFor(502, 2), 400);
  assert(bucketsFor(500, 200) * 200 <= 20_000);
  assert(bucketsFor(500, 100_000) >= 60);
});
