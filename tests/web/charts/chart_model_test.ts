import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { fileKey, seriesKey } from "../../../src/web/charts/catalogue.ts";
import {
  buildModel,
  type ChartSource,
  lineLook,
} from "../../../src/web/charts/chart_model.ts";
import { Smoother } from "../../../src/web/charts/line.ts";
import { curveOf } from "./support.ts";

const A = { id: "a", name: "a", color: "#3b78e7", isLive: false };
const B = { id: "b", name: "b", color: "#e07a1f", isLive: false };
const TYPES = ["train", "train@rank1", "train@rank2", "val", "val@rank1"];

function source(more: Partial<ChartSource> = {}): ChartSource {
  const runs = more.runs ?? [A];
  return {
    info: { id: "loss", name: "loss", types: TYPES, group: "" },
    runs,
    isSingle: runs.length === 1,
    types: TYPES,
    curves: new Map(
      runs.flatMap(({ id }) =>
        TYPES.map((type) => [seriesKey(id, type, "loss"), curveOf([1, 2])])
      ),
    ),
    whole: new Map(),
    series: new Map(),
    resumed: new Map(),
    params: {
      x: "step",
      isLogX: false,
      isLogY: false,
      isClipped: false,
      smoothing: 0,
    },
    zoom: undefined,
    smoother: new Smoother(),
    ...more,
  };
}

Deno.test("lineLook() tells the ranks of a run by colour and its types by dashes", () => {
  const look = (type: string) => lineLook(source(), A, type);
  assertEquals(look("train"), { color: A.color, dash: [] });
  const colors = TYPES.slice(0, 3).map((type) => look(type).color);
  assertEquals(new Set(colors).size, 3);
  assertEquals(look("val").color, A.color);
  assertEquals(look("val@rank1").color, look("train@rank1").color);
  assertEquals(look("val@rank1").dash, look("val").dash);
  assertNotEquals(look("val").dash, []);
});

Deno.test("lineLook() tells types by colour where a run has no ranks", () => {
  const types = ["train", "val"];
  const info = { id: "loss", name: "loss", types, group: "" };
  const look = (type: string) =>
    lineLook({ info, isSingle: true, types }, A, type);
  assertEquals(look("train"), { color: A.color, dash: [] });
  assertNotEquals(look("val").color, A.color);
  assertEquals(look("val").dash, []);
});

Deno.test("buildModel() draws the ranks of several runs in their colours, and thin", () => {
  const { lines } = buildModel(source({ runs: [A, B] }));
  assertEquals(lines.length, 2 * TYPES.length);
  for (const { node, type, color, isThin } of lines) {
    assertEquals(color, node === "a" ? A.color : B.color);
    assertEquals(isThin, type.includes("@"), type);
  }
  assert(buildModel(source()).lines.every(({ isThin }) => !isThin));
});

Deno.test("buildModel() marks steps at which attempts went on, one for each, as the type says that was first", () => {
  const resumed = new Map([
    [fileKey("a", "train"), [31, 61, 61]],
    [fileKey("a", "val"), [35, 65]],
    [fileKey("a", "train@rank1"), [null, null, 70, 80]],
    [fileKey("b", "train"), [7]],
    [fileKey("a", "system"), [2, 3]],
  ]);
  assertEquals(buildModel(source({ resumed })).marks, [
    { x: 31, color: undefined },
    { x: 61, color: undefined },
    { x: 80, color: undefined },
  ]);
  assertEquals(buildModel(source({ resumed, runs: [A, B] })).marks, [
    { x: 31, color: A.color },
    { x: 61, color: A.color },
    { x: 80, color: A.color },
    { x: 7, color: B.color },
  ]);
  const { params } = source();
  const byTime = source({ resumed, params: { ...params, x: "time" } });
  assertEquals(buildModel(byTime).marks, []);
});
