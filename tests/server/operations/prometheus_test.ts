import { assertEquals } from "@std/assert";
import {
  Counter,
  Histogram,
  Observed,
} from "../../../src/server/operations/prometheus.ts";

Deno.test("Counter, Observed and Histogram write Prometheus' text format", () => {
  const counter = new Counter({ name: "c_total", help: "Some" });
  counter.add({ a: "1", b: 'x"\\\n' });
  counter.add({ a: "1", b: 'x"\\\n' }, 2.5);
  counter.add({});
  assertEquals(
    counter.text(),
    "# HELP c_total Some\n# TYPE c_total counter\n" +
      'c_total{a="1",b="x\\"\\\\\\n"} 3.5\nc_total 1\n',
  );
  const gauge = new Observed(
    { name: "g", help: "One", type: "gauge" },
    () => [[{ t: "x" }, NaN], [{ t: "y" }, -Infinity]],
  );
  assertEquals(
    gauge.text(),
    '# HELP g One\n# TYPE g gauge\ng{t="x"} NaN\ng{t="y"} -Inf\n',
  );
  const histogram = new Histogram({ name: "h", help: "Time" }, [0.1, 1]);
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe({ m: "G" }, value);
  assertEquals(
    histogram.text(),
    "# HELP h Time\n# TYPE h histogram\n" +
      'h_bucket{m="G",le="0.1"} 2\nh_bucket{m="G",le="1"} 3\nh_bucket{m="G",le="+Inf"} 4\n' +
      'h_sum{m="G"} 7.65\nh_count{m="G"} 4\n',
  );
});
