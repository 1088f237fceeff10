import { assertEquals, assertMatch } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

Deno.test("GET nodes lists by name, page by page, and filters by type and label", async () => {
  using server = openFixture();
  const list = (query: Record<string, string>) =>
    server.json("GET /apis/v1/nodes", { query: { parent: "/demo", ...query } });
  assertEquals(await list({ type: "Folder" }), {
    pagination: { page: 1, size: 10, total: 0 },
    data: null,
  });
  for (let i = 12; i > 0; i--) {
    await server.make(
      `/demo/n${String(i).padStart(2, "0")}`,
      i % 2 ? "Run" : "Folder",
      {
        labels: i % 3 ? [] : ["third", "x"],
      },
    );
  }
  const names = async (query: Record<string, string>) => {
    const { pagination, data } = await list(query);
    return [
      pagination,
      data?.map((node: { path: string }) => node.path.slice(6)).join(" "),
    ];
  };
  assertEquals(await names({}), [
    { page: 1, size: 10, total: 12 },
    "n01 n02 n03 n04 n05 n06 n07 n08 n09 n10",
  ]);
  assertEquals(await names({ page: "2" }), [
    { page: 2, size: 10, total: 12 },
    "n11 n12",
  ]);
  assertEquals(await names({ page: "3" }), [
    { page: 3, size: 10, total: 12 },
    undefined,
  ]);
  assertEquals(await names({ size: "1000", type: "Run" }), [
    { page: 1, size: 1000, total: 6 },
    "n01 n03 n05 n07 n09 n11",
  ]);
  assertEquals(await names({ label: "third", type: "Folder" }), [
    { page: 1, size: 10, total: 2 },
    "n06 n12",
  ]);
  for (
    const query of [{ size: "0" }, { size: "1001" }, { size: "x" }, {
      page: "0",
    }, { page: "1.5" }]
  ) {
    assertMatch(
      await server.text("GET /apis/v1/nodes", {
        query: { parent: "/demo", ...query },
      }),
      /^400 invalid query: "(size|page)" must be a whole number from 1 to /,
    );
  }
  assertEquals(
    await server.text("GET /apis/v1/nodes"),
    '400 invalid query: "parent" is missing',
  );
});

Deno.test("GET nodes searches, filters by several types and labels, and sorts", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  const nodes: [string, string, string[], string][] = [
    ["Beta", "Run", ["CNN", "mnist"], ""],
    ["alpha", "Run", ["CNN"], "100% of_the data"],
    ["Über", "Artifact", ["mnist"], "ein BETA-Test"],
    ["zoo", "Folder", [], ""],
    ["gamma", "Folder", ["CNN", "mnist", "x"], ""],
  ];
  for (const [index, [name, type, labels, description]] of nodes.entries()) {
    server.time = new Date(Date.UTC(2027, 0, 1, 0, 0, 9 - index));
    await server.make(`/demo/f/${name}`, type, { labels, description });
  }
  const names = async (...query: [string, string][]) => {
    const parameters = new URLSearchParams([["parent", "/demo/f"], ...query]);
    const { data, pagination } = await server.json(
      `GET /apis/v1/nodes?${parameters}`,
    );
    assertEquals(pagination.total, data?.length ?? 0);
    return data?.map(({ name }: { name: string }) => name).join(" ") ?? "";
  };
  const table: [[string, string][], string][] = [
    [[], "Beta alpha gamma zoo Über"],
    [
      [["sort", ""], ["type", ""], ["label", ""], ["search", ""]],
      "Beta alpha gamma zoo Über",
    ],
    [[["sort", "-name"]], "Über zoo gamma alpha Beta"],
    [[["sort", "modified"]], "gamma zoo Über alpha Beta"],
    [[["sort", "-modified"]], "Beta alpha Über zoo gamma"],
    [[["sort", "type"]], "gamma zoo Über Beta alpha"],
    [[["sort", "-type"]], "Beta alpha Über gamma zoo"],
    [[["type", "Run"], ["type", "Artifact"]], "Beta alpha Über"],
    [[["label", "mnist"], ["label", "CNN"]], "Beta gamma"],
    [[["label", "cnn"]], ""],
    [[["search", "beta"]], "Beta Über"],
    [[["search", "ALPHA"]], "alpha"],
    [[["search", "Ü"]], "Über"],
    [[["search", "cnn"]], "Beta alpha gamma"],
    [[["search", "0% of_"]], "alpha"],
    [[["search", "%"]], "alpha"],
    [[["search", '"']], ""],
    [[["search", "beta"], ["type", "Run"], ["label", "mnist"]], "Beta"],
  ];
  for (const [query, wanted] of table) {
    assertEquals(await names(...query), wanted, JSON.stringify(query));
  }
  const refused: [[string, string][], string][] = [
    [
      [["sort", "size"]],
      '"sort" must be one of name, -name, modified, -modified, type, -type',
    ],
    [[["search", "s".repeat(257)]], '"search" may have 256 characters'],
    [
      Array.from({ length: 33 }, () => ["label", "x"]),
      '"label" may be named 32 times',
    ],
  ];
  for (const [query, text] of refused) {
    const parameters = new URLSearchParams([["parent", "/demo/f"], ...query]);
    assertEquals(
      await server.text(`GET /apis/v1/nodes?${parameters}`),
      `400 invalid query: ${text}`,
    );
  }
});

Deno.test("pages never overlap, and hold every node once, in every order", async () => {
  using server = openFixture();
  for (let i = 0; i < 25; i++) {
    server.time = new Date(Date.UTC(2027, 0, 1 + i % 3));
    await server.make(`/demo/${"edcba"[i % 5]}${i}`, i % 2 ? "Run" : "Folder");
  }
  for (const by of ["name", "modified", "type"]) {
    for (const sort of [by, `-${by}`]) {
      const seen: string[] = [];
      for (let page = 1; page <= 7; page++) {
        const query = { parent: "/demo", sort, size: "4", page: `${page}` };
        const { data } = await server.json("GET /apis/v1/nodes", { query });
        seen.push(...data.map(({ id }: { id: string }) => id));
      }
      assertEquals([seen.length, new Set(seen).size], [25, 25], sort);
    }
  }
});
