import { assert, assertEquals } from "@std/assert";
import { openFixture } from "./support/fixture.ts";

const OBJECTS = "/apis/v1/objects";

Deno.test("POST objects/copy copies an object, some of a node, or all, with their types and checksums", async () => {
  using server = openFixture();
  await server.make("/demo/a", "Run");
  const b = await server.make("/demo/b", "Artifact");
  const big = "b".repeat(1_000_000);
  for (const [key, text] of [["x", "one"], ["d/y", "two"], ["big", big]]) {
    await server.put(`/demo/a/${key}`, text ?? "");
  }
  const typed = new FormData();
  typed.append("content", new Blob(["{}"], { type: "application/json" }), "j");
  await server.json(`POST ${OBJECTS}`, {
    query: { path: "/demo/a/j" },
    body: typed,
  });
  const copy = (json: unknown) => server.json(`POST ${OBJECTS}/copy`, { json });
  const ls = async (path: string) =>
    (await server.json(`GET ${OBJECTS}/ls`, { query: { path } })).data.map(
      (
        { path, checksum, content_type, size_bytes }: Record<string, string>,
      ) => [path, checksum, content_type, size_bytes],
    );
  assertEquals(
    await copy({ from: "/demo/a/x", to: "/demo/b/d/new" }),
    { copied: 1, size_bytes: 3 },
  );
  assertEquals(
    await server.text(`GET ${OBJECTS}`, { query: { path: "/demo/b/d/new" } }),
    "200 one",
  );
  await server.put("/demo/b/x", "is replaced");
  assertEquals(
    await copy({ from: "/demo/a", to: b, paths: ["x", "d/y", "x"] }),
    { copied: 2, size_bytes: 6 },
  );
  await server.json(`DELETE ${OBJECTS}`, { query: { path: "/demo/b/d/new" } });
  assertEquals(
    await copy({ from: "/demo/a", to: "/demo/b" }),
    { copied: 4, size_bytes: 1_000_008 },
  );
  assertEquals(await ls("/demo/b"), await ls("/demo/a"));
  assertEquals(await copy({ from: "/demo/a/x", to: "/demo/a/x2" }), {
    copied: 1,
    size_bytes: 3,
  });
  await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/a" } });
  assertEquals(
    await server.text(`GET ${OBJECTS}`, { query: { path: "/demo/b/big" } }),
    `200 ${big}`,
  );
  assertEquals(server.files().length, 4);
});

Deno.test("POST objects/copy refuses what it cannot do, before anything is copied", async () => {
  using server = openFixture();
  await server.make("/demo/a", "Run");
  await server.make("/demo/b", "Run");
  await server.make("/demo/f", "Folder");
  await server.put("/demo/a/x", "x");
  const kinds =
    '400 invalid copy: "from" and "to" must be two objects or two nodes';
  const same = '400 invalid copy: "from" and "to" are the same';
  const folder =
    '400 invalid node: "f" is of type Folder, which holds no set of objects';
  const table: [Record<string, unknown>, string][] = [
    [{ from: "/demo/a/x", to: "/demo/b" }, kinds],
    [{ from: "/demo/a", to: "/demo/b/x" }, kinds],
    [{ from: "/demo/a", to: "/demo/a" }, same],
    [{ from: "/demo/a/x", to: "/demo/a/x" }, same],
    [{ from: "/demo/f", to: "/demo/b" }, folder],
    [{ from: "/demo/a", to: "/demo/f" }, folder],
    [
      { from: "/demo/a/no", to: "/demo/b/x" },
      "404 object not found [/demo/a/no]",
    ],
    [
      { from: "/demo/a", to: "/demo/b", paths: ["x", "no"] },
      "404 object not found [no]",
    ],
    [
      { from: "/demo/a", to: "/demo/b", paths: ["../x"] },
      '400 invalid object key: it has a segment that is empty, "." or ".."',
    ],
    [
      { from: "/demo/a/x", to: "/demo/b/../x" },
      '400 invalid path: it must look like "/user/folder/name"',
    ],
    [{ from: "/demo/gone", to: "/demo/b" }, "404 node not found [/demo/gone]"],
    [{ from: "/demo/a", to: "/eve" }, "403 permission denied"],
    [{ from: "/demo/a" }, '400 invalid body: "to" is missing'],
    [{ to: "/demo/a" }, '400 invalid body: "from" is missing'],
  ];
  for (const [json, wanted] of table) {
    assertEquals(
      await server.text(`POST ${OBJECTS}/copy`, { json }),
      wanted,
      JSON.stringify(json),
    );
  }
  assertEquals(server.files().length, 1);
  assertEquals(
    await server.text(`POST ${OBJECTS}/delete`, { json: { node: "/demo/a" } }),
    '400 invalid body: "paths" is missing',
  );
});

Deno.test("others have their turn while many objects are copied", async () => {
  using server = openFixture();
  const a = await server.make("/demo/a", "Run");
  const b = await server.make("/demo/b", "Artifact");
  await server.put("/demo/a/x", "content");
  const { contents, objects } = server.store;
  for (let i = 0; i < 200; i++) {
    await contents.shareObject({ nodeId: a, key: "x" }, {
      nodeId: a,
      key: `k${i}`,
    });
  }
  const count = () => objects.list(b, { page: 1, size: 1 }).total;
  const seen = new Set<number>();
  const timer = setInterval(() => seen.add(count()), 0);
  const copied = await server.json(`POST ${OBJECTS}/copy`, {
    json: { from: a, to: b },
  });
  clearInterval(timer);
  assertEquals([copied.copied, count()], [201, 201]);
  const between = [...seen].filter((count) => count > 0 && count < 201);
  assert(between.length > 0, `seen: ${[...seen]}`);
});
