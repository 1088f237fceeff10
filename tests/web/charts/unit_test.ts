import { assertEquals } from "@std/assert";
import {
  BYTE_STEPS,
  formatValue,
  unitOf,
  valueLabels,
} from "../../../src/web/charts/unit.ts";

const GIB = 1024 ** 3;
const PLAIN = { isLog: false };

Deno.test("unitOf() reads the unit from the end of a name", () => {
  for (
    const [name, unit] of [
      ["cpu_percent", "%"],
      ["gpu_0_memory_used_gib", "GiB"],
      ["network_sent_mib_per_s", "MiB/s"],
      ["gpu_1_temperature_celsius", "°C"],
      ["gpu/0_power_watts", "W"],
      ["heap_bytes", "B"],
      ["percent", "%"],
      ["loss", ""],
      ["kilobytes", ""],
    ] as const
  ) assertEquals(unitOf(name), unit, name);
});

Deno.test("formatValue() says a value with its unit, and bytes in larger ones", () => {
  assertEquals(formatValue(12.5, "%"), "12.5%");
  assertEquals(formatValue(3, "GiB"), "3 GiB");
  assertEquals(formatValue(1.5 * GIB, "B"), "1.5 GiB");
  assertEquals(formatValue(-3, "B"), "-3 B");
  assertEquals(formatValue(0.25, ""), "0.25");
});

Deno.test("valueLabels() has units beside the numbers, or where there is no room once below the greatest", () => {
  assertEquals(valueLabels([0, 50, 100], { unit: "%", ...PLAIN }), [
    "0%",
    "50%",
    "100%",
  ]);
  assertEquals(valueLabels([1, 2, null], { unit: "GiB", ...PLAIN }), [
    "1 GiB",
    "2 GiB",
    "",
  ]);
  assertEquals(valueLabels([0.072, 0.074], { unit: "MiB/s", ...PLAIN }), [
    "0.072",
    "0.074\nMiB/s",
  ]);
  assertEquals(valueLabels([1, 2], { unit: "", ...PLAIN }), ["1", "2"]);
});

Deno.test("valueLabels() says bytes in the unit of their distance, for every distance that an axis may have", () => {
  assertEquals(
    valueLabels([0, 0.5 * GIB, GIB], { unit: "B", ...PLAIN }),
    ["0 MiB", "512 MiB", "1024 MiB"],
  );
  assertEquals(valueLabels([2 * GIB], { unit: "B", ...PLAIN }), ["2 GiB"]);
  for (const step of BYTE_STEPS.slice(0, 50)) {
    for (
      const label of valueLabels([0, step, 2 * step], { unit: "B", ...PLAIN })
    ) {
      assertEquals(/^\d+ ([KMGT]i)?B$/.test(label), true, label);
    }
  }
  assertEquals(
    valueLabels([1, 1e6], { unit: "B", isLog: true }),
    ["1 B", "976.6 KiB"],
  );
});
