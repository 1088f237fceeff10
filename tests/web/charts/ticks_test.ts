import { assertEquals } from "@std/assert";
import {
  durationLabels,
  logLabels,
  numberLabels,
  timeLabels,
} from "../../../src/web/charts/ticks.ts";

Deno.test("numberLabels() is as exact as the distance of the ticks", () => {
  const cases: [ticks: (number | null)[], labels: string[]][] = [
    [[0, 0.2, 0.4], ["0", "0.2", "0.4"]],
    [[0.31, 0.315, 0.32], ["0.310", "0.315", "0.320"]],
    [[0, 5000, 10000], ["0", "5k", "10k"]],
    [[12300, 12350, 12400], ["12300", "12350", "12400"]],
    [[0, 1e6, 2e6], ["0", "1e6", "2e6"]],
    [[1.5e7, 1.55e7, 1.6e7], ["1.50e7", "1.55e7", "1.60e7"]],
    [[0, 0.00002, 0.00004], ["0", "2e-5", "4e-5"]],
    [[-1, null, 1], ["-1", "", "1"]],
    [[7], ["7"]],
    [[], []],
  ];
  for (const [ticks, labels] of cases) {
    assertEquals(numberLabels(ticks), labels, JSON.stringify(ticks));
  }
});

Deno.test("logLabels() writes powers of ten as people do", () => {
  assertEquals(logLabels([0.0001, 0.001, 0.00112, null, 1, 1000, 1e6]), [
    "1e-4",
    "0.001",
    "",
    "",
    "1",
    "1000",
    "1e6",
  ]);
});

Deno.test("durationLabels() uses the units of time", () => {
  assertEquals(durationLabels([0, 500, 5000, 90_000, 3_600_000, -60_000]), [
    "0",
    "500 ms",
    "5 s",
    "1 m 30 s",
    "1 h",
    "−1 m",
  ]);
});

Deno.test("timeLabels() names the day where it first appears", () => {
  const at = (hour: number, day = 23): number =>
    new Date(2026, 10, day, hour).getTime();
  assertEquals(timeLabels([at(6), at(18), at(6, 24)]), [
    "06:00\n11-23",
    "18:00",
    "06:00\n11-24",
  ]);
  assertEquals(timeLabels([at(0), at(0, 24)]), ["11-23", "11-24"]);
});

Deno.test("numberLabels() is as exact as distances of 2.5 ask for", () => {
  assertEquals(numberLabels([0, 0.25, 0.5, 0.75]), [
    "0",
    "0.25",
    "0.50",
    "0.75",
  ]);
  assertEquals(numberLabels([5, 7.5, 10]), ["5.0", "7.5", "10.0"]);
  assertEquals(numberLabels([0.1, 0.2, 0.3]), ["0.1", "0.2", "0.3"]);
  assertEquals(numberLabels([20, 40]), ["20", "40"]);
});
