import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Call, form, openFixture } from "./support/fixture.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const STRANGE = [
  ...["", "/", "//", ".", "..", "/..", "/demo/..", "*", "%", "_", "null", "0"],
  ...["-1", "1e999", "NaN", "\u0000", "\ud7ff", "\u202e", "\ufffd", "🙂", "é"],
  ...["/demo/\u0000", "own", "__proto__", "constructor", ":", "' OR 1=1 --"],
  ...["a".repeat(2000), `/demo/run/${"k/".repeat(600)}`, "demo", "/nobody"],
];
const HEADERS = {
  "range": [
    "bytes=0-0",
    "bytes=-",
    "bytes=9999999999999999999999-",
    "bytes=-0",
  ],
  "if-match": ["*", '"', '"x"', ","],
  "if-none-match": ["*", "W/", 'W/"x"', ""],
  "if-range": ['"x"', "Thu, 01 Jan 1970 00:00:00 GMT"],
  "upload-offset": ["0", "10", "-1", "1e3", "99999999999999999999"],
};

type Kind = keyof typeof KINDS;

/** Values that are good for something; `$` names a node that is made for the test. */
const KINDS = {
  node: [
    "$run",
    "$f",
    "$shortcut",
    "$eve",
    "/demo",
    "/demo/run",
    "/demo/f/art",
  ],
  folder: ["$f", "/demo", "/demo/f", "/demo/f/gone", "/eve", "/demo/f/deep"],
  holder: ["$run", "/demo/run", "/demo/f/art", "/demo/run/x", "/demo/f/art/y"],
  object: [
    "/demo/run/x",
    "/demo/f/art/y/z",
    "/demo/f/art/new",
    "/demo/f/gone/x",
  ],
  end: [
    "$run",
    "$model",
    "$model:main",
    "$run:main",
    "/demo/run",
    "/demo/f/art",
  ],
  name: ["n1", "n2", "run", "f", "with space", "ünï"],
  type: ["Run", "Folder", "Artifact", "Shortcut", "Model"],
  label: ["a", "b"],
  extra: ['{"target": "$run"}', '{"target": "$f"}', "{}", ""],
  search: ["r", "F", ""],
  sort: ["name", "-modified", "type"],
  number: ["1", "2", "1000"],
  bool: ["true", "false"],
  user: ["eve", "*"],
  permission: ["view", "edit"],
  key: ["x", "y/z", "new"],
  etag: ["crc32-00000000", '"x"'],
} as const;

/** What a good request names in its query, and in its JSON body; `[]` after a kind means a list. */
interface Template {
  readonly route: string;
  readonly query?: Readonly<Record<string, Kind>>;
  readonly body?: Readonly<Record<string, string>>;
  readonly each?: Readonly<Record<string, Readonly<Record<string, Kind>>>>;
}

