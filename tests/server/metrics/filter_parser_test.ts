import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FilterError } from "../../../src/server/metrics/filter_error.ts";
import {
  type Filter,
  type Operand,
  parseFilter,
} from "../../../src/server/metrics/filter_parser.ts";

/** The condition with all its parentheses. */
function show(filter: Filter): string {
  switch (filter.op) {
    case "and":
    case "or":
      return `(${filter.items.map(show).join(` ${filter.op} `)})`;
    case "not":
      return `(not ${show(filter.item)})`;
    case "known":
      return `(${side(filter.left)} is not null)`;
    case "in":
      return `(${side(filter.left)} in (${
        filter.values.map(side).join(", ")
      }))`;
    default:
      return `(${side(filter.left)} ${filter.op} ${side(filter.right)})`;
  }
}

function side(operand: Operand): string {
  return "name" in operand
    ? `\`${operand.name.replaceAll("`", "``")}\``
    : JSON.stringify(operand.value);
}

Deno.test("parseFilter() reads conditions as people write them", () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      "lr < 0.01 and val.accuracy > 0.9",
      "((`lr` < 0.01) and (`val.accuracy` > 0.9))",
    ],
    ["a=1 or b=2 and c=3", "((`a` = 1) or ((`b` = 2) and (`c` = 3)))"],
    ["(a=1 or b=2) && !c=3", "(((`a` = 1) or (`b` = 2)) and (not (`c` = 3)))"],
    ["NOT a == 1 OR b <> 'x'", '((not (`a` = 1)) or (`b` != "x"))'],
    ["lr<-1e-3", "(`lr` < -0.001)"],
    ["lr >= .5", "(`lr` >= 0.5)"],
    ["n = 1_000", "(`n` = 1000)"],
    ["train/loss-x.min<=3.", "(`train/loss-x.min` <= 3)"],
    ["`my metric``s` != 2", "(`my metric``s` != 2)"],
    [`name ~ "a\\"b"`, '(`name` ~ "a\\"b")'],
    ["name contains x", "(`name` ~ `x`)"],
    ["optimizer in (adam, 'sgd', 3)", '(`optimizer` in (`adam`, "sgd", 3))'],
    ["a not in (1)", "(not (`a` in (1)))"],
    ["a is null", "(not (`a` is not null))"],
    ["a is not null", "(`a` is not null)"],
    ["flag = true", "(`flag` = true)"],
    ["学习率 > 1", "(`学习率` > 1)"],
    ["2layers = 3", "(`2layers` = 3)"],
    ["model = 2026-11-23", "(`model` = `2026-11-23`)"],
  ];
  for (const [text, wanted] of cases) {
    assertEquals(show(parseFilter(text)), wanted, text);
  }
});

Deno.test("parseFilter() says what is wrong, and where", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "Expected a name instead of the end at character 1"],
    ["lr <", "Expected a value instead of the end at character 5"],
    ["lr", "Expected a comparison instead of the end at character 3"],
    ["lr < 1 lr > 2", 'Expected "and" or "or" instead of "lr" at character 8'],
    ["(lr < 1", 'Expected ")" instead of the end at character 8'],
    ["lr < 'x", "The quotation that begins with ' does not end at character 6"],
    ["lr # 1", '"#" means nothing at character 4'],
    ["lr is 3", 'Expected "null" instead of "3" at character 7'],
    ["lr in 3", 'Expected "(" instead of "3" at character 7'],
    ["(".repeat(100), "The filter is too deep at character 52"],
    ["not ".repeat(100), "The filter is too deep at character 205"],
    [
      Array(200).fill("a=1").join(" or "),
      "The filter has too many conditions at character 701",
    ],
    [
      "a".repeat(5000),
      "A filter may have 4096 characters, this one goes on at character 4097",
    ],
  ];
  for (const [text, wanted] of cases) {
    const error = assertThrows(() => parseFilter(text), FilterError);
    assertEquals(error.message, wanted, text);
  }
});

Deno.test("parseFilter() reads back what it has read, and fails on the rest in one way", () => {
  const word = fc.constantFrom(
    ..."and or not in is null true ( ) , < <= = != ~ lr val.acc `x y` 'a' \"b\" 1 -2.5 1e9 status"
      .split(" "),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      let filter: Filter;
      try {
        filter = parseFilter(words.join(" "));
      } catch (error) {
        if (error instanceof FilterError) return;
        throw error;
      }
      assertEquals(show(parseFilter(show(filter))), show(filter));
    }),
    { numRuns: 2000 },
  );
});
