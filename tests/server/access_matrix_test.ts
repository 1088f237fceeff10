import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { Hono } from "hono";
import { DatabaseSync } from "node:sqlite";
import { createReporter } from "../../src/reporter.ts";
import type { AppContext, AppEnv } from "../../src/server/app_context.ts";
import {
  type Call,
  type Fixture,
  form,
  openFixture,
} from "./support/fixture.ts";

type Permission = "view" | "edit" | "own";

/** Who asks, by what right that is. */
const ROLES: Readonly<
  Record<string, { share?: { user: string; permission: Permission } }>
> = {
  "owner": {},
  "edit share": { share: { user: "eve", permission: "edit" } },
  "view share": { share: { user: "eve", permission: "view" } },
  "public edit": { share: { user: "*", permission: "edit" } },
  "public view": { share: { user: "*", permission: "view" } },
  "stranger": {},
};

/** What a cell of the matrix works on: nodes of demo's, and one of the asker's own. */
interface Tree {
  readonly box: string;
  readonly run: string;
  readonly runId: string;
  readonly sub: string;
  readonly mine: string;
  readonly root: string;
  readonly uploadId: string;
  readonly etag: string;
  /** A node as the cell names it: by path or by id. */
  readonly ref: (node: "run" | "sub") => string;
}

interface Row {
  readonly route: string;
  readonly what?: string;
  /** `folder`: to edit the folder that the node is in. */
  readonly wanted: Permission | "folder" | "anyone";
  /** The node that is shared. Default: run. */
  readonly subject?: "run" | "sub";
  /** Whether it is only known by its path. */
  readonly byPath?: boolean;
  readonly call: (tree: Tree) => Call;
}

const NODES = "/apis/v1/nodes";
const OBJECTS = "/apis/v1/objects";
const MULTIPART = `${OBJECTS}/multipart`;
const GRAPHS = "/apis/v1/graphs";
const EM = "/em/v1";

const inRun =
  (more: Record<string, string> = {}, call: Call = {}) =>
  ({ run }: Tree): Call => ({ ...call, query: { path: `${run}/x`, ...more } });

