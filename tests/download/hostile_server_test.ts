import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { loadArtifact, loadRun, Run } from "../../mod.ts";
import { logout, setSession } from "../../src/aistore/session.ts";
import { EmError } from "../../src/errors.ts";
import { filesOf } from "../support/em_server.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { parentDirs } from "../support/parent_dirs.ts";
import { tempDir } from "../support/temp_dir.ts";

/** What a server says of the one node that is wanted, where it is not the truth. */
interface Lies {
  /** Instead of parts of the node. */
  readonly node?: Readonly<Record<string, unknown>>;
  /** Besides the objects that are there. */
  readonly objects?: readonly Lie[];
  /** Instead of a page of the listing. */
  readonly page?: (page: number) => unknown;
  /** Instead of the graph of the run that used the node. */
  readonly graph?: unknown;
  /** Instead of an object. */
  readonly answer?: () => Response;
}

interface Lie {
  readonly key: unknown;
  readonly body?: string;
  /** Instead of what the listing would say. */
  readonly listed?: Readonly<Record<string, unknown>>;
}

const RUN_ID = "a46ce04a-fdf4-4666-86f7-59fff0d0a5c0";
const ARTIFACT_ID = "b51e3c88-1b80-4597-9040-9a7258afbc6e";

const RUN_FILES: Readonly<Record<string, string>> = {
  "metadata.yaml":
    "kind: Run\nname: r\nlabels: []\ndescription: ''\nstartTimestamp: '2026-11-23T08:21:18.167046+00:00'\n" +
    "endTimestamp: null\nstatus: Running\nalternativeName: r\nassociations:\n  input: []\n  output: []\nremote: []\n",
  "index.yaml":
    "hyperparameters: hyperparameters.yaml\nmetrics: {}\nplatform: platform.yaml\ngit: git.yaml\nlog: stdout.log\n",
  "hyperparameters.yaml": "{}\n",
  "platform.yaml":
    "hostname: w\nos: Linux\npython: 3.11.2\npypkgs: {}\nframework: ''\n",
  "git.yaml":
    "repo_path: null\nremote_url: null\nbranch: null\ncommit: null\nis_dirty: null\nentrypoint: a.py\n",
  "stdout.log": "",
};

const ARTIFACT_FILES: Readonly<Record<string, string>> = {
  "metadata.yaml":
    "kind: Artifact\nname: a\nlabels: []\ndescription: ''\ncreatedTimestamp: '2026-11-23T08:21:18.158444+00:00'\n" +
    "alternativeName: a\nremote: []\n",
  "data.txt": "data",
};

function record({ key, body = "x", listed }: Lie) {
  return {
    path: key,
    size_bytes: new TextEncoder().encode(body).length,
    checksum: createHash("md5").update(body).digest("hex"),
    ...listed,
  };
}

/** A node with its objects, as the server has it. */
function content(type: "Run" | "Artifact", lies: Lies) {
  const files = type === "Run" ? RUN_FILES : ARTIFACT_FILES;
  const extra: readonly Lie[] = lies.objects ?? [];
  const plain = Object.entries(files)
    .filter(([key]) => !extra.some((lie) => lie.key === key))
    .map(([key, body]): Lie => ({ key, body }));
  return [...plain, ...extra];
}

/** Serves `/demo/r`, a run that used `/demo/a`, an artifact, of which the one with lies is wanted. */
function hostile(wanted: "Run" | "Artifact", lies: Lies) {
  const truth = (type: "Run" | "Artifact") => ({
    id: type === "Run" ? RUN_ID : ARTIFACT_ID,
    type,
    path: type === "Run" ? "/demo/r" : "/demo/a",
    extra: JSON.stringify({ alternativeName: `${type}_260101_000000_abcdef` }),
    ...(type === wanted ? lies.node : {}),
  });
  return (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    const path = searchParams.get("path") ?? searchParams.get("node") ?? "";
    const isRun = path === RUN_ID || /^\/demo\/r(\/|$)/.test(path);
    const type = isRun ? "Run" : "Artifact";
    const own = type === wanted ? lies : {};
    const found = content(type, own);
    if (pathname.endsWith("/info")) return json(truth(type));
    if (pathname.endsWith("/graphs")) {
      const graph = { in: [truth("Artifact")], out: [] };
      return json(lies.graph === undefined ? graph : lies.graph);
    }
    if (pathname.endsWith("/ls")) {
      const page = Number(searchParams.get("page"));
      const pagination = { page, size: 1000, total: found.length };
      return own.page === undefined
        ? json({ pagination, data: found.map(record) })
        : json(own.page(page));
    }
    const key = path.split("/").slice(3).join("/");
    const lie = own.objects?.some((object) => object.key === key);
    if (own.answer !== undefined && (lie || own.objects === undefined)) {
      return Promise.resolve(own.answer());
    }
    const object = found.find((object) => object.key === key);
    return Promise.resolve(
      new Response(object === undefined ? null : object.body ?? "x", {
        status: object === undefined ? 404 : 200,
      }),
    );
  };
}