const list: Readonly<Record<string, Kind>> = {
  ...{ type: "type", label: "label", search: "search", sort: "sort" } as const,
  ...{ page: "number", size: "number" } as const,
};
const edges = { graphs: { from: "end", to: "end" } } as const;
const upload = "/apis/v1/objects/multipart/$upload";
const TEMPLATES: readonly Template[] = [
  { route: "GET /oauth2/userinfo" },
  { route: "GET /apis/v1/nodes", query: { parent: "folder", ...list } },
  { route: "GET /apis/v1/nodes/shared", query: list },
  { route: "GET /apis/v1/nodes/public", query: list },
  { route: "GET /apis/v1/nodes/info", query: { node: "node", follow: "bool" } },
  {
    route: "POST /apis/v1/nodes",
    body: {
      ...{ parent: "folder", name: "name", type: "type", labels: "label[]" },
      ...{ description: "search", extra: "extra" },
    },
  },
  { route: "PUT /apis/v1/nodes", body: { node: "node", parent: "folder" } },
  {
    route: "PUT /apis/v1/nodes",
    body: { node: "node", name: "name", labels: "label[]", extra: "extra" },
  },
  { route: "DELETE /apis/v1/nodes", body: { node: "node" } },
  { route: "GET /apis/v1/nodes/shares", query: { node: "node" } },
  {
    route: "PUT /apis/v1/nodes/shares",
    body: { node: "node" },
    each: { shares: { user: "user", permission: "permission" } },
  },
  {
    route: "POST /apis/v1/nodes/shares",
    body: { node: "node", user: "user", permission: "permission" },
  },
  {
    route: "DELETE /apis/v1/nodes/shares",
    body: { node: "node", user: "user" },
  },
  {
    route: "GET /apis/v1/objects/ls",
    query: { path: "holder", prefix: "key", search: "search", size: "number" },
  },
  { route: "GET /apis/v1/objects", query: { path: "object" } },
  { route: "HEAD /apis/v1/objects", query: { path: "object" } },
  { route: "POST /apis/v1/objects", query: { path: "object" } },
  { route: "PATCH /apis/v1/objects", query: { path: "object" } },
  { route: "DELETE /apis/v1/objects", query: { path: "object" } },
  {
    route: "POST /apis/v1/objects/delete",
    body: { node: "holder", paths: "key[]" },
  },
  {
    route: "POST /apis/v1/objects/copy",
    body: { from: "holder", to: "holder", paths: "key[]" },
  },
  {
    route: "POST /apis/v1/objects/copy",
    body: { from: "object", to: "object" },
  },
  { route: "POST /apis/v1/objects/multipart", query: { path: "object" } },
  { route: `PUT ${upload}`, query: { path: "object", partNumber: "number" } },
  { route: `GET ${upload}`, query: { path: "object" } },
  {
    route: `POST ${upload}`,
    query: { path: "object" },
    each: { parts: { etag: "etag", partNumber: "number" } },
  },
  { route: `DELETE ${upload}`, query: { path: "object" } },
  { route: "GET /apis/v1/graphs", query: { current: "end" } },
  {
    route: "GET /apis/v1/graphs/component",
    query: { current: "end", limit: "number" },
  },
  { route: "POST /apis/v1/graphs", each: edges },
  { route: "DELETE /apis/v1/graphs", each: edges },
];

Deno.test("no request, however strange, is answered with a 5xx or changes another user's tree", async () => {
  using server = openFixture();
  const ids: Record<string, string> = {
    eve: server.store.nodes.walk(["eve"])?.node.id ?? "",
  };
  const named = <T>(value: T): T => {
    const text = JSON.stringify(value);
    if (text === undefined) return value;
    return JSON.parse(
      text.replace(/\$(\w+)/g, (all, name) => ids[name] ?? all),
    );
  };
  async function plant(): Promise<void> {
    ids.run = await server.make("/demo/run", "Run");
    ids.f = await server.make("/demo/f", "Folder");
    await server.make("/demo/f/art", "Artifact");
    await server.make("/demo/f/deep", "Folder");
    ids.model = await server.make("/demo/f/model", "Model");
    const extra = JSON.stringify({ target: ids.run });
    ids.shortcut = await server.make("/demo/f/short", "Shortcut", { extra });
    await server.put("/demo/run/x", "0123456789");
    await server.put("/demo/f/art/y/z", "0123456789");
    const { uploadId } = await server.json("POST /apis/v1/objects/multipart", {
      query: { path: "/demo/run/x" },
    });
    ids.upload = uploadId;
  }
  const isPlanted = () =>
    server.store.uploads.get(ids.upload ?? "") !== undefined &&
    ["run", "f/art", "f/deep", "f/model", "f/short"].every((path) =>
      server.store.nodes.walk(["demo", ...path.split("/")])?.rest.length === 0
    );
  const query = { parent: "/eve" };
  const eves = () => server.text("GET /apis/v1/nodes", { user: "eve", query });
  const before = await eves();
  const succeeded = new Set<string>();
  await plant();
  await fc.assert(
    fc.asyncProperty(requests(), async (request) => {
      const { method, path, query, json, body, headers } = request;
      const hasBody = method !== "GET" && method !== "HEAD";
      const call: Call = {
        query: named(query),
        ...(hasBody ? { json: named(json), body } : {}),
        headers: {
          ...headers,
          ...(method === "PATCH"
            ? { "content-type": "application/offset+octet-stream" }
            : {}),
        },
      };
      const response = await server.call(`${method} ${named(path)}`, call);
      const answer = await response.text();
      assert(response.status < 500, `${response.status} ${answer}`);
      assertEquals(server.reports, []);
      if (response.ok) succeeded.add(`${method} ${path}`);
      if (isPlanted()) return;
      const { data } = await server.json("GET /apis/v1/nodes", {
        query: { parent: "/demo", size: "1000" },
      });
      for (const { id } of data ?? []) {
        await server.json("DELETE /apis/v1/nodes", { json: { node: id } });
      }
      await plant();
    }),
    { numRuns: 2000 },
  );
  assertEquals(await eves(), before);
  // What is refused at the first look shows little: most kinds of request were done at least once.
  const done = [...succeeded].sort();
  assert(done.length > TEMPLATES.length * 0.75, `only ${done.join(", ")}`);
});