const ROWS: readonly Row[] = [
  {
    route: `GET ${NODES}`,
    wanted: "view",
    subject: "sub",
    call: ({ ref }) => ({ query: { parent: ref("sub") } }),
  },
  {
    route: `GET ${NODES}/info`,
    wanted: "view",
    call: ({ ref }) => ({ query: { node: ref("run") } }),
  },
  { route: `GET ${NODES}/shared`, wanted: "anyone", call: () => ({}) },
  { route: `GET ${NODES}/public`, wanted: "anyone", call: () => ({}) },
  { route: "GET /apis/v1/trash", wanted: "anyone", call: () => ({}) },
  {
    route: `POST ${NODES}`,
    wanted: "edit",
    subject: "sub",
    call: ({ ref }) => ({
      json: { parent: ref("sub"), name: "new", type: "Run" },
    }),
  },
  {
    route: `PUT ${NODES}`,
    what: "describe and rename",
    wanted: "edit",
    call: ({ ref }) => ({
      json: { node: ref("run"), name: "new", description: "d", labels: ["l"] },
    }),
  },
  {
    route: `PUT ${NODES}`,
    what: "move within the tree",
    wanted: "folder",
    call: ({ ref }) => ({ json: { node: ref("run"), parent: ref("sub") } }),
  },
  {
    route: `PUT ${NODES}`,
    what: "move into it",
    wanted: "edit",
    subject: "sub",
    call: ({ mine, ref }) => ({ json: { node: mine, parent: ref("sub") } }),
  },
  {
    route: `PUT ${NODES}`,
    what: "take into one's own tree",
    wanted: "own",
    call: ({ root, mine, ref }) => ({
      json: { node: ref("run"), parent: root, name: `${mine.slice(6)}x` },
    }),
  },
  {
    route: `DELETE ${NODES}`,
    wanted: "folder",
    call: ({ ref }) => ({ json: { node: ref("run") } }),
  },
  {
    route: `GET ${NODES}/shares`,
    wanted: "own",
    call: ({ ref }) => ({ query: { node: ref("run") } }),
  },
  {
    route: `PUT ${NODES}/shares`,
    wanted: "own",
    call: ({ ref }) => ({ json: { node: ref("run"), shares: [] } }),
  },
  {
    route: `POST ${NODES}/shares`,
    wanted: "own",
    call: ({ ref }) => ({
      json: { node: ref("run"), user: "*", permission: "edit" },
    }),
  },
  {
    route: `DELETE ${NODES}/shares`,
    wanted: "own",
    call: ({ ref }) => ({ json: { node: ref("run"), user: "eve" } }),
  },
  {
    route: `GET ${OBJECTS}/ls`,
    wanted: "view",
    call: ({ ref }) => ({ query: { path: ref("run") } }),
  },
  { route: `GET ${OBJECTS}`, wanted: "view", byPath: true, call: inRun() },
  {
    route: `POST ${OBJECTS}`,
    wanted: "edit",
    byPath: true,
    call: inRun({}, { body: form("new") }),
  },
  {
    route: `PATCH ${OBJECTS}`,
    wanted: "edit",
    byPath: true,
    call: inRun({}, {
      body: "more",
      headers: {
        "content-type": "application/offset+octet-stream",
        "upload-offset": "6",
      },
    }),
  },
  { route: `DELETE ${OBJECTS}`, wanted: "edit", byPath: true, call: inRun() },
  {
    route: `POST ${OBJECTS}/delete`,
    wanted: "edit",
    call: ({ ref }) => ({ json: { node: ref("run"), paths: ["x"] } }),
  },
  {
    route: `POST ${OBJECTS}/copy`,
    what: "from it",
    wanted: "view",
    call: ({ ref, mine }) => ({ json: { from: ref("run"), to: mine } }),
  },
  {
    route: `POST ${OBJECTS}/copy`,
    what: "to it",
    wanted: "edit",
    call: ({ ref, mine }) => ({ json: { from: mine, to: ref("run") } }),
  },
  {
    route: `POST ${OBJECTS}/copy`,
    what: "one object",
    wanted: "edit",
    byPath: true,
    call: ({ run, mine }) => ({
      json: { from: `${mine}/own`, to: `${run}/x` },
    }),
  },
  { route: `POST ${MULTIPART}`, wanted: "edit", byPath: true, call: inRun() },
  {
    route: `PUT ${MULTIPART}/:uploadId`,
    wanted: "edit",
    byPath: true,
    call: inRun({ partNumber: "1" }, { body: form("part") }),
  },
  {
    route: `GET ${MULTIPART}/:uploadId`,
    wanted: "edit",
    byPath: true,
    call: inRun(),
  },
  {
    route: `POST ${MULTIPART}/:uploadId`,
    wanted: "edit",
    byPath: true,
    call: (tree) => ({
      ...inRun()(tree),
      json: { parts: [{ partNumber: 1, etag: tree.etag }] },
    }),
  },
  {
    route: `DELETE ${MULTIPART}/:uploadId`,
    wanted: "edit",
    byPath: true,
    call: inRun(),
  },
  {
    route: `GET ${GRAPHS}`,
    wanted: "view",
    call: ({ ref }) => ({ query: { current: ref("run") } }),
  },
  {
    route: `GET ${GRAPHS}/component`,
    wanted: "view",
    call: ({ ref }) => ({ query: { current: ref("run") } }),
  },
  ...["POST", "DELETE"].flatMap((method): Row[] => [
    {
      route: `${method} ${GRAPHS}`,
      what: "from it",
      wanted: "view",
      call: ({ ref, mine }) => ({
        json: { graphs: [{ from: ref("run"), to: mine }] },
      }),
    },
    {
      route: `${method} ${GRAPHS}`,
      what: "to it",
      wanted: "edit",
      call: ({ ref, mine }) => ({
        json: { graphs: [{ from: mine, to: ref("run") }] },
      }),
    },
  ]),
  { route: `GET ${EM}/openapi.json`, wanted: "anyone", call: () => ({}) },
  ...[
    "series",
    "documents",
    "archive",
    "events",
    "points",
    "export.csv",
  ].map((name): Row => ({
    route: `GET ${EM}/${name}`,
    wanted: "view",
    call: ({ ref }) => ({ query: { node: ref("run"), metric: "train/loss" } }),
  })),
  ...["series", "points"].map((name): Row => ({
    route: `POST ${EM}/${name}`,
    wanted: "view",
    call: ({ ref }) => ({ json: { node: [ref("run")], metric: "train/loss" } }),
  })),
  ...["rows", "columns"].map((name): Row => ({
    route: `GET ${EM}/${name}`,
    wanted: "view",
    subject: "sub",
    call: ({ ref }) => ({ query: { folder: ref("sub") } }),
  })),
  {
    route: `POST ${EM}/rows`,
    wanted: "view",
    subject: "sub",
    call: ({ ref }) => ({ json: { folder: ref("sub") } }),
  },
];

