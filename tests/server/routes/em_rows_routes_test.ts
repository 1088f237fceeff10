import { assertEquals, assertMatch } from "@std/assert";
import { tempDir } from "../../support/temp_dir.ts";
import { emServer, metricsText } from "../metrics/support.ts";
import { type Made, makeRuns } from "../support/made_runs.ts";

Deno.test("rows are sorted, filtered and searched as the same conditions say in TypeScript", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const { rows } = await makeRuns(server);
  type MadeRow = Made["rows"][number];
  const last = (row: MadeRow) => row.loss[2] ?? NaN;
  const finite = (row: MadeRow) => row.loss.filter(Number.isFinite);
  const ask = async (query: Record<string, string>) => {
    const { data, pagination } = await server.json("GET /em/v1/rows", {
      query: { folder: "/demo/f", type: "Run", ...query },
    });
    const names = data.map((row: { node: { name: string } }) => row.node.name);
    return { names, total: pagination.total };
  };
  const cases: readonly (readonly [string, (row: MadeRow) => boolean])[] = [
    ["lr < 0.05", (row) => row.lr < 0.05],
    [
      "lr < 0.05 and train.loss.min > 1",
      (row) => row.lr < 0.05 && Math.min(...finite(row)) > 1,
    ],
    ["optimizer = adam", (row) => row.optimizer === "adam"],
    [
      "optimizer != 'adam'",
      (row) => row.optimizer !== undefined && row.optimizer !== "adam",
    ],
    [
      "not optimizer = adam",
      (row) => row.optimizer !== undefined && row.optimizer !== "adam",
    ],
    ["optimizer is null", (row) => row.optimizer === undefined],
    [
      "optimizer in (adam, sgd) and lr = 0.1",
      (row) => row.optimizer !== undefined && row.lr === 0.1,
    ],
    ["optimizer not in (adam)", (row) => row.optimizer === "sgd"],
    ["hparams.optimizer ~ DA", (row) => row.optimizer === "adam"],
    ["status = Running or status = Error", (row) => row.status !== "Complete"],
    ["labels = 'CNN'", (row) => row.labels.includes("CNN")],
    ["labels != CNN", (row) => !row.labels.includes("CNN")],
    ["labels ~ 基", (row) => row.labels.length > 0],
    [
      "train.loss.nan > 0 or metrics.train/loss.posInf = 1",
      (row) => row.loss.some((value) => !Number.isFinite(value)),
    ],
    ["train.loss > 1000", (row) => last(row) > 1000],
    [
      "train.loss.max < train.loss.first",
      (row) => Math.max(...finite(row)) < 3,
    ],
    [
      "started > '2026-11-23' and duration = 3600",
      (row) => row.status !== "Running",
    ],
    ["ended is null", (row) => row.status === "Running"],
    ["started < 2026-01-01", () => false],
    ["flag = true and model.depth = 3", () => true],
    ["name ~ '-1'", (row) => row.name.includes("-1")],
    ["nowhere > 3", () => false],
    ["not nowhere > 3", () => false],
  ];
  for (const [filter, holds] of cases) {
    const wanted = rows.filter(holds).map(({ name }) => name);
    assertEquals(
      await ask({ filter }),
      { names: wanted, total: wanted.length },
      filter,
    );
  }
  const searches: readonly (readonly [string, (row: MadeRow) => boolean])[] = [
    ["RUN-1", (row) => row.name.startsWith("run-1")],
    ["optimizer=AD", (row) => row.optimizer === "adam"],
    ["cnn", (row) => row.labels.length > 0],
    ["running", (row) => row.status === "Running"],
    ["%", () => false],
  ];
  for (const [search, holds] of searches) {
    const wanted = rows.filter(holds).map(({ name }) => name);
    assertEquals((await ask({ search })).names, wanted, search);
  }
  const byMin = rows.toSorted((a, b) =>
    Math.min(...finite(a)) - Math.min(...finite(b))
  ).map(({ name }) => name);
  assertEquals((await ask({ sort: "train.loss.min" })).names, byMin);
  const second = await ask({ sort: "train.loss.min", page: "2", size: "5" });
  assertEquals(second, { names: byMin.slice(5, 10), total: 12 });
  const beyond = await ask({ page: "9", size: "5" });
  assertEquals(beyond, { names: [], total: 12 });
  const optimizers = await ask({ sort: "optimizer", order: "desc" });
  assertEquals(optimizers.names.slice(-3), ["run-00", "run-04", "run-08"]);
  const wrong = await server.call("GET /em/v1/rows", {
    query: { folder: "/demo/f", filter: "lr <" },
  });
  assertEquals(wrong.status, 400);
  assertMatch(await wrong.text(), /^invalid filter: Expected a value/);
});

Deno.test("cells of rows are the values that were written, whatever they are", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  await server.make("/demo/odd", "Run", ["n", "b1"]);
  await server.make("/demo/bare");
  const hparams: readonly (readonly [yaml: string, value: unknown])[] = [
    ["true", true],
    ["false", false],
    ["1", 1],
    ["0.5", 0.5],
    [".nan", "NaN"],
    ["-.inf", "-Infinity"],
    ["12345678901234567890", "12345678901234567890"],
    ["null", null],
    ['""', ""],
    ['"n"', "n"],
    ['"b1"', "b1"],
    ['"s"', "s"],
    ["字", "字"],
    ["[1, a]", '[1,"a"]'],
  ];
  await server.put(
    "/demo/odd/hyperparameters.yaml",
    new TextEncoder().encode(
      hparams.map(([yaml], at) => `h${at}: ${yaml}\n`).join(""),
    ),
  );
  await server.put(
    "/demo/odd/metrics/train.yaml",
    new TextEncoder().encode(metricsText([
      { step: 1, values: { lost: NaN, far: -Infinity, good: 2 } },
      { step: 2, values: { lost: NaN, far: -Infinity, good: 3 } },
    ])),
  );
  const metrics: readonly (readonly [name: string, value: unknown])[] = [
    ["train/lost.last", "NaN"],
    ["train/lost.max", null],
    ["train/lost.nan", 2],
    ["train/far.first", "-Infinity"],
    ["train/good.mean", 2.5],
    ["name", "odd"],
    ["labels", '["b1","n"]'],
    ["ended", null],
  ];
  const column = [...hparams.keys()].map((at) => `h${at}`)
    .concat(metrics.map(([name]) => name));
  const { data } = await server.until(
    () =>
      server.json("POST /em/v1/rows", {
        json: { folder: "/demo", column, sort: "name" },
      }),
    ({ unknown, data }) => unknown.length === 0 && data.length === 2,
  );
  const wanted = [...hparams, ...metrics].map(([, value]) => value);
  assertEquals(data[1].values, wanted);
  assertEquals(
    data[0].values,
    wanted.map((value) =>
      value === "odd" ? "bare" : value === '["b1","n"]' ? "[]" : null
    ),
  );
});
