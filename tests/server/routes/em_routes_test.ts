import { assert, assertEquals, assertMatch } from "@std/assert";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { createReporter } from "../../../src/reporter.ts";
import { OPENAPI } from "../../../src/server/metrics/openapi.ts";
import { emRoutes } from "../../../src/server/routes/em_routes.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { openFixture } from "../support/fixture.ts";
import {
  type EmServer,
  emServer,
  metadataText,
  metricsText,
} from "../metrics/support.ts";

// deno-lint-ignore no-explicit-any -- the description is walked freely
const openapi = OPENAPI as any;

/** Answers as the description says them, checked. */
function validator() {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: "em", components: openapi.components });
  const known = new Map<string, ValidateFunction>();
  return (path: string, answer: unknown, method = "get") => {
    const schema = openapi.paths[path][method].responses["200"]
      .content["application/json"].schema;
    const name = schema.$ref.replace("#", "em#");
    const validate = known.get(name) ?? ajv.compile({ $ref: name });
    known.set(name, validate);
    assert(
      validate(answer),
      `${path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`,
    );
  };
}

interface Made {
  readonly ids: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly lr: number;
    readonly optimizer: string | undefined;
    readonly loss: readonly number[];
    readonly status: string;
    readonly labels: readonly string[];
  }[];
}

/** A folder with runs of all kinds, indexed. */
async function makeRuns(server: EmServer): Promise<Made> {
  await server.make("/demo/f", "Folder");
  await server.make("/demo/f/deep", "Folder");
  const rows = Array.from({ length: 12 }, (_, index) => ({
    name: `run-${String(index).padStart(2, "0")}`,
    lr: [0.1, 0.01, 1e-3][index % 3] ?? 0,
    optimizer: index % 4 === 0 ? undefined : index % 2 === 0 ? "adam" : "sgd",
    loss: [3, index === 5 ? NaN : index, index === 7 ? Infinity : 2],
    status: index === 11 ? "Running" : index % 5 === 0 ? "Error" : "Complete",
    labels: index % 6 === 0 ? ["CNN", "基线"] : [],
  }));
  const ids: string[] = [];
  for (const { name, lr, optimizer, loss, status, labels } of rows) {
    const path = `/demo/f/${name}`;
    ids.push(await server.make(path, "Run", labels));
    await server.put(
      `${path}/hyperparameters.yaml`,
      `lr: ${lr}\nmodel:\n  depth: 3\n  widths: [1, 2]\n` +
        `nothing: null\nhuge: 123456789012345678901\nodd: .nan\nflag: true\n` +
        (optimizer ? `optimizer: ${optimizer}\n` : ""),
    );
    await server.put(
      `${path}/metrics/train.yaml`,
      metricsText(loss.map((value, step) => ({
        values: { loss: value, "a/b.c": step },
        step,
        epoch: 0,
      }))),
    );
    const ended = status === "Running"
      ? undefined
      : "2026-11-23T09:00:00.000001+00:00";
    await server.put(
      `${path}/metadata.yaml`,
      metadataText(name, status, ended === undefined ? {} : { ended }),
    );
  }
  await server.put("/demo/f/run-00/git.yaml", "branch: main\ncommit: abc\n");
  await server.put("/demo/f/run-00/index.yaml", "metrics: [broken\n");
  await server.until(
    () =>
      server.json("GET /em/v1/rows", {
        query: {
          folder: "/demo/f",
          filter: "train.loss.count = 3 and status is not null",
        },
      }),
    ({ pagination }) => pagination.total === 12,
  );
  await server.until(
    () => server.json("GET /em/v1/columns", { query: { folder: "/demo/f" } }),
    ({ git }) => git.length === 2,
  );
  return { ids, rows };
}

Deno.test("OpenAPI names every route of /em/v1, and no other", () => {
  using fixture = openFixture();
  const routes = emRoutes({
    store: fixture.store,
    meter: { requests: 0, receivedBodyBytes: 0 },
    reporter: createReporter(() => {}),
    signal: new AbortController().signal,
  }).routes.map(({ method, path }) => `${method} ${path}`);
  const described = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) =>
      `${method.toUpperCase()} ${path}`
    )
  );
  assertEquals([...new Set(routes)].sort(), described.sort());
});

