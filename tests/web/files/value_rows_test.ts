import { assertEquals } from "@std/assert";
import { valueAt, valueRows } from "../../../src/web/files/value_rows.ts";

const VALUE = {
  lr: "1e-3",
  batch: 32,
  odd: "NaN",
  "a.b": true,
  optimizer: { name: "adam", betas: [0.9, 0.99], none: null, empty: {} },
};

const lines = (rows: ReturnType<typeof valueRows>["rows"]) =>
  rows.map(({ key, depth, type, text, count }) =>
    `${"  ".repeat(depth)}${key} ${type} ${text || count}`
  );

Deno.test("valueRows() tells a text from a number, also where JSON cannot", () => {
  const { rows, isCut } = valueRows(VALUE, {
    types: new Map([["odd", "number"], ["lr", "string"]]),
    max: 100,
  });
  assertEquals(lines(rows), [
    "lr string 1e-3",
    "batch number 32",
    "odd number NaN",
    "a.b boolean true",
    "optimizer map 4",
    "  name string adam",
    "  betas list 2",
    "    0 number 0.9",
    "    1 number 0.99",
    "  none null null",
    "  empty map 0",
  ]);
  assertEquals(isCut, false);
});

Deno.test("valueRows() leaves out what is closed, and shows what a search fits with all above it", () => {
  const optimizer = JSON.stringify(["optimizer"]);
  const closed = valueRows(VALUE, { toggled: new Set([optimizer]), max: 100 });
  assertEquals(closed.rows.length, 5);
  assertEquals(closed.rows.at(-1)?.isOpen, false);
  const opened = valueRows(VALUE, {
    isOpen: false,
    toggled: new Set([optimizer]),
    max: 100,
  });
  assertEquals(opened.rows.length, 9);
  for (const search of ["0.99", "ADAM", "betas"]) {
    const { rows } = valueRows(VALUE, { search, isOpen: false, max: 100 });
    assertEquals(rows[0]?.key, "optimizer", search);
    assertEquals(rows.every(({ isOpen }) => isOpen), true);
  }
  assertEquals(valueRows(VALUE, { search: "nowhere", max: 9 }).rows, []);
});

Deno.test("valueRows() stops at its limit, and says so", () => {
  const many = Array.from({ length: 1000 }, (_, i) => i);
  const { rows, isCut } = valueRows({ many }, { max: 10 });
  assertEquals([rows.length, isCut], [10, true]);
});

Deno.test("valueAt() finds the value of a row, whatever its key", () => {
  const value = { "a.b": { "": [1, { __proto: 2 }] } };
  for (const { id, type, text } of valueRows(value, { max: 99 }).rows) {
    if (type === "number") assertEquals(String(valueAt(value, id)), text);
  }
  assertEquals(valueAt(value, JSON.stringify(["a.b", "", "0"])), 1);
});