function json(value: unknown): Promise<Response> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return Promise.resolve(new Response(text));
}

/** The three ways by which something comes from a server, and what each of them wants there. */
const WAYS = {
  "loadRun()": ["Run", () => loadRun("/demo/r")],
  "loadArtifact()": ["Artifact", () => loadArtifact("/demo/a")],
  "loadRun() with fetchArtifacts": [
    "Artifact",
    () => loadRun("/demo/r", { fetchArtifacts: true }),
  ],
} as const;

/** Loads from a server, by a directory that nothing may leave; the error, and the files that are there then. */
async function attempt(way: keyof typeof WAYS, lies: Lies) {
  const [wanted, load] = WAYS[way];
  await using server = await startFaultyServer({
    handler: hostile(wanted, lies),
  });
  using dir = tempDir();
  using _parents = parentDirs({
    path: join(dir.path, "a/b/c"),
    [Symbol.dispose]() {},
  });
  setSession({
    host: server.url,
    apiKey: "00000000-0000-0000-0000-000000000000",
    user: "demo",
    timeoutMs: undefined,
  });
  try {
    const error = await load().then(
      async (loaded) => {
        if (loaded instanceof Run) await loaded.finish();
      },
      (error: unknown) => error,
    );
    const left = [...filesOf(dir.path).keys()]
      .filter((path) => !/^a\/b\/c\/(runs|artifacts)\/\.state\//.test(path));
    return { error, left, requests: server.requests.length };
  } finally {
    logout();
  }
}

const endless = () =>
  new Response(
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(65_536));
      },
    }),
  );

const LIES: readonly (readonly [string, Lies, RegExp])[] = [
  ["a key leads up", { objects: [{ key: "../../x" }] }, /it holds "\.\."/],
  ["a key leads up inside", { objects: [{ key: "a/../../x" }] }, /"\.\."/],
  ["an absolute key", { objects: [{ key: "/tmp/em-x" }] }, /absolute/],
  ["NUL", { objects: [{ key: "a\0b" }] }, /NUL/],
  ["a backslash", { objects: [{ key: "..\\x" }] }, /backslash/],
  ["a long key", { objects: [{ key: "x".repeat(300) }] }, /255 bytes/],
  ["a key that is a list", { objects: [{ key: ["a"] }] }, /without a key/],
  ["a key twice", { objects: [{ key: "b" }, { key: "b" }] }, /lists it twice/],
  [
    "a file in a file",
    { objects: [{ key: "b" }, { key: "b/c" }] },
    /beside object/,
  ],
  ...["../../x", "a/b", "/tmp/x", "..", ".", "", ".state", "a\0b", 7, ["a"]]
    .map((alternativeName): [string, Lies, RegExp] => [
      `alternative name ${JSON.stringify(alternativeName)}`,
      { node: { extra: JSON.stringify({ alternativeName }) } },
      /alternative name/,
    ]),
  ["extra is a list", { node: { extra: [{}] } }, /alternative name/],
  ["extra is missing", { node: { extra: undefined } }, /alternative name/],
  [
    "the size is too small",
    { objects: [{ key: "b", body: "long", listed: { size_bytes: 2 } }] },
    /longer than the 2 bytes/,
  ],
  [
    "the size is too large",
    { objects: [{ key: "b", body: "long", listed: { size_bytes: 9 } }] },
    /4 bytes came/,
  ],
  ...[-1, 1.5, "4", [4], null, 1e300].map((size): [string, Lies, RegExp] => [
    `size ${JSON.stringify(size)}`,
    { objects: [{ key: "b", listed: { size_bytes: size } }] },
    /its size is given as/,
  ]),
  [
    "the checksum is another",
    { objects: [{ key: "b", listed: { checksum: "0".repeat(32) } }] },
    /its MD5 is/,
  ],
  ...[null, ["0".repeat(32)], "", 7].map((sum): [string, Lies, RegExp] => [
    `checksum ${JSON.stringify(sum)}`,
    { objects: [{ key: "b", listed: { checksum: sum } }] },
    /its checksum is given as/,
  ]),
  ["a record is null", { page: () => page([null]) }, /without a key/],
  ["data is a map", { page: () => page({}) }, /not an answer of an AIStore/],
  ["no page at all", { page: () => [] }, /not an answer of an AIStore/],
  ["an empty listing", { page: () => page(null) }, /has no metadata\.yaml/],
  [
    "a listing repeats itself for ever",
    {
      page: () => page([record({ key: "b" })], { size: 1, total: 1e300 }),
    },
    /lists it twice/,
  ],
  [
    "a listing repeats itself, and says nothing of its length",
    { page: () => page([record({ key: "b" })], {}) },
    /lists it twice/,
  ],
  [
    "pages without anything",
    { page: () => page([], { size: 0, total: 1e300 }) },
    /has no metadata\.yaml/,
  ],
  [
    "a page without an end",
    { page: () => page(null, { pad: " ".repeat(65 * 1024 * 1024) }) },
    /not an answer of an AIStore/,
  ],
  ["an endless body", {
    objects: [{ key: "b" }],
    answer: endless,
  }, /longer than the 1 bytes/],
  [
    "a part for the whole",
    {
      objects: [{ key: "b" }],
      answer: () =>
        new Response("x", {
          status: 206,
          headers: { "content-range": "bytes 0-0/1" },
        }),
    },
    /sends a part of it/,
  ],
  [
    "a redirect",
    {
      objects: [{ key: "b" }],
      answer: () =>
        new Response(null, { status: 302, headers: { location: "/login" } }),
    },
    /answered 302 and points to/,
  ],
  [
    "the type is a list",
    { node: { type: ["Run"] } },
    /not an answer of an AIStore|an entry is no node/,
  ],
];

