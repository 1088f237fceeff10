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
    [
      { graphs: [good, { from: eves, to: a }] },
      `404 node not found [${eves}]`,
    ],
    [{ graphs: [good, { from: "/eve", to: a }] }, "403 permission denied"],
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

Deno.test("DELETE graphs removes the edges that are there", async () => {
  using server = openFixture();
  const a = await server.make("/demo/a", "Run");
  const b = await server.make("/demo/b", "Artifact");
  const graphs = [{ from: a, to: b }, { from: b, to: a }];
  await server.json("POST /apis/v1/graphs", { json: { graphs } });
  const remove = (graphs: unknown) =>
    server.json("DELETE /apis/v1/graphs", { json: { graphs } });
  assertEquals(await remove([graphs[0]]), { deleted: 1 });
  const current = await server.json("GET /apis/v1/graphs", {
    query: { current: a },
  });
  assertEquals([current.in.length, current.out.length], [1, 0]);
  assertEquals(await remove(graphs), { deleted: 1 });
  assertEquals(await remove(graphs), { deleted: 0 });
  assertEquals(await remove([]), { deleted: 0 });
});

Deno.test("GET graphs/component answers all that dataflow connects, the nearest first", async () => {
  using server = openFixture();
  const ids: Record<string, string> = {};
  for (const name of ["a", "b", "c", "d", "e", "lone"]) {
    ids[name] = await server.make(`/demo/${name}`, "Run");
  }
  const model = await server.make("/demo/bert", "Model");
  const edge = (from: string, to: string) => ({
    from: ids[from] ?? from,
    to: ids[to] ?? to,
  });
  // A circle of a, b, c; d is fed by it, and e feeds d.
  const graphs = [
    edge("a", "b"),
    edge("b", "c"),
    edge("c", "a"),
    edge("c", "d"),
    edge("e", "d"),
    edge(`${model}:main`, "e"),
    edge("e", "e"),
  ];
  await server.json("POST /apis/v1/graphs", { json: { graphs } });
  const look = async (current: string, query: Record<string, string> = {}) => {
    const { nodes, edges, complete } = await server.json(
      "GET /apis/v1/graphs/component",
      { query: { current, ...query } },
    );
    const names = nodes.map(({ path }: { path: string }) => path.slice(6));
    return { names, edges, complete };
  };
  const all = await look("/demo/d");
  assertEquals(all.names[0], "d");
  assertEquals(all.names.slice(1, 3).sort(), ["c", "e"]);
  assertEquals(all.names.slice(3).sort(), ["a", "b", "bert:main"]);
  const sorted = (edges: unknown[]) =>
    edges.map((edge) => JSON.stringify(edge)).sort();
  assertEquals(sorted(all.edges), sorted(graphs));
  assertEquals(all.complete, true);
  assertEquals(await look("/demo/lone"), {
    names: ["lone"],
    edges: [],
    complete: true,
  });
  assertEquals((await look(`${model}:main`)).names.length, 6);

  const some = await look("/demo/d", { limit: "3" });
  assertEquals([some.names.length, some.complete], [3, false]);
  assertEquals(sorted(some.edges), sorted([3, 4, 6].map((i) => graphs[i])));
  assertEquals((await look("/demo/d", { limit: "6" })).complete, true);
  for (const limit of ["0", "1001", "x"]) {
    assertEquals(
      await server.text("GET /apis/v1/graphs/component", {
        query: { current: ids.a ?? "", limit },
      }),
      '400 invalid query: "limit" must be a whole number from 1 to 1000',
    );
  }

  await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/c" } });
  assertEquals((await look("/demo/a")).names, ["a", "b"]);
  assertEquals((await look("/demo/d")).names, ["d", "e", "bert:main"]);
});

Deno.test("who may not see a node does not see that edges lead to it, or what is behind it", async () => {
  using server = openFixture();
  const [a, hidden, c] = [
    await server.make("/demo/a", "Run"),
    await server.make("/demo/hidden", "Run"),
    await server.make("/demo/c", "Run"),
  ];
  const graphs = [{ from: a, to: hidden }, { from: hidden, to: c }];
  await server.json("POST /apis/v1/graphs", { json: { graphs } });
  for (const node of [a, c]) {
    await server.json("POST /apis/v1/nodes/shares", {
      json: { node, user: "eve", permission: "view" },
    });
  }
  const ask = (path: string) =>
    server.json(`GET /apis/v1/graphs${path}`, {
      user: "eve",
      query: { current: a },
    });
  assertEquals(await ask(""), { in: [], out: [] });
  const component = await ask("/component");
  assertEquals(component.nodes.map(({ id }: { id: string }) => id), [a]);
  assertEquals([component.edges, component.complete], [[], true]);

  await server.json("POST /apis/v1/nodes/shares", {
    json: { node: hidden, user: "*", permission: "view" },
  });
  assertEquals((await ask("")).out.length, 1);
  const whole = await ask("/component");
  assertEquals(whole.nodes.length, 3);
  assertEquals(whole.nodes[2].permission, "view");
  assertEquals(whole.edges, graphs);
});