Deno.test("answers of /em/v1 are as OpenAPI says, over GET and POST", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const { ids } = await makeRuns(server);
  const check = validator();
  const [node = "", other = ""] = ids;
  const described = await server.json("GET /em/v1/openapi.json");
  assertEquals(described, JSON.parse(JSON.stringify(OPENAPI)));

  const series = await server.json("GET /em/v1/series", {
    query: [["node", node], ["node", other]],
  });
  check("/series", series);
  assertEquals(series.runs.map((run: { node: string }) => run.node), [
    node,
    other,
  ]);
  const byPost = await server.json("POST /em/v1/series", {
    json: { node: ids },
  });
  check("/series", byPost, "post");
  assertEquals(byPost.runs.length, 12);

  for (const x of ["step", "epoch", "time", "relative"]) {
    for (const buckets of ["1", "1000"]) {
      const answer = await server.json("GET /em/v1/points", {
        query: [
          ["node", ids[5] ?? ""],
          ["node", ids[7] ?? ""],
          ["metric", "train/loss"],
          ["metric", "train/a/b.c"],
          ["metric", "no/such"],
          ["x", x],
          ["buckets", buckets],
        ],
      });
      check("/points", answer);
      assertEquals(answer.series.length, 6);
      assertEquals(answer.series[0].count, 3);
      assertEquals(answer.series[2].count, 0);
    }
  }
  const points = await server.json("POST /em/v1/points", {
    json: { node: ids, metric: ["train/loss"], from: 1, to: 1, x: "step" },
  });
  check("/points", points, "post");
  assertEquals(points.series[3].raw, { index: [1], x: [1], y: [3] });
  assertEquals(points.series[3].before, { index: 0, x: 0, y: 3 });
  assertEquals(points.series[3].after, { index: 2, x: 2, y: 2 });
  const relative = await server.json("GET /em/v1/points", {
    query: { node, metric: "train/loss", x: "relative" },
  });
  assertEquals(relative.series[0].raw.x, [999.999, 1999.999, 2999.999]);

  const rows = await server.json("GET /em/v1/rows", {
    query: [
      ["folder", "/demo/f"],
      ...[
        "lr",
        "hparams.huge",
        "odd",
        "flag",
        "nothing",
        "model.widths",
        "train.loss",
        "train.loss.min",
        "metrics.train/loss.max",
        "train.a/b.c.last",
        "labels",
        "duration",
        "git.branch",
        "nowhere",
      ].map((column): [string, string] => ["column", column]),
    ],
  });
  check("/rows", rows);
  assertEquals(rows.unknown, ["nowhere"]);
  assertEquals(rows.pagination, { page: 1, size: 100, total: 13 });
  assertEquals(rows.data[0].node.name, "deep");
  assertEquals(rows.data[0].run, null);
  assertEquals(rows.data[1].values, [
    0.1,
    "123456789012345678901",
    "NaN",
    true,
    null,
    "[1,2]",
    2,
    0,
    3,
    2,
    '["CNN","基线"]',
    3600,
    "main",
    null,
  ]);
  assertEquals(rows.data[8].values[6], "Infinity");
  const later = await server.json("GET /em/v1/rows", {
    query: { folder: "/demo/f", after: String(rows.version) },
  });
  assertEquals(later.data, []);
  const some = await server.json("POST /em/v1/rows", {
    json: { node: [other, "gone"], column: ["lr"] },
  });
  check("/rows", some, "post");
  assertEquals(some.data.map((row: { node: { id: string } }) => row.node.id), [
    other,
  ]);

  const columns = await server.json("GET /em/v1/columns", {
    query: { folder: "/demo", recursive: "true" },
  });
  check("/columns", columns);
  assertEquals(columns.runs, 12);
  assertEquals(columns.hparams[0], {
    id: "hparams.lr",
    path: "lr",
    types: ["number"],
    runs: 12,
    distinct: 3,
    min: 0.001,
    max: 0.1,
  });
  assertEquals(columns.metrics.map(({ id }: { id: string }) => id), [
    "metrics.train/loss.last",
    "metrics.train/a/b.c.last",
  ]);

  const documents = await server.json("GET /em/v1/documents", {
    query: { node },
  });
  check("/documents", documents);
  const broken = documents.documents.find(({ key }: { key: string }) =>
    key === "index.yaml"
  );
  assert(broken.problem.line >= 1);
  assertEquals(documents.documents[0].value.status, "Error");
});

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

