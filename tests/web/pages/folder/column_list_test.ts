import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Columns, FactColumn } from "../../../../src/web/api/types.ts";
import {
  columnTitle,
  defaultColumns,
  formatColumns,
  MAX_COLUMNS,
  metricOf,
  moveColumn,
  parseColumns,
  textColumns,
} from "../../../../src/web/pages/folder/column_list.ts";

Deno.test("formatColumns() and parseColumns() are each other's way back, whatever a name holds", () => {
  const column = fc.record({
    id: fc.oneof(
      fc.string({ minLength: 1 }),
      fc.stringMatching(/^[a~1]{1,6}$/),
    ),
    width: fc.integer({ min: 60, max: 9999 }),
  }, { requiredKeys: ["id"] });
  const columns = fc.uniqueArray(column, { selector: ({ id }) => id });
  fc.assert(fc.property(columns, (columns) => {
    assertEquals(parseColumns(formatColumns(columns)), columns);
  }));
});

Deno.test("parseColumns() takes nothing twice, nothing empty, and no more than the server answers", () => {
  assertEquals(parseColumns(["a", "", "~80", "a~90", "b~3"]), [
    { id: "a" },
    { id: "b" },
  ]);
  const many = Array.from({ length: 400 }, (_, i) => `c${i}`);
  assertEquals(parseColumns(many).length, MAX_COLUMNS);
});

const fact = (path: string, more: Partial<FactColumn> = {}): FactColumn => ({
  id: `hparams.${path}`,
  path,
  types: ["number"],
  runs: 4,
  distinct: 1,
  min: 1,
  max: 1,
  ...more,
});

const known: Columns = {
  runs: 4,
  complete: true,
  hparams: [
    fact("seed"),
    fact("lr", { distinct: 3 }),
    fact("dropout", { runs: 2 }),
  ],
  platform: [fact("os", { id: "platform.os", types: ["string"] })],
  git: [],
  metrics: ["lr", "loss", "a", "b", "c"].map((name) => ({
    id: "",
    type: "train",
    name,
    runs: 4,
  })).concat({ id: "", type: "val", name: "accuracy", runs: 1 }),
};

Deno.test("defaultColumns() are the hyperparameters that vary and a few telling metrics", () => {
  const ids = defaultColumns(known, false).map(({ id }) => id);
  assertEquals(ids, [
    "status",
    "hparams.lr",
    "hparams.dropout",
    "metrics.train/lr.last",
    "metrics.train/loss.last",
    "metrics.train/a.last",
    "metrics.val/accuracy.last",
    "started",
    "duration",
    "labels",
    "modified",
    "editor",
  ]);
  const below = defaultColumns({ ...known, runs: 0 }, true);
  assertEquals(below.map(({ id }) => id), [
    "type",
    "path",
    "labels",
    "modified",
    "editor",
  ]);
  const single = defaultColumns(
    { ...known, runs: 1, hparams: [fact("seed", { runs: 1 })] },
    false,
  );
  assertEquals(single[1], { id: "hparams.seed" });
});

Deno.test("columnTitle() and metricOf() know the parts of a name", () => {
  const cases: [id: string, title: string][] = [
    ["hparams.optimizer.lr", "optimizer.lr"],
    ["metrics.train/loss.last", "train/loss"],
    ["metrics.train/loss.max", "train/loss max"],
    ["metrics.a/b.c", "a/b.c"],
    ["git.commit", "commit"],
  ];
  for (const [id, title] of cases) assertEquals(columnTitle(id), title);
  assertEquals(metricOf("metrics.a/x.y.min"), { name: "a/x.y", stat: "min" });
  assertEquals(metricOf("hparams.metrics.x"), undefined);
});

Deno.test("moveColumn() puts a column at the place of another", () => {
  const columns = ["a", "b", "c"].map((id) => ({ id }));
  const moved = (id: string, to: string) =>
    moveColumn(columns, id, to).map(({ id }) => id).join("");
  assertEquals(moved("a", "c"), "bca");
  assertEquals(moved("c", "a"), "cab");
  assertEquals(moved("x", "a"), "abc");
  assertEquals(moved("a", "x"), "abc");
});

Deno.test("textColumns() are those whose values are not only numbers", () => {
  assertEquals([...textColumns(known)], ["platform.os"]);
});
