import { assertEquals } from "@std/assert";
import {
  formatBytes,
  formatNumber,
  formatScalar,
} from "../../../src/web/format/number.ts";
import { formatAgo, formatDuration } from "../../../src/web/format/time.ts";
import { language, texts } from "../../../src/web/state/language.ts";

Deno.test("formatNumber() keeps five digits, whole numbers, and what is no number", () => {
  const cases: [value: number, text: string][] = [
    [0.123456789, "0.12346"],
    [1e-7, "1e-7"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [123456, "123456"],
    [1234567.891, "1234600"],
    [-0.5, "-0.5"],
    [NaN, "NaN"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
  ];
  for (const [value, text] of cases) assertEquals(formatNumber(value), text);
  assertEquals(formatScalar(null), "–");
  assertEquals(formatScalar("1e-3"), "1e-3");
  assertEquals(formatScalar(false), "false");
});

Deno.test("formatBytes() counts in powers of 1024", () => {
  const cases: [bytes: number, text: string][] = [
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [5 * 1024 ** 3, "5.0 GiB"],
    [5000 * 1024 ** 4, "5000.0 TiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatBytes(bytes), text);
});

Deno.test("formatDuration() names the two greatest units", () => {
  const cases: [ms: number, text: string][] = [
    [12, "12 ms"],
    [1500, "1.5 s"],
    [59_999, "59 s"],
    [216_000, "3 m 36 s"],
    [3_600_000, "1 h 0 m"],
    [90_061_000, "1 d 1 h"],
    [-1, "–"],
  ];
  for (const [ms, text] of cases) assertEquals(formatDuration(ms), text);
});

Deno.test("texts() speaks the language that is chosen, and counts in English", () => {
  const { runs } = texts({ runs: ["{n} run|{n} runs", "{n} 个运行"] });
  const before = language.value;
  language.value = "en";
  assertEquals([runs({ n: 1 }), runs({ n: 2 })], ["1 run", "2 runs"]);
  assertEquals(formatAgo(3 * 86_400_000), "3 days ago");
  language.value = "zh";
  assertEquals([runs({ n: 1 }), formatAgo(60_000)], ["1 个运行", "1 分钟前"]);
  language.value = before;
});