Deno.test("paths of the API that are not there answer an empty 404, by every method", async () => {
  using server = openFixture();
  const paths = [
    "/apis/v1",
    "/apis/v1/nope",
    "/apis/v2/nodes",
    "/apis/v1/nodes/x",
  ];
  for (
    const path of [...paths, "/apis/v1/objects/ls/x", "/apis/v1/graphs/x/y"]
  ) {
    for (const method of METHODS) {
      assertEquals(await server.text(`${method} ${path}`), "404 ", path);
    }
  }
});

/** Good requests in which something is strange, seldom more than that. */
function requests() {
  const strange = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(...STRANGE) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  );
  const strangeJson = fc.oneof(
    { weight: 3, arbitrary: strange },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(null, true, -1, 1.5, 1e300, [], {}),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
  const mostly = (good: fc.Arbitrary<unknown>, bad = strangeJson) =>
    fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: bad });
  const kind = (name: string, bad = strangeJson): fc.Arbitrary<unknown> => {
    const isList = name.endsWith("[]");
    const values = KINDS[name.replace("[]", "") as Kind];
    const one = mostly(fc.constantFrom<unknown>(...values), bad);
    return isList ? mostly(fc.array(one, { maxLength: 3 })) : one;
  };
  const record = (
    kinds: Readonly<Record<string, string>>,
    bad = strangeJson,
  ) => {
    return fc.record(
      Object.fromEntries(
        Object.entries(kinds).map(([key, name]) => [key, kind(name, bad)]),
      ),
      { requiredKeys: Object.keys(kinds).slice(0, 3) },
    );
  };
  const headers = fc.record(
    Object.fromEntries(
      Object.entries(HEADERS)
        .map(([name, values]) => [name, fc.constantFrom(...values)]),
    ),
    { requiredKeys: [] },
  );
  return fc.constantFrom(...TEMPLATES).chain(({ route, query, body, each }) => {
    const [method = "", path = ""] = route.split(" ");
    const lists = Object.fromEntries(
      Object.entries(each ?? {}).map(([name, kinds]) => [
        name,
        mostly(fc.array(mostly(record(kinds)), { maxLength: 3 })),
      ]),
    );
    const good = body || each
      ? fc.tuple(record(body ?? {}), fc.record(lists))
        .map(([body, lists]): unknown => ({ ...body, ...lists }))
      : fc.constant(undefined);
    return fc.record({
      method: mostly(fc.constant(method), fc.constantFrom(...METHODS))
        .map(String),
      path: fc.constant(path),
      query: record(query ?? {}, strange).map((query) =>
        query as Record<string, string>
      ),
      json: mostly(good),
      body: fc.oneof(
        { weight: 4, arbitrary: fc.constant<BodyInit>(form("some")) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<BodyInit>(form("x", "other"), "more"),
        },
      ),
      headers: fc.oneof(
        { weight: 3, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: headers },
      ),
    });
  });
}
