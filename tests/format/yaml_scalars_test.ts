import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import {
  formatFloat,
  formatKey,
  formatNumber,
  resolvePlain,
} from "../../src/format/yaml_scalars.ts";

Deno.test("formatFloat() writes what Python writes", () => {
  const cases: readonly (readonly [number, string])[] = [
    [1, "1.0"],
    [97, "97.0"],
    [0, "0.0"],
    [-0, "-0.0"],
    [0.1, "0.1"],
    [0.1 + 0.2, "0.30000000000000004"],
    [0.0001, "0.0001"],
    [-0.00012345, "-0.00012345"],
    [0.00001, "1.0e-05"],
    [-0.000012345, "-1.2345e-05"],
    [1e-6, "1.0e-06"],
    [1e-7, "1.0e-07"],
    [1.23e-9, "1.23e-09"],
    [5e-324, "5.0e-324"],
    [1e15, "1000000000000000.0"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1.0e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e20, "1.0e+20"],
    [1e21, "1.0e+21"],
    [-1.5e300, "-1.5e+300"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [Infinity, ".inf"],
    [-Infinity, "-.inf"],
    [NaN, ".nan"],
  ];
  for (const [value, text] of cases) assertEquals(formatFloat(value), text);
});

Deno.test("formatFloat() writes the digits of the number, and an exponent where Python does", () => {
  const sizes = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
    fc.double({ min: 1e15, max: 1e22, noNaN: true }),
    fc.tuple(
      fc.integer({ min: -999, max: 999 }),
      fc.integer({ min: -30, max: 30 }),
    )
      .map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
  );
  fc.assert(
    fc.property(sizes, (value) => {
      const text = formatFloat(value);
      const size = Math.abs(value);
      assertMatch(
        text,
        size !== 0 && (size < 1e-4 || size >= 1e16)
          ? /^-?[1-9]\.(?:0|[0-9]*[1-9])e[-+](?:0[0-9]|[1-9][0-9]{1,2})$/
          : /^-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])$/,
      );
      assert(Object.is(Number(text), value), text);
      // The fewest digits that name the number.
      assertEquals(significant(text), significant(value.toExponential()));
    }),
    { numRuns: 5000 },
  );
});

function significant(text: string): string {
  return text.replace(/e.*$/, "").replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "");
}

Deno.test("resolvePlain() reads back every number that formatFloat() and formatNumber() write", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      assertEquals(Object.is(resolvePlain(formatFloat(value)), value), true);
      assertEquals(Object.is(resolvePlain(formatNumber(value)), value), true);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("resolvePlain() reads by the rules of YAML 1.1, not 1.2", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["yes", true],
    ["Off", false],
    ["ON", true],
    ["y", "y"],
    ["n", "n"],
    ["tRue", "tRue"],
    ["", null],
    ["~", null],
    ["Null", null],
    ["nULL", "nULL"],
    ["017", 15],
    ["08", "08"],
    ["0o17", "0o17"],
    ["0x1F", 31],
    ["-0x1f", -31],
    ["0b101", 5],
    ["0b", "0b"],
    ["0x_", "0x_"],
    ["1_000", 1000],
    ["+1", 1],
    ["-0", 0],
    ["1:30", 90],
    ["-1:30", -90],
    ["1:60", "1:60"],
    ["190:20:30", 685230],
    ["190:20:30.5", 685230.5],
    ["1e3", "1e3"],
    ["1.5e3", "1.5e3"],
    ["1.5e+3", 1500],
    ["1.e-7", 1e-7],
    ["1e+21", "1e+21"],
    [".5", 0.5],
    ["-.5", "-.5"],
    ["5.", 5],
    ["1_0.2_5", 10.25],
    [".inf", Infinity],
    ["+.INF", Infinity],
    ["-.Inf", -Infinity],
    [".NaN", NaN],
    ["nan", "nan"],
    ["Infinity", "Infinity"],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["-1000000000000000000000", -1000000000000000000000n],
    ["2020-01-01", "2020-01-01"],
    ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"],
    ["=", "="],
    ["<<", "<<"],
    ["None", "None"],
  ];
  for (const [text, value] of cases) {
    assertEquals(Object.is(resolvePlain(text), value), true, text);
  }
});

Deno.test("formatKey() puts a key on a line of its own where PyYAML does", () => {
  const cases: readonly (readonly [Parameters<typeof formatKey>[0], string])[] =
    [
      ["loss", "loss:"],
      ["学习率", '"\\u5B66\\u4E60\\u7387":'],
      ["yes", "'yes':"],
      ["", "? ''\n  :"],
      ["a\nb", "? 'a\n\n    b'\n  :"],
      ["\u2028", '? "\\L"\n  :'],
      ["k".repeat(122), `${"k".repeat(122)}:`],
      ["k".repeat(123), `? ${"k".repeat(123)}\n  :`],
      ["é".repeat(122), `"${"\\xE9".repeat(122)}":`],
      ["\u{1F680}".repeat(122), `"${"\\U0001F680".repeat(122)}":`],
      ["\u{1F680}".repeat(123), `? "${"\\U0001F680".repeat(123)}"\n  :`],
      [null, "null:"],
      [1, "1:"],
      [10n ** 121n, `1${"0".repeat(121)}:`],
      [10n ** 122n, `? 1${"0".repeat(122)}\n  :`],
    ];
  for (const [key, text] of cases) assertEquals(formatKey(key, 2), text);
});
