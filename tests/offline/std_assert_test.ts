/**
 * What the project relies on in `@std/assert`, held against the stand-in and against
 * what the bare name resolves to: the original where JSR answers.
 */

import * as installedAssert from "@std/assert";
import nodeAssert, { rejects, throws } from "node:assert/strict";
import * as ourAssert from "./std/assert/mod.ts";

Deno.test("assertEquals() compares by value, in depth", () => {
  const nullProto = Object.assign(Object.create(null), { a: 1 });
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const loop2: Record<string, unknown> = {};
  loop2.self = loop2;
  class Point {
    constructor(readonly x: number) {}
  }
  const bytes = (...values: number[]) => new Uint8Array(values);
  const same: [unknown, unknown][] = [
    [1, 1],
    [0, -0],
    [NaN, NaN],
    [nullProto, { a: 1 }],
    [loop, loop2],
    [[1, [2]], [1, [2]]],
    [new Point(1), new Point(1)],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [new URL("http://a/"), new URL("http://a")],
    [new Map([["k", [1]]]), new Map([["k", [1]]])],
    [new Map([[{ k: 1 }, 2]]), new Map([[{ k: 1 }, 2]])],
    [new Set([{ a: 1 }, 2]), new Set([2, { a: 1 }])],
    [bytes(1, 2), bytes(1, 2)],
    [new Float64Array([0, NaN]), new Float64Array([-0, NaN])],
    [bytes(1, 2).buffer, bytes(1, 2).buffer],
    [undefined, undefined],
    [{ a: -0 }, { a: 0 }],
  ];
  const other: [unknown, unknown][] = [
    [1, "1"],
    [null, undefined],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[1, 2], [2, 1]],
    [[1], { 0: 1 }],
    [new Point(1), { x: 1 }],
    [new Point(1), new Point(2)],
    [new Date(5), new Date(6)],
    [/a/g, /a/i],
    [new URL("http://a/"), new URL("http://b/")],
    [new Map([["k", 1]]), new Map([["k", 2]])],
    [new Map([["k", 1]]), new Map([["l", 1]])],
    [new Set([1]), new Set([2])],
    [bytes(1, 2), bytes(1, 3)],
    [bytes(1, 2), [1, 2]],
    [bytes(1, 2).buffer, bytes(1).buffer],
    [new Float64Array([1]), new Float64Array([2])],
    [new Error("a"), new Error("b")],
    [{ [Symbol.for("a")]: 1 }, { [Symbol.for("a")]: 2 }],
    [() => 1, () => 1],
  ];
  for (
    const { assertEquals, assertNotEquals } of [ourAssert, installedAssert]
  ) {
    for (const [i, [a, b]] of same.entries()) {
      assertEquals(a, b, `pair ${i} of the same`);
      throws(() => assertNotEquals(a, b), { name: "AssertionError" });
    }
    for (const [i, [a, b]] of other.entries()) {
      throws(
        () => assertEquals(a, b, "here"),
        { name: "AssertionError", message: /^Values are not equal: here\n/ },
        `pair ${i} of different ones`,
      );
      assertNotEquals(a, b);
    }
  }
});

