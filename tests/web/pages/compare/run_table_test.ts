import { assertEquals } from "@std/assert";
import type {
  Columns,
  Row,
  Rows,
  Scalar,
} from "../../../../src/web/api/types.ts";
import { RunTable } from "../../../../src/web/pages/compare/run_table.ts";
import type { RunTableSource } from "../../../../src/web/pages/compare/run_table_state.ts";
import { waitFor } from "../../../support/wait_for.ts";

/** What runs have: by id, then by column. */
type Facts = Map<string, Record<string, Scalar>>;

function source(facts: Facts): RunTableSource & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    // deno-lint-ignore require-await
    async listRows({ node = [], column = [], after }) {
      asked.push(`rows ${node.length} ${column.length} ${after ?? "-"}`);
      const data = node.flatMap((id): Row[] => {
        const own = facts.get(id);
        if (own === undefined) return [];
        const version = Number(own["version"] ?? 1);
        if (after !== undefined && version <= after) return [];
        return [{
          node: { id, name: id, path: `/demo/${id}` } as Row["node"],
          run: null,
          values: column.map((name) => own[name] ?? null),
        }];
      });
      const all = [...facts.values()].map((own) => Number(own["version"] ?? 1));
      return {
        pagination: { page: 1, size: 500, total: data.length },
        version: Math.max(0, ...all),
        columns: column,
        unknown: [],
        data,
      } satisfies Rows;
    },
    // deno-lint-ignore require-await
    async listColumns({ node = [] }) {
      asked.push(`columns ${node.length}`);
      const owns = node.map((id) => facts.get(id))
        .filter((own) => own !== undefined);
      const names = new Set(owns.flatMap((own) => Object.keys(own)));
      names.delete("version");
      return {
        runs: owns.length,
        complete: true,
        hparams: [...names].map((id) => {
          const having = owns.filter((own) => id in own);
          return {
            id,
            path: id,
            types: [
              ...new Set(
                having.map((own) => own[id] === null ? "null" : typeof own[id]),
              ),
            ],
            runs: having.length,
            distinct: new Set(
              having.map((own) => own[id]).filter((value) => value !== null),
            ).size,
            min: null,
            max: null,
          };
        }),
        platform: [],
        git: [],
        metrics: [],
      } satisfies Columns;
    },
  };
}

async function settled(table: RunTable): Promise<void> {
  await waitFor(
    "the table",
    () => !table.state.value.isLoading || undefined,
  );
}

Deno.test("a table tells null from nothing, and looks at single runs only where it has to", async () => {
  const from = source(
    new Map([
      ["a", { "hparams.x": 1, "hparams.y": null }],
      ["b", { "hparams.x": 2 }],
      ["c", { "hparams.y": 5 }],
    ]),
  );
  const table = new RunTable(from);
  table.setRuns(["a", "b", "c", "gone"]);
  table.want(["hparams.x", "hparams.y"]);
  await settled(table);
  assertEquals(
    ["a", "b", "c"].map((id) => [
      table.cell("hparams.x", id),
      table.cell("hparams.y", id),
    ]),
    [[1, null], [2, undefined], [undefined, 5]],
  );
  assertEquals(table.state.value.gone, ["gone"]);
  assertEquals(from.asked.filter((what) => what === "columns 1").length, 2);
});

Deno.test("a table asks nothing twice: not for runs that come, nor for columns that are shown again", async () => {
  const from = source(
    new Map([["a", { "hparams.x": 1 }], ["b", { "hparams.x": 2 }]]),
  );
  const table = new RunTable(from);
  table.setRuns(["a"]);
  table.want(["hparams.x"]);
  await settled(table);
  from.asked.length = 0;
  table.setRuns(["b", "a"]);
  await settled(table);
  assertEquals(from.asked, ["rows 1 0 -", "columns 2", "rows 1 1 -"]);
  from.asked.length = 0;
  table.want([]);
  table.want(["hparams.x"]);
  table.setRuns(["a"]);
  table.setRuns(["a", "b"]);
  await settled(table);
  assertEquals(from.asked.filter((what) => what.startsWith("rows")), []);
});

Deno.test("what all runs have in common is asked of one of them", async () => {
  const from = source(
    new Map(
      ["a", "b", "c"].map((id, i) => [
        id,
        { "hparams.x": 1, "hparams.n": null, "hparams.y": i },
      ]),
    ),
  );
  const table = new RunTable(from);
  table.setRuns(["a", "b", "c"]);
  table.want(["hparams.x", "hparams.y", "hparams.n"]);
  await settled(table);
  assertEquals(from.asked, [
    "rows 3 0 -",
    "columns 3",
    "rows 1 2 -",
    "rows 3 1 -",
  ]);
  assertEquals(
    ["x", "n", "y"].map((name) => table.cell(`hparams.${name}`, "c")),
    [1, null, 2],
  );
});

Deno.test("a table brings up to date what changed, and forgets what was not asked for again", async () => {
  const facts: Facts = new Map([
    ["a", { "hparams.x": 1, "hparams.y": 1 }],
    ["b", { "hparams.x": 2, "hparams.y": 2 }],
  ]);
  const from = source(facts);
  const table = new RunTable(from);
  table.setRuns(["a", "b"]);
  table.want(["hparams.x", "hparams.y"]);
  await settled(table);
  table.want(["hparams.x"]);
  facts.set("a", { "hparams.x": 10, "hparams.y": 11, version: 2 });
  from.asked.length = 0;
  table.refresh();
  await settled(table);
  assertEquals(from.asked[0], "rows 2 1 1");
  assertEquals(table.cell("hparams.x", "a"), 10);
  assertEquals(table.isKnown("hparams.y"), false);
  table.want(["hparams.y"]);
  await settled(table);
  assertEquals([table.cell("hparams.y", "a"), table.cell("hparams.y", "b")], [
    11,
    2,
  ]);
});

Deno.test("a table says what went wrong, and works again when asked anew", async () => {
  const from = source(new Map([["a", { "hparams.x": 1 }]]));
  let isBroken = true;
  const table = new RunTable({
    ...from,
    listRows: (query, signal) =>
      isBroken
        ? Promise.reject(new Error("out of order"))
        : from.listRows(query, signal),
  });
  table.setRuns(["a"]);
  await settled(table);
  assertEquals(table.state.value.error?.message, "out of order");
  isBroken = false;
  table.refresh({ nodes: true });
  await settled(table);
  assertEquals(table.state.value.error, undefined);
  assertEquals(table.state.value.rows.has("a"), true);
});

Deno.test("a table that hears of nodes asks for them without their values; one whose server counts anew asks for everything", async () => {
  const facts: Facts = new Map([
    ["a", { "hparams.x": 1, version: 7 }],
    ["b", { "hparams.x": 2, version: 8 }],
  ]);
  const from = source(facts);
  const table = new RunTable(from);
  table.setRuns(["a", "b"]);
  table.want(["hparams.x"]);
  await settled(table);
  from.asked.length = 0;
  facts.delete("b");
  facts.set("c", { version: 8 });
  table.refresh({ nodes: true });
  await settled(table);
  assertEquals(from.asked.slice(0, 2), ["rows 2 0 -", "rows 1 1 8"]);
  assertEquals(table.state.value.gone, ["b"]);
  facts.delete("c");
  facts.set("a", { "hparams.x": 5, version: 2 });
  table.refresh();
  await settled(table);
  assertEquals(table.cell("hparams.x", "a"), 5);
});
