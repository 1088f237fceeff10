import { assert, assertEquals } from "@std/assert";
import type { Series } from "../../../src/web/api/types.ts";
import {
  groupCharts,
  listCharts,
  parseSearch,
  type RunSeries,
} from "../../../src/web/charts/catalogue.ts";

function run(node: string, metrics: readonly string[]): RunSeries {
  const series = metrics.map((metric) => ({
    type: metric.slice(0, metric.indexOf("/")),
    name: metric.slice(metric.indexOf("/") + 1),
  })) as unknown as readonly Series[];
  return { node, version: 1, types: [], series };
}

const RUNS = [
  run("a", ["val/loss", "train/loss", "train/gpu/mem", "train/gpu/util"]),
  run("b", ["train/lr", "test/loss"]),
];

Deno.test("listCharts() makes a chart of a metric with all its types, or of each type", () => {
  const together = listCharts(RUNS, false);
  assertEquals(together.map(({ id, types }) => [id, types.join()]), [
    ["loss", "train,val,test"],
    ["gpu/mem", "train"],
    ["gpu/util", "train"],
    ["lr", "train"],
  ]);
  assertEquals(listCharts(RUNS, true).map(({ id }) => id), [
    "train/loss",
    "val/loss",
    "test/loss",
    "train/gpu/mem",
    "train/gpu/util",
    "train/lr",
  ]);
});

Deno.test("groupCharts() groups by what stands before the first slash", () => {
  const groups = groupCharts(listCharts(RUNS, false));
  assertEquals(
    groups.map(({ name, charts }) => [name, ...charts.map(({ id }) => id)]),
    [["", "loss", "lr"], ["gpu", "gpu/mem", "gpu/util"]],
  );
});

Deno.test("groupCharts() puts what the SDK says of the machine into a group of its own, and nothing else", () => {
  const runs = [
    ...RUNS,
    run("c", ["system/cpu_percent", "system/loss", "system/a/b"]),
  ];
  for (const isApart of [false, true]) {
    const groups = groupCharts(listCharts(runs, isApart));
    const { charts = [] } = groups.find(({ name }) => name === "system") ?? {};
    assertEquals(
      charts.map(({ id }) => id),
      isApart
        ? ["system/loss", "system/cpu_percent", "system/a/b"]
        : ["cpu_percent", "a/b"],
    );
  }
});

Deno.test("parseSearch() takes words and regular expressions, and says what is none", () => {
  assert(parseSearch("LOSS train").test("train/loss"));
  assert(!parseSearch("loss val").test("train/loss"));
  assert(parseSearch("/^gpu.*m$/").test("gpu/mem"));
  assert(!parseSearch("/^mem/").test("gpu/mem"));
  assert(parseSearch("").test("anything"));
  const broken = parseSearch("/(/");
  assert(broken.isBroken && broken.test("anything"));
});

Deno.test("listCharts() shows the ranks of a run where it has its own curves, also with types apart", () => {
  const runs = [
    run("a", [
      "train/loss",
      "train@rank10/loss",
      "train@rank2/loss",
      "val/loss",
    ]),
    run("b", ["system@rank1/cpu_percent", "system/cpu_percent"]),
  ];
  const [loss, load] = listCharts(runs, false);
  assertEquals(loss?.types.join(), "train,train@rank2,train@rank10,val");
  assertEquals(load?.group, "system");
  assertEquals(
    listCharts(runs, true).map(({ id, types }) => [id, types.length]),
    [
      ["train/loss", 3],
      ["val/loss", 1],
      ["system/cpu_percent", 2],
    ],
  );
});
