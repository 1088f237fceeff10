import { assertEquals } from "@std/assert";
import { toJsonValue } from "../../../src/cli/output/json_text.ts";
import {
  durationText,
  numberText,
  timeText,
} from "../../../src/cli/output/texts.ts";

Deno.test("durationText() has two parts at most", () => {
  const table: [ms: number | null, text: string][] = [
    [null, ""],
    [-5, "0.0s"],
    [1540, "1.5s"],
    [59_960, "1m 00s"],
    [125_000, "2m 05s"],
    [3 * 3600_000 + 7 * 60_000, "3h 07m"],
    [100 * 3600_000, "4d 04h"],
  ];
  for (const [ms, text] of table) assertEquals(durationText(ms), text);
});

Deno.test("numberText() is short, and says what the number is", () => {
  const table: [value: number, text: string][] = [
    [0, "0"],
    [3, "3"],
    [1_000_000, "1000000"],
    [0.1 + 0.2, "0.3"],
    [123456.789, "123457"],
    [-0.000012345678, "-1.2346e-5"],
    [1e21, "1e21"],
    [5e-324, "4.9407e-324"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
    [0.999999999, "1"],
  ];
  for (const [value, text] of table) assertEquals(numberText(value), text);
});

Deno.test("timeText() is local time, and what cannot be read as it is", () => {
  assertEquals(timeText(null), "");
  assertEquals(timeText("soon"), "soon");
  const { length } = timeText("2026-11-23T08:21:18.000001+00:00");
  assertEquals(length, "2026-11-23 16:21:28".length);
});

Deno.test("toJsonValue() keeps what JSON cannot carry as texts", () => {
  assertEquals(
    toJsonValue({ a: [NaN, 1, -Infinity], b: { c: 2n ** 60n, d: null } }),
    { a: ["NaN", 1, "-Infinity"], b: { c: "1152921504606846976", d: null } },
  );
});