Deno.test("every endpoint does what a right allows, and refuses the rest without a trace", async () => {
  using server = openFixture();
  using database = new DatabaseSync(`${server.dataDir}/aistore.db`, {
    readOnly: true,
  });
  let number = 0;
  let cells = 0;
  for (const [role, { share }] of Object.entries(ROLES)) {
    const user = role === "owner" ? "demo" : "eve";
    const granted = role === "owner" ? "own" : share?.permission;
    for (const isInherited of [false, true]) {
      let tree: Tree | undefined;
      let shared = "";
      for (const row of ROWS) {
        for (const isById of row.byPath ? [false] : [false, true]) {
          const { subject = "run", what = "" } = row;
          tree ??= await plant(server, user, ++number);
          const place = isInherited ? tree.box : tree[subject];
          if (share !== undefined && shared !== place) {
            for (const node of [tree.box, tree.run, tree.sub]) {
              const isPlace = node === place ||
                // Where a node is to be moved to a folder, that is shared as well.
                (!isInherited && node === tree.sub && row.wanted === "folder");
              await server.json(`PUT ${NODES}/shares`, {
                json: { node, shares: isPlace ? [share] : [] },
              });
            }
            shared = row.wanted === "folder" ? "" : place;
          }
          const cell = `${row.route} ${what}: ${role}, ${
            isInherited ? "inherited" : "of the node"
          }, by ${isById ? "id" : "path"}`;
          const ids = { run: tree.runId, sub: await idOf(server, tree.sub) };
          const named = isById
            ? { ...tree, ref: (node: "run" | "sub") => ids[node] }
            : tree;
          const before = versionOf(database);
          const answer = await textOf(
            await server.call(
              row.route.replace(":uploadId", tree.uploadId),
              { ...row.call(named), user },
            ),
          );
          cells++;
          if (isAllowed(row, granted, isInherited)) {
            assert(/^2\d\d /.test(answer), `${cell}: ${answer}`);
            // What was changed does not matter to the cells that follow.
            if (!row.route.startsWith("GET")) tree = undefined, shared = "";
            continue;
          }
          const isUnseen = granted === undefined && isById;
          const wanted = isUnseen
            ? `404 node not found [${ids[subject]}]`
            : "403 permission denied";
          assertEquals(answer, wanted, cell);
          assertEquals(versionOf(database), before, `${cell}: a change`);
        }
      }
    }
  }
  assert(cells > 600, `${cells} cells`);
});

/** What is in the trash is no node any more, and is its owner's alone: the tests of the trash see to that. */
const OWNERS_TRASH: ReadonlySet<string> = new Set([
  "POST /apis/v1/trash/restore",
  "DELETE /apis/v1/trash",
]);

Deno.test("no endpoint is missing in the matrix", async () => {
  using server = openFixture();
  const context: AppContext = {
    store: server.store,
    meter: { requests: 0, receivedBodyBytes: 0 },
    reporter: createReporter(() => {}),
    signal: new AbortController().signal,
  };
  const root = new URL("../../src/server/", import.meta.url);
  const app = await Deno.readTextFile(fromFileUrl(new URL("app.ts", root)));
  const mounted = [...app.matchAll(/api\.route\(\s*"([^"]+)",\s*(\w+)\(/g)];
  assert(mounted.length >= 4);
  const known = new Set(ROWS.map(({ route }) => route));
  for (const [, prefix, name = ""] of mounted) {
    const file = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const module = await import(new URL(`routes/${file}.ts`, root).href);
    const routes: Hono<AppEnv> = module[name](context);
    for (const { method, path } of routes.routes) {
      const route = `${method} ${prefix}${path}`.replace(/\/$/, "");
      if (OWNERS_TRASH.has(route)) continue;
      assert(known.has(route), `${route} is missing in the matrix`);
    }
  }
});

/** `<status> <text>`; a stream of events has no end. */
async function textOf(response: Response): Promise<string> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream")) {
    return `${response.status} ${await response.text()}`;
  }
  await response.body?.cancel();
  return `${response.status} `;
}

function isAllowed(
  { wanted }: Row,
  granted: Permission | undefined,
  isInherited: boolean,
): boolean {
  if (wanted === "anyone") return true;
  if (wanted === "folder") {
    return granted === "own" || granted === "edit" && isInherited;
  }
  const ranks = ["view", "edit", "own"];
  return ranks.indexOf(granted ?? "") >= ranks.indexOf(wanted);
}

async function idOf(server: Fixture, node: string): Promise<string> {
  return (await server.json(`GET ${NODES}/info`, { query: { node } })).id;
}

async function plant(
  server: Fixture,
  user: "demo" | "eve",
  number: number,
): Promise<Tree> {
  const box = `/demo/box${number}`;
  const run = `${box}/run`;
  const sub = `${box}/sub`;
  await server.make(box, "Folder");
  const runId = await server.make(run, "Run");
  await server.make(sub, "Folder");
  await server.put(`${run}/x`, "secret");
  const query = { path: `${run}/x` };
  const { uploadId } = await server.json(`POST ${MULTIPART}`, { query });
  const { eTag: etag } = await server.json(`PUT ${MULTIPART}/${uploadId}`, {
    query: { ...query, partNumber: "1" },
    body: form("part"),
  });
  const name = `mine${number}`;
  const mine = `/${user}/${name}`;
  await server.json(`POST ${NODES}`, {
    user,
    json: { parent: `/${user}`, name, type: "Artifact" },
  });
  await server.json(`POST ${OBJECTS}`, {
    user,
    query: { path: `${mine}/own` },
    body: form("own"),
  });
  const ref = (node: "run" | "sub") => ({ run, sub })[node];
  return {
    ...{ box, run, runId, sub, mine, uploadId, etag, ref },
    root: `/${user}`,
  };
}

/** A number that another one takes the place of whenever the server changes anything in its database. */
function versionOf(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA data_version").get()?.data_version;
}
