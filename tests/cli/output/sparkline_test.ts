import { assertEquals } from "@std/assert";
import { sparkline } from "../../../src/cli/output/sparkline.ts";
import { Curve } from "../../../src/reading/curve.ts";

function drawn(values: readonly number[], width: number): string {
  const curve = new Curve(64);
  values.forEach((value, x) => curve.add(x, value));
  return sparkline(curve.buckets, width);
}

Deno.test("sparkline() draws what goes up and down, spikes too, within its width", () => {
  const table: [values: readonly number[], width: number, line: string][] = [
    [[], 8, ""],
    [[5], 8, "▁"],
    [[1, 1, 1], 8, "▁▁▁"],
    [[0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"],
    [[1, 0.5, 0.25, 0.2, 0.1, 0], 3, "█▂▁"],
    [[0, 0, 0, 9, 0, 0, 0, -9, 0, 0, 0, 0], 4, "▅█▁▅"],
    [[-1.7e308, 1.7e308], 8, "▁█"],
    [Array.from({ length: 10_000 }, (_, x) => x), 8, "▁▃▄▅▆▇██"],
  ];
  for (const [values, width, line] of table) {
    assertEquals(drawn(values, width), line, `${values.slice(0, 12)}`);
  }
});
