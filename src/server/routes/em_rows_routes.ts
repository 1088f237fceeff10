/**
 * `/em/v1/rows` and `/em/v1/columns`: nodes as a table.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { AIStoreNode } from "../../aistore/protocol.ts";
import type { Access } from "../access.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { MAX_FILTER_VALUES, MAX_PAGE_SIZE } from "../limits.ts";
import { readCatalogue } from "../metrics/catalogue.ts";
import { type ColumnRef, ColumnRefs } from "../metrics/column_refs.ts";
import { FilterError } from "../metrics/filter_error.ts";
import { parseFilter } from "../metrics/filter_parser.ts";
import { filterToSql, type SqlCondition } from "../metrics/filter_sql.ts";
import { DEFAULT_ROWS, MAX_COLUMNS, MAX_NODES } from "../metrics/limits.ts";
import { Parameters } from "../metrics/parameters.ts";
import { queryRows, type Row, type RowScope } from "../metrics/rows_query.ts";
import { invalid } from "../refusal.ts";

const PARAMETERS = [
  "folder",
  "node",
  "recursive",
  "type",
  "search",
  "filter",
  "sort",
  "order",
  "after",
  "page",
  "size",
  "column",
];

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function emRowsRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const { database } = store.metrics;

  async function answer(c: Context<AppEnv>): Promise<Response> {
    const { access } = c.var;
    const parameters = await Parameters.read(c.req.raw, PARAMETERS, meter);
    const scope = readScope(access, parameters);
    const columns = new ColumnRefs(database);
    const unknown = new Set<string>();
    const find = (name: string): ColumnRef => {
      const column = columns.find(name);
      if (column === undefined) unknown.add(name);
      return column ?? NO_COLUMN;
    };
    const sort = parameters.optional("sort");
    const wanted = parameters.all("column", MAX_COLUMNS);
    const filter = readFilter(parameters.optional("filter"), columns);
    filter?.unknown.forEach((name) => unknown.add(name));
    const page = parameters.count("page", { fallback: 1, max: 1e9 });
    const size = parameters.count("size", {
      fallback: DEFAULT_ROWS,
      max: MAX_PAGE_SIZE,
    });
    const { rows, total, version } = queryRows(database, {
      scope,
      types: parameters.all("type", MAX_FILTER_VALUES),
      search: parameters.optional("search"),
      filter,
      sort: sort === undefined ? undefined : find(sort),
      descending: parameters.oneOf("order", ["asc", "desc"]) === "desc",
      after: parameters.number("after"),
      page,
      size,
      columns: wanted.map(find),
    });
    const describe = describer(access, scope);
    return c.json({
      pagination: { page, size, total },
      version,
      columns: wanted,
      unknown: [...unknown],
      data: rows.flatMap((row) => describe(row) ?? []),
    });
  }

  /** Makes rows of what was found; a node that has gone in between is left out. */
  function describer(access: Access, scope: RowScope) {
    const folder = "folder" in scope && !scope.recursive
      ? store.nodes.pathOf(scope.folder)
      : undefined;
    return ({ id, run, values }: Row) => {
      const found = store.nodes.byId(id);
      if (found === undefined) return undefined;
      const node: AIStoreNode = folder === undefined
        ? access.describe(found)
        : access.describeAt(found, `${folder}/${found.name}`);
      return { node, run: run ?? null, values };
    };
  }

  function readScope(access: Access, parameters: Parameters): RowScope {
    const folder = parameters.optional("folder");
    if (folder !== undefined) {
      const { id } = access.node(folder, "view");
      return { folder: id, recursive: parameters.flag("recursive") };
    }
    const nodes = parameters.all("node", MAX_NODES);
    if (nodes.length === 0) {
      throw invalid('invalid query: "folder" or "node" is missing');
    }
    return {
      nodes: nodes.filter((id) => {
        const node = store.nodes.byId(id);
        return node !== undefined && access.permission(node) !== undefined;
      }),
    };
  }

  routes.get("/rows", answer);
  routes.post("/rows", answer);

  routes.get("/columns", (c) => {
    const scope = readScope(c.var.access, Parameters.ofQuery(c.req.raw));
    return c.json(readCatalogue(database, scope));
  });

  return routes;
}

const NO_COLUMN: ColumnRef = {
  id: "",
  holds: "value",
  num: "NULL",
  text: "NULL",
  cell: "NULL",
};

function readFilter(
  text: string | undefined,
  columns: ColumnRefs,
): SqlCondition | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  try {
    return filterToSql(parseFilter(text), columns);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw invalid(`invalid filter: ${error.message}`);
  }
}