Deno.test("CSV holds every point, exactly", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  const { ids } = await makeRuns(server);
  const response = await server.call("GET /em/v1/export.csv", {
    query: [["node", ids[5] ?? ""], ["metric", "train/loss"], [
      "metric",
      "no/such",
    ]],
  });
  const id = ids[5];
  assertEquals(
    (await response.text()).split("\r\n"),
    [
      "run,node,type,metric,step,epoch,time,value",
      `run-05,${id},train,loss,0,0,2026-11-23T08:00:01.000000Z,3`,
      `run-05,${id},train,loss,1,0,2026-11-23T08:00:02.000000Z,NaN`,
      `run-05,${id},train,loss,2,0,2026-11-23T08:00:03.000000Z,2`,
      "",
    ],
  );
});

Deno.test("questions that make no sense are refused, and say why", async () => {
  using dir = tempDir();
  await using server = await emServer(dir.path);
  await server.make("/demo/r");
  const cases: readonly (readonly [string, Record<string, string>, number])[] =
    [
      ["/series", {}, 400],
      ["/series", { node: "/demo/nowhere" }, 404],
      ["/points", { node: "/demo/r" }, 400],
      ["/points", { node: "/demo/r", metric: "loss" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", buckets: "0" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", buckets: "99999" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", from: "x" }, 400],
      ["/points", { node: "/demo/r", metric: "t/l", x: "y" }, 400],
      ["/rows", {}, 400],
      ["/rows", { folder: "/demo", size: "9999" }, 400],
      ["/rows", { folder: "/demo", recursive: "maybe" }, 400],
      ["/documents", { node: "/demo" }, 400],
      ["/events", {}, 400],
    ];
  for (const [path, query, status] of cases) {
    const response = await server.call(`GET /em/v1${path}`, { query });
    const text = await response.text();
    assertEquals(response.status, status, `${path} ${text}`);
    assert(text !== "", path);
  }
});

Deno.test("other users see nothing of runs that are not shared with them", async () => {
  using fixture = openFixture();
  const folder = await fixture.make("/demo/f", "Folder");
  const run = await fixture.make("/demo/f/r", "Run");
  await fixture.put(
    "/demo/f/r/metrics/train.yaml",
    metricsText([{ values: { loss: 1 }, step: 1 }]),
  );
  await fixture.put("/demo/f/r/hyperparameters.yaml", "lr: 1\n");
  await fixture.store.metrics.idle();
  const questions = [
    `/em/v1/series?node=${run}`,
    `/em/v1/points?node=${run}&metric=train/loss`,
    `/em/v1/rows?folder=${folder}`,
    `/em/v1/columns?folder=${folder}`,
    `/em/v1/documents?node=${run}`,
    `/em/v1/export.csv?node=${run}&metric=train/loss`,
    `/em/v1/events?node=${folder}`,
  ];
  for (const question of questions) {
    assertEquals(
      (await fixture.call(`GET ${question}`, { user: "eve" })).status,
      404,
      question,
    );
    assertEquals(
      (await fixture.call(`GET ${question}`, { user: null })).status,
      401,
      question,
    );
  }
  const rows = await fixture.json(`GET /em/v1/rows?node=${run}`, {
    user: "eve",
  });
  assertEquals(rows.data, []);
  const columns = await fixture.json(`GET /em/v1/columns?node=${run}`, {
    user: "eve",
  });
  assertEquals([columns.runs, columns.hparams], [0, []]);
  const own = await fixture.json(
    `GET /em/v1/columns?folder=/eve&recursive=true`,
    { user: "eve" },
  );
  assertEquals([own.runs, own.hparams, own.metrics], [0, [], []]);
  fixture.store.shares.add(
    fixture.store.nodes.byId(folder) ?? (() => {
      throw new Error("no folder");
    })(),
    [{ user: "eve", permission: "view" }],
  );
  const shared = await fixture.json(
    `GET /em/v1/rows?folder=${folder}&column=lr`,
    { user: "eve" },
  );
  assertEquals(shared.data[0].values, [1]);
  assertEquals(shared.data[0].node.permission, "view");
});
