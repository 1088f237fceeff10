import { assertEquals } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

const OBJECTS = "/apis/v1/objects";

Deno.test("ls lists by key, page by page, until every object was seen", async () => {
  using server = openFixture();
  const id = await server.make("/demo/run", "Run");
  await server.make("/demo/run2", "Run");
  await server.put("/demo/run2/other", "");
  const ls = (query: Record<string, string>) =>
    server.json(`GET ${OBJECTS}/ls`, {
      query: { path: "/demo/run", ...query },
    });
  assertEquals(await ls({}), {
    pagination: { page: 1, size: 10, total: 0 },
    data: null,
  });
  const keys = ["b", "a/z", "a.txt", "a/b", "é", "Z"];
  for (const key of keys) await server.put(`/demo/run/${key}`, key);
  const all = await ls({ size: "1000", page: "1" });
  assertEquals(all.pagination, { page: 1, size: 1000, total: 6 });
  const paths = (page: { data: { path: string }[] | null }) =>
    page.data?.map(({ path }) => path);
  assertEquals(paths(all), ["Z", "a.txt", "a/b", "a/z", "b", "é"]);
  assertEquals(paths(await ls({ size: "4" })), ["Z", "a.txt", "a/b", "a/z"]);
  assertEquals(paths(await ls({ size: "4", page: "2" })), ["b", "é"]);
  assertEquals(paths(await ls({ size: "4", page: "3" })), undefined);
  assertEquals(await ls({ path: id }), await ls({}));
});

Deno.test("ls finds keys by how they begin and by what is in them", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const keys = [
    "a%b",
    "axb",
    "metrics/train.yaml",
    "metrics/val.yaml",
    "Met",
    "é/x",
  ];
  for (const key of keys) await server.put(`/demo/run/${key}`, key);
  const ls = async (query: Record<string, string>) => {
    const { data, pagination } = await server.json(`GET ${OBJECTS}/ls`, {
      query: { path: "/demo/run", ...query },
    });
    const paths = data?.map(({ path }: { path: string }) => path).join(" ");
    return `${pagination.total}: ${paths}`;
  };
  const table: [Record<string, string>, string][] = [
    [{ prefix: "metrics/" }, "2: metrics/train.yaml metrics/val.yaml"],
    [{ prefix: "metrics/", size: "1", page: "2" }, "2: metrics/val.yaml"],
    [{ prefix: "Met" }, "1: Met"],
    [{ prefix: "é" }, "1: é/x"],
    [{ prefix: "a%" }, "1: a%b"],
    [{ prefix: "no" }, "0: undefined"],
    [{ search: "MET" }, "3: Met metrics/train.yaml metrics/val.yaml"],
    [{ search: "%" }, "1: a%b"],
    [{ prefix: "metrics", search: "val" }, "1: metrics/val.yaml"],
    [{ prefix: "", search: "", size: "2" }, "6: Met a%b"],
  ];
  for (const [query, wanted] of table) {
    assertEquals(await ls(query), wanted, JSON.stringify(query));
  }
});
