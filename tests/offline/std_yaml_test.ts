/**
 * What the project relies on in `@std/yaml`, held against the stand-in and against
 * what the bare name resolves to: the original where JSR answers.
 */

import * as installedYaml from "@std/yaml";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import * as ourYaml from "./std/yaml/mod.ts";

const scalars: readonly (readonly [text: string, value: unknown])[] = [
  ["1e-3", 0.001],
  ["-.5", "-.5"],
  ["010", 8],
  ["08", "08"],
  ["0o17", "0o17"],
  ["1_000", 1000],
  ["1:30", "1:30"],
  ["yes", "yes"],
  ["y", "y"],
  ["nan", "nan"],
  [".nan", NaN],
  ["2020-01-01", new Date("2020-01-01T00:00:00Z")],
  ["=", "="],
  ["<<", "<<"],
  ["-0", 0],
  ["9007199254740993", 9007199254740992],
  ["1e400", Infinity],
  ["12e03", 12000],
  ["1.e-7", 1e-7],
  ["1e+21", 1e21],
  ["190:20:30.5", "190:20:30.5"],
  ["0x1F", 31],
  ["true", true],
  ["True", true],
  ["~", null],
  ["", null],
  ["'1'", "1"],
];

Deno.test("yaml parse() gives every plain scalar its meaning", () => {
  for (const { parse } of [ourYaml, installedYaml]) {
    for (const [text, value] of scalars) {
      const got = parse(text);
      // deno-lint-ignore eqeqeq
      const isZero = got === 0 && value === 0 && got == value;
      if (!isZero) deepStrictEqual(got, value, `plain scalar ${text}`);
      if (text !== "") {
        deepStrictEqual(parse(`- ${text}`), [isZero ? got : value]);
      }
    }
  }
});

Deno.test("yaml parse() reads the schemas by name", () => {
  const text = "- 1\n- 1:30\n- true\n- 2020-01-01";
  const day = new Date("2020-01-01T00:00:00Z");
  for (const { parse } of [ourYaml, installedYaml]) {
    const cases = {
      failsafe: ["1", "1:30", "true", "2020-01-01"],
      json: [1, "1:30", true, "2020-01-01"],
      core: [1, "1:30", true, "2020-01-01"],
      default: [1, "1:30", true, day],
      extended: [1, "1:30", true, day],
    } as const;
    for (const [schema, value] of Object.entries(cases)) {
      const options = { schema: schema as keyof typeof cases };
      deepStrictEqual(parse(text, options), value, schema);
    }
  }
});

Deno.test("yaml parse() refuses what is not one document", () => {
  for (const { parse, parseAll } of [ourYaml, installedYaml]) {
    for (
      const bad of ["a: [", "a: 1\na: 2", "a: b: c", "'", "@x", "a\n---\nb"]
    ) {
      throws(() => parse(bad), SyntaxError, JSON.stringify(bad));
    }
    const lenient = { allowDuplicateKeys: true };
    deepStrictEqual(parse("a: 1\na: 2", lenient), { a: 2 });
    deepStrictEqual(parseAll("a\n---\n1"), ["a", 1]);
    deepStrictEqual(parse("\uFEFFa: 1"), { a: 1 });
  }
});

Deno.test("yaml stringify() writes as the original does", () => {
  const long = "word ".repeat(20).trim();
  const shared = [1];
  const cases: [value: unknown, text: string, options?: object][] = [
    [1e-7, "1.e-7\n"],
    [1e21, "1e+21\n"],
    [-0, "-0.0\n"],
    [NaN, ".nan\n"],
    [-Infinity, "-.inf\n"],
    ["1e-3", "'1e-3'\n"],
    ["yes", "'yes'\n"],
    ["yes", "yes\n", { compatMode: false }],
    ["1:30", "'1:30'\n"],
    ["é", "é\n"],
    [null, "null\n"],
    [{ a: [1, "x"] }, "a:\n  - 1\n  - x\n"],
    [{ a: [1] }, "a:\n- 1\n", { arrayIndent: false }],
    [{ a: { b: 1 } }, "a:\n    b: 1\n", { indent: 4 }],
    [{ b: 1, a: 2 }, "a: 2\nb: 1\n", { sortKeys: true }],
    [{ a: [1, 2] }, "a: [1, 2]\n", { flowLevel: 1 }],
    [{ b: 1, a: undefined }, "b: 1\n", { skipInvalid: true }],
    [long, `${long}\n`, { lineWidth: -1 }],
    ["a\nb\n", "|\n  a\n  b\n"],
    [[shared, shared], "- &ref_0\n  - 1\n- *ref_0\n"],
    [[shared, shared], "- - 1\n- - 1\n", { useAnchors: false }],
    [{}, "{}\n"],
    [[], "[]\n"],
  ];
  for (const { stringify } of [ourYaml, installedYaml]) {
    for (const [value, text, options] of cases) {
      strictEqual(stringify(value, options ?? {}), text);
    }
    for (const bad of [undefined, { a: undefined }, [() => 1], 1n]) {
      throws(() => stringify(bad), TypeError);
    }
  }
});
