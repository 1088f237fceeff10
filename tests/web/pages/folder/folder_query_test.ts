import { assertEquals } from "@std/assert";
import {
  conditionOf,
  filterProblem,
  formatSorting,
  isWhole,
  rowsQuery,
  viewOf,
} from "../../../../src/web/pages/folder/folder_query.ts";

const view = (query: string) => viewOf(new URLSearchParams(query));

Deno.test("rowsQuery() asks for what the address says, and only for that", () => {
  const columns = [{ id: "status" }, { id: "hparams.lr", width: 90 }];
  assertEquals(rowsQuery("f", view(""), columns), {
    folder: "f",
    column: ["hparams.lr"],
  });
  const full = view(
    "below=all&q=cnn&filter=lr+%3C+1&type=Run&type=Artifact&status=Error&label=a&sort=-lr",
  );
  assertEquals(rowsQuery("f", full, []), {
    folder: "f",
    column: [],
    recursive: true,
    search: "cnn",
    filter: '(lr < 1) and status in ("Error") and labels = "a"',
    type: ["Run", "Artifact"],
    sort: "lr",
    order: "desc",
  });
  assertEquals(formatSorting(full.sorting), "-lr");
  assertEquals([isWhole(full), isWhole(view("below=all&sort=x"))], [
    false,
    true,
  ]);
});

Deno.test("conditionOf() puts what was typed between parentheses only where it must", () => {
  assertEquals(conditionOf(view("filter=+a=1+or+b=2+")), "a=1 or b=2");
  assertEquals(
    conditionOf(view("filter=a=1+or+b=2&label=x%22y")),
    '(a=1 or b=2) and labels = "x\\"y"',
  );
  assertEquals(
    conditionOf(view("status=Error&status=Running")),
    'status in ("Error", "Running")',
  );
});

Deno.test("filterProblem() names the place in what was typed", () => {
  const message = "invalid filter: Expected a value at character 5";
  assertEquals(
    filterProblem(message, view("filter=lr+%3C")),
    "Expected a value at character 5",
  );
  assertEquals(
    filterProblem(message, view("filter=lr+%3C&label=a")),
    "Expected a value at character 4",
  );
  assertEquals(filterProblem("permission denied", view("")), undefined);
});
