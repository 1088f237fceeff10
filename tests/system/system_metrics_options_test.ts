import { assertEquals, assertThrows } from "@std/assert";
import { checkSystemMetrics } from "../../src/system/system_metrics_options.ts";

Deno.test("checkSystemMetrics() fills in the default, and refuses what is no time", () => {
  assertEquals(checkSystemMetrics(undefined), undefined);
  assertEquals(checkSystemMetrics(false), undefined);
  assertEquals(checkSystemMetrics(true), 10_000);
  assertEquals(checkSystemMetrics({}), 10_000);
  assertEquals(checkSystemMetrics({ everyMs: 1000 }), 1000);
  const wrong: [unknown, typeof TypeError | typeof RangeError, string][] = [
    ["yes", TypeError, "must be true, false or { everyMs: number }"],
    [10, TypeError, "must be true, false or { everyMs: number }"],
    [{ every: 5 }, TypeError, 'has no "every"; it has everyMs'],
    [{ everyMs: "5 s" }, TypeError, 'and is "5 s"'],
    [{ everyMs: 999 }, RangeError, "must be from 1000"],
    [{ everyMs: NaN }, RangeError, "and is NaN"],
    [{ everyMs: Infinity }, RangeError, "and is Infinity"],
  ];
  for (const [value, type, message] of wrong) {
    assertThrows(() => checkSystemMetrics(value), type, message);
  }
});
