import { assertEquals, assertThrows } from "@std/assert";
import { foldMetricType } from "../../src/format/names.ts";

Deno.test("foldMetricType() folds the aliases and keeps everything else", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["train", "train"],
    ["training", "train"],
    ["val", "val"],
    ["validate", "val"],
    ["validation", "val"],
    ["test", "test"],
    ["testing", "test"],
    ["eval", "test"],
    ["evaluate", "test"],
    ["evaluation", "test"],
    ["Training", "Training"],
    ["a b.c", "a b.c"],
    ["custom-1_(x)", "custom-1_(x)"],
    ["学习率", "学习率"],
    ["constructor", "constructor"],
    ["con1", "con1"],
    ["x".repeat(128), "x".repeat(128)],
    ["中".repeat(83), "中".repeat(83)],
  ];
  for (const [type, folded] of cases) {
    assertEquals(foldMetricType(type), folded);
  }
});

Deno.test("foldMetricType() refuses what is no safe file name", () => {
  const types = [
    "",
    ".",
    "..",
    "../../evil",
    "a/b",
    "a\\b",
    "a\0b",
    "a\nb",
    "a\x7fb",
    " a",
    "a ",
    ".a",
    "a.",
    "a:b",
    "a|b",
    'a"b',
    "a?",
    "a*",
    "<a>",
    "CON",
    "nul",
    "com1",
    "LPT9.x",
    "aux.b",
    "\ud800",
    "x".repeat(129),
    "中".repeat(84),
  ];
  for (const type of types) {
    assertThrows(
      () => foldMetricType(type),
      RangeError,
      "cannot name a file",
      type,
    );
  }
  for (const type of [undefined, null, 1, ["train"]]) {
    assertThrows(() => foldMetricType(type), TypeError, "must be a string");
  }
});
