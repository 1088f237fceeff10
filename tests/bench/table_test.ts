import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeTable, placeTable } from "./table.ts";

const TABLE = makeTable([
  {
    what: "`log()`",
    measured: "1.9 x",
    against: "one write, 15 rounds",
    hold: "at most 2 x",
    holds: true,
  },
  {
    what: "download",
    measured: "0.5 x",
    against: "curl | tee",
    hold: "at least 0.7 x",
    holds: false,
  },
], {
  date: "2026-11-23",
  machine: "2 cores",
  deno: "2.9.6",
  commit: "abc1234",
});

Deno.test("makeTable() says where, when, against what, and whether it holds", () => {
  assertEquals(
    TABLE,
    `Measured on 2026-11-23: 2 cores, Deno 2.9.6, commit abc1234. Medians of what was measured in the same run.

| what | measured | against what | hold | holds |
| --- | --- | --- | --- | --- |
| \`log()\` | 1.9 x | one write, 15 rounds | at most 2 x | yes |
| download | 0.5 x | curl \\| tee | at least 0.7 x | **no** |`,
  );
});

Deno.test("placeTable() keeps the rest of the README, and finds its table again", () => {
  const readme = "# em\n\n## Benchmarks\n\nRun them.\n\n## Licence\n\nMIT\n";
  const first = placeTable(readme, TABLE);
  assertStringIncludes(first, "Run them.\n\n<!-- benchmarks");
  assertStringIncludes(first, "-->\n\n## Licence\n\nMIT\n");
  assertEquals(placeTable(first, TABLE), first);
  const second = placeTable(first, "nothing");
  assertEquals(second.includes("curl"), false);
  assertEquals(placeTable(second, TABLE), first);
});

Deno.test("placeTable() makes the section if the README has none, also as the last", () => {
  const made = placeTable("# em\n", TABLE);
  assertStringIncludes(made, "# em\n\n## Benchmarks\n\n<!-- benchmarks");
  const last = placeTable("# em\n\n## Benchmarks\n\nRun them.\n", TABLE);
  assertStringIncludes(last, "Run them.\n\n<!-- benchmarks");
  assertEquals(placeTable(last, TABLE), last);
});
