import { assert, assertEquals } from "@std/assert";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { createReporter } from "../../../src/reporter.ts";
import { OPENAPI } from "../../../src/server/metrics/openapi.ts";
import { emRoutes } from "../../../src/server/routes/em_routes.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { openFixture } from "../support/fixture.ts";
import { emServer } from "./support.ts";
import { makeRuns } from "../support/made_runs.ts";

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

  await server.put(
    "/demo/f/run-00/ranks/1/rank.yaml",
    "rank: 1\nstatus: Error\n",
  );
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
