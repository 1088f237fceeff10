import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { stringifyYaml, type YamlValue } from "../../src/format/yaml_writer.ts";
import { readFixture } from "./fixtures.ts";
import {
  fingerprint,
  fromTyped,
  hasIntegralFloat,
  type Typed,
} from "./typed_value.ts";

interface Vector {
  readonly v: Typed;
  readonly y: string;
}

const vectors: readonly Vector[] = readFixture("yaml-vectors.jsonl")
  .trimEnd().split("\n").map((line) => JSON.parse(line));

function lineCount(text: string): number {
  return text.split("\n").length;
}

/** PyYAML breaks a line only past column 80, and each such break makes one more line. */
function isFolded(ours: string, python: string): boolean {
  return ours.split("\n").some((line) => line.length > 80) &&
    lineCount(python) > lineCount(ours);
}

Deno.test("stringifyYaml() writes the bytes of PyYAML wherever PyYAML folds no line, and the same value everywhere", () => {
  const counts = { sameBytes: 0, folded: 0, integralFloat: 0 };
  for (const { v, y } of vectors) {
    const value = fromTyped(v);
    const ours = stringifyYaml(value);
    if (hasIntegralFloat(v)) {
      counts.integralFloat++;
    } else if (isFolded(ours, y)) {
      counts.folded++;
    } else {
      assertEquals(ours, y, JSON.stringify(v));
      counts.sameBytes++;
    }
    for (const text of [ours, y]) {
      assertEquals(
        fingerprint(parseYaml(text, { maps: "map" })),
        fingerprint(value),
        text,
      );
    }
  }
  assertEquals(counts, { sameBytes: 4616, folded: 1126, integralFloat: 26 });
});

Deno.test("stringifyYaml() writes a safe integer as an int and other numbers as floats", () => {
  const cases: readonly (readonly [YamlValue, string])[] = [
    [1, "1"],
    [-7, "-7"],
    [0, "0"],
    [-0, "-0.0"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    [2 ** 53, "9007199254740992.0"],
    [9007199254740993n, "9007199254740993"],
    [10n ** 30n, "1000000000000000000000000000000"],
    [1e21, "1.0e+21"],
    [0.5, "0.5"],
  ];
  for (const [value, text] of cases) {
    assertEquals(stringifyYaml([value]), `- ${text}\n`);
  }
});

Deno.test("stringifyYaml() writes an object and a Map alike, and a shared value twice", () => {
  const shared = [1, 2];
  const expected = "a:\n- 1\n- 2\nb:\n  c:\n  - 1\n  - 2\n";
  assertEquals(stringifyYaml({ a: shared, b: { c: shared } }), expected);
  const map = new Map<YamlValue, YamlValue>([
    ["a", shared],
    ["b", new Map([["c", shared]])],
  ]);
  assertEquals(stringifyYaml(map), expected);
  assertEquals(
    stringifyYaml(new Map<YamlValue, YamlValue>([["2", 0], [1, 0], [null, 0]])),
    "'2': 0\n1: 0\nnull: 0\n",
  );
});

Deno.test("stringifyYaml() refuses what YAML cannot carry and names the way to it", () => {
  const cycle: Record<string, unknown> = { a: [] };
  cycle["a"] = [{ again: cycle }];
  const cases: readonly (readonly [unknown, string])[] = [
    [{ a: { b: [1, undefined] } }, '"a.b[1]" as YAML: undefined'],
    [{ f: () => 0 }, '"f" as YAML: a function'],
    [[Symbol("x")], '"[0]" as YAML: a symbol'],
    [{ at: new Date(0) }, '"at" as YAML: an object of class Date'],
    [new Set([1]), "the value as YAML: an object of class Set"],
    [cycle, '"a[0].again" as YAML: it contains itself'],
    [
      new Map([[[1], 2]]),
      '"1" as YAML: an object of class Array cannot be a key',
    ],
    // deno-lint-ignore no-sparse-arrays -- the hole is the case
    [[1, , 2], '"[1]" as YAML: undefined'],
  ];
  for (const [value, message] of cases) {
    const error = assertThrows(
      () => stringifyYaml(value as YamlValue),
      TypeError,
    );
    assertStringIncludes(error.message, message);
  }
});

/** Strings full of what YAML treats specially. */
const string = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      ..."ab19 -?:#,[]{}&*!|>'\"%@`~=<.\n\t\\_+e\u0085\u2028\u{1F680}",
    ),
    maxLength: 8,
  }),
  fc.constantFrom("yes", "null", "1.5e+3", "1:30", "2020-01-01", "---", "0x1f"),
  fc.integer({ min: 100, max: 140 }).map((length) => "k".repeat(length)),
);

const scalar = fc.oneof(
  string,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: 2n ** 53n }),
);

const { value: anyValue } = fc.letrec<{ value: YamlValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(string, tie("value")), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  ),
}));

Deno.test("parseYaml() reads back every value that stringifyYaml() writes", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const text = stringifyYaml(value);
      assertEquals(
        fingerprint(parseYaml(text, { maps: "map" })),
        fingerprint(value),
      );
    }),
    { numRuns: 2000 },
  );
});