/** A page of a listing. */
function page(
  data: unknown,
  pagination: Readonly<Record<string, unknown>> = { size: 1000, total: 1 },
) {
  return { pagination, data };
}

Deno.test("what a hostile server says of a node leads nowhere else, leaves nothing that looks whole, and is named", async () => {
  for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    for (const [name, lies, why] of LIES) {
      const { error, left, requests } = await attempt(way, lies);
      assert(error instanceof EmError, `${way}, ${name}: ${error}`);
      assertMatch(error.message, why, `${way}, ${name}`);
      const whole = way.includes("fetch")
        ? Object.keys(RUN_FILES).map((file) =>
          `a/b/c/runs/Run_260101_000000_abcdef/${file}`
        )
        : [];
      assertEquals(left.sort(), whole.sort(), `${way}, ${name}`);
      assert(requests < 30, `${way}, ${name}: ${requests} requests`);
    }
  }
});

Deno.test("loadArtifact() refuses what came if it describes no artifact", async () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ["kind: Run\n", /"metadata\.yaml" of "\/demo\/a": what came describes no/],
    ["- 1\n", /describes no artifact: .*must be a map/],
    ["{", /describes no artifact/],
    ["", /describes no artifact/],
  ];
  for (
    const way of ["loadArtifact()", "loadRun() with fetchArtifacts"] as const
  ) {
    for (const [body, why] of table) {
      const { error, left } = await attempt(way, {
        objects: [{ key: "metadata.yaml", body }],
      });
      assert(error instanceof EmError, `${body}: ${error}`);
      assertMatch(error.message, why);
      assertEquals(left.filter((path) => path.includes("artifacts")), []);
    }
  }
});

Deno.test("loadRun() refuses a graph that is none, and an artifact without a place", async () => {
  const table: readonly (readonly [Lies, RegExp])[] = [
    [{ graph: [] }, /not an answer of an AIStore/],
    [{ graph: "null" }, /not an answer of an AIStore/],
    [{ graph: { in: 5, out: [] } }, /describes wrongly .* no list/],
    [{ graph: { in: [], out: "x" } }, /describes wrongly .* no list/],
    [{ graph: { in: [null], out: [] } }, /an entry is no node/],
    [{ graph: { in: [{ id: ["x"] }], out: [] } }, /an entry is no node/],
    [{ graph: { in: [{ id: "" }], out: [] } }, /an entry is no node/],
    [
      {
        graph: {
          in: Array.from({ length: 10_001 }, (_, at) => ({ id: `${at}` })),
          out: null,
        },
      },
      /there are 10001 nodes/,
    ],
    [{ node: { path: ["/demo/a"] } }, /does not say where artifact/],
    [{ node: { path: undefined } }, /does not say where artifact/],
  ];
  for (const [lies, why] of table) {
    const { error, left } = await attempt(
      "loadRun() with fetchArtifacts",
      lies,
    );
    assert(error instanceof EmError, `${why}: ${error}`);
    assertMatch(error.message, why);
    assertEquals(left.filter((path) => path.includes("artifacts")), []);
  }
});

Deno.test("a server that does not lie is believed", async () => {
  for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
    const { error, left } = await attempt(way, { objects: [{ key: "b" }] });
    assertEquals(error, undefined, way);
    assert(left.some((path) => path.endsWith("_260101_000000_abcdef/b")), way);
  }
});
