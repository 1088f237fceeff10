import { assertEquals } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

Deno.test("GET graphs answers whole nodes on both sides, each edge once", async () => {
  using server = openFixture();
  const run = await server.make("/demo/run", "Run");
  const input = await server.make("/demo/in", "Artifact");
  const output = await server.make("/demo/out", "Artifact");
  const graphs = [{ from: input, to: run }, { from: run, to: output }];
  const graph = () =>
    server.json("GET /apis/v1/graphs", { query: { current: run } });
  assertEquals(await graph(), { in: [], out: [] });
  for (let i = 0; i < 2; i++) {
    await server.json("POST /apis/v1/graphs", { json: { graphs } });
  }
  const info = (node: string) =>
    server.json("GET /apis/v1/nodes/info", { query: { node } });
  assertEquals(await graph(), {
    in: [await info(input)],
    out: [await info(output)],
  });
});

Deno.test("POST graphs adds all edges or none", async () => {
  using server = openFixture();
  const a = await server.make("/demo/a", "Run");
  const b = await server.make("/demo/b", "Artifact");
  const eves = server.store.nodes.walk(["eve"])?.node.id ?? "";
  const good = { from: a, to: b };
  const table: [unknown, string][] = [
    [
      { graphs: [good, { from: a, to: "missing" }] },
      "404 node not found [missing]",
    ],
    [{ graphs: [good, { from: eves, to: a }] }, "403 permission denied"],
    [{ graphs: [good, { from: a }] }, '400 invalid body: "to" is missing'],
    [{ graphs: "x" }, '400 invalid body: "graphs" must be a list of objects'],
    [{ graphs: [null] }, "400 invalid body: a JSON object was expected"],
  ];
  for (const [json, wanted] of table) {
    assertEquals(await server.text("POST /apis/v1/graphs", { json }), wanted);
  }
  const query = { current: a };
  assertEquals(await server.json("GET /apis/v1/graphs", { query }), {
    in: [],
    out: [],
  });
});

Deno.test("an edge may lead from or to a branch, tag or commit of an asset", async () => {
  using server = openFixture();
  const run = await server.make("/demo/run", "Run");
  const model = await server.make("/demo/bert", "Model");
  const graphs = [
    { from: model, to: run },
    { from: `${model}:main`, to: run },
    { from: run, to: `${model}:v1` },
  ];
  for (let i = 0; i < 2; i++) {
    await server.json("POST /apis/v1/graphs", { json: { graphs } });
  }
  const graph = async (current: string) => {
    const answer = await server.json("GET /apis/v1/graphs", {
      query: { current },
    }) as Record<"in" | "out", { id: string; path: string }[]>;
    const ends = (nodes: { id: string; path: string }[]) =>
      nodes.map(({ id, path }) => [id, path]);
    return [ends(answer.in), ends(answer.out)];
  };
  assertEquals(await graph(run), [
    [[model, "/demo/bert"], [`${model}:main`, "/demo/bert:main"]],
    [[`${model}:v1`, "/demo/bert:v1"]],
  ]);
  assertEquals(await graph(`${model}:main`), [[], [[run, "/demo/run"]]]);
  assertEquals(await graph(model), [[], [[run, "/demo/run"]]]);
  assertEquals(await graph(`${model}:other`), [[], []]);
  for (const end of [`${run}:main`, `${model}:`, "missing:main"]) {
    const json = { graphs: [{ from: end, to: run }] };
    assertEquals(
      await server.text("POST /apis/v1/graphs", { json }),
      `404 node not found [${end === "missing:main" ? "missing" : end}]`,
    );
  }
});