Deno.test("every simple assertion passes what it should, and fails the rest", () => {
  for (const std of [ourAssert, installedAssert]) {
    const symbol = Symbol.iterator;
    const good: (() => void)[] = [
      () => std.assert(1),
      () => std.assertFalse(0),
      () => std.assertExists(0),
      () => std.assertInstanceOf(new TypeError(), Error),
      () => std.assertStringIncludes("abc", "b"),
      () => std.assertMatch("abc", /b/),
      () => std.assertNotMatch("abc", /d/),
      () => std.assertArrayIncludes([1, { a: 1 }], [{ a: 1 }]),
      () => std.assertStrictEquals(NaN, NaN),
      () => std.assertStrictEquals(symbol, symbol),
      () => std.assertNotStrictEquals([], []),
      () => std.assertGreater(2, 1),
      () => std.assertGreaterOrEqual(2, 2),
      () => std.assertLess(1n, 2n),
      () => std.assertLessOrEqual(2, 2),
      () => std.assertAlmostEquals(0.1 + 0.2, 0.3),
      () => std.assertAlmostEquals(1, 1.4, 0.5),
      () => std.assertObjectMatch({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 2 } }),
      () => std.assertObjectMatch({ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }),
    ];
    const bad: [fail: () => void, message: RegExp][] = [
      [() => std.assert(0, "why"), /^why$/],
      [() => std.assertFalse(1, "why"), /^why$/],
      [() => std.assertExists(null), /to not be null or undefined\.$/],
      [() => std.assertInstanceOf({}, Error), /instance of "Error" but was "O/],
      [() => std.assertInstanceOf(null, Error), /but was "null"/],
      [() => std.assertStringIncludes("abc", "d"), /"abc" to contain: "d"\.$/],
      [() => std.assertMatch("abc", /d/, "why"), /to match: "\/d\/": why$/],
      [() => std.assertNotMatch("abc", /b/), /to not match: "\/b\/"\.$/],
      [() => std.assertArrayIncludes([1], [2]), /missing: /],
      [() => std.assertStrictEquals([], []), /same structure but are not ref/],
      [() => std.assertStrictEquals(0, -0), /^Values are/],
      [() => std.assertStrictEquals(1, 2), /^Values are not strictly equal\./],
      [() => std.assertNotStrictEquals(1, 1), /not be strictly equal to: 1/],
      [() => std.assertGreater(1, 1), /^Expect 1 > 1$/],
      [() => std.assertGreaterOrEqual(1, 2), /^Expect 1 >= 2$/],
      [() => std.assertLess(1, 1), /^Expect 1 < 1$/],
      [() => std.assertLessOrEqual(2, 1), /^Expect 2 <= 1$/],
      [() => std.assertLess(NaN, 1), /^Expect NaN < 1$/],
      [() => std.assertAlmostEquals(1, 1.1), /to be close to "1\.1/],
      [() => std.assertAlmostEquals(NaN, 1), /to be close to/],
      [
        () => std.assertObjectMatch({ a: 1 }, { a: 2 }),
        /^Values are not equal/,
      ],
      [
        () => std.assertObjectMatch({ a: 1 }, { b: 1 }),
        /^Values are not equal/,
      ],
      [
        () => std.assertObjectMatch({ a: [1] }, { a: [1, 2] }),
        /^Values are not equal/,
      ],
      [
        () => std.assertObjectMatch({ a: { b: 1 } }, { a: { b: 1, c: 1 } }),
        /^Values are not equal/,
      ],
      [() => std.fail("why"), /^Failed assertion: why$/],
      [() => std.unreachable(), /^Unreachable\.$/],
    ];
    for (const [i, check] of good.entries()) {
      nodeAssert.doesNotThrow(check, `case ${i} of the good ones`);
    }
    for (const [i, [check, message]] of bad.entries()) {
      throws(
        check,
        { name: "AssertionError", message },
        `case ${i} of the bad`,
      );
    }
  }
});

Deno.test("assertThrows() and assertRejects() want the class and the words", async () => {
  const boom = (): never => {
    throw new RangeError("the \u001b[31mred\u001b[0m words");
  };
  const later = () => Promise.reject(new RangeError("the words"));
  for (const std of [ourAssert, installedAssert]) {
    const { assertRejects, assertThrows } = std;
    const error: RangeError = assertThrows(boom, RangeError, "red words");
    nodeAssert.ok(error instanceof RangeError);
    nodeAssert.ok(assertThrows(boom) instanceof RangeError);
    assertThrows(boom, Error);
    const rejected: RangeError = await assertRejects(
      later,
      RangeError,
      "words",
    );
    nodeAssert.ok(rejected instanceof RangeError);
    nodeAssert.ok(await assertRejects(later) instanceof RangeError);

    const failures: [fail: () => unknown, message: RegExp][] = [
      [() => assertThrows(() => 1, "why"), /^Expected function to throw: why$/],
      [
        () => assertThrows(boom, TypeError),
        /"TypeError", but was "RangeError"/,
      ],
      [() => assertThrows(boom, RangeError, "blue"), /to include "blue", but/],
      [
        () =>
          assertThrows(() => {
            throw 1;
          }, Error),
        /^A non-Error object was thrown\.$/,
      ],
      [
        () => assertRejects(() => Promise.resolve(), Error, "", "why"),
        /^Expected function to reject: why$/,
      ],
      [
        () => assertRejects(later, TypeError),
        /"TypeError", but was "RangeError"/,
      ],
      [
        () => assertRejects(later, RangeError, "blue"),
        /to include "blue", but/,
      ],
      [
        () => assertRejects(boom),
        /^Function throws when expected to reject\.$/,
      ],
      [
        () => assertRejects(() => Promise.reject(1), Error),
        /^A non-Error object was rejected\.$/,
      ],
    ];
    for (const [i, [check, message]] of failures.entries()) {
      const wanted = { name: "AssertionError", message };
      await rejects(async () => await check(), wanted, `case ${i}`);
    }
  }
});
