import { type Call, form } from "./fixture.ts";

export type Permission = "view" | "edit" | "own";

/** What a cell of the matrix works on: nodes of demo's, and one of the asker's own. */
export interface Tree {
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

export interface Row {
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

export const NODES = "/apis/v1/nodes";

export const OBJECTS = "/apis/v1/objects";

export const MULTIPART = `${OBJECTS}/multipart`;

export const GRAPHS = "/apis/v1/graphs";

export const EM = "/em/v1";

export const inRun =
  (more: Record<string, string> = {}, call: Call = {}) =>
  ({ run }: Tree): Call => ({ ...call, query: { path: `${run}/x`, ...more } });

export const ROWS: readonly Row[] = [
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
  ...["series", "documents", "archive", "events", "points", "export.csv"].map((
    name,
  ): Row => ({
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
