import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  escape,
  type SvgChart,
  toSvg,
} from "../../../src/web/charts/svg_chart.ts";
import { curveOf, lineOf } from "./support.ts";

const HOSTILE = `</text><script>alert("1")</script>&\u0000\ud800'`;

const chart: SvgChart = {
  title: HOSTILE,
  xLabel: "Step",
  width: 200,
  height: 120,
  frame: {
    left: 40,
    top: 10,
    width: 150,
    height: 80,
    x: { min: 0, max: 3, isLog: false },
    y: { min: 0, max: 10, isLog: false },
  },
  ticks: {
    x: [{ at: 0, label: "06:00\n11-23" }],
    y: [{ at: 40, label: "5" }],
  },
  marks: [{ at: 5, color: "#444444" }],
  lines: [lineOf(curveOf([1, 9, "NaN", 4]))],
  legend: [{ label: HOSTILE, color: "#3b78e7", dash: [2, 2] }],
  colors: { text: "#111", grid: "#ddd", surface: "#fff" },
};

Deno.test("toSvg() shows what people wrote as text, whatever it is", () => {
  const svg = toSvg(chart);
  assert(!svg.includes("<script"), svg);
  assert(svg.isWellFormed());
  // deno-lint-ignore no-control-regex -- XML forbids it
  assert(!/\u0000/.test(svg));
  assertEquals(
    escape(HOSTILE),
    "&#60;/text&#62;&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;\ufffd\ufffd&#39;",
  );
});

Deno.test("toSvg() has axes, legend, line and marks", () => {
  const svg = toSvg(chart);
  for (
    const text of [
      ">5</text>",
      ">06:00</text>",
      ">11-23</text>",
      ">Step</text>",
    ]
  ) {
    assertStringIncludes(svg, text);
  }
  assertStringIncludes(svg, 'd="M40 110L90 46M190 86"');
  assertStringIncludes(svg, 'stroke-dasharray="2 2"');
  assertEquals(svg.match(/<circle/g)?.length, 3, "few points are dots");
  assertStringIncludes(svg, 'stroke-width="1.6"', "the mark of NaN");
});
