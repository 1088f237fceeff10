/**
 * The description of `/em/v1` in OpenAPI 3.1.
 *
 * @module
 */

import { SERVER_PREFIX } from "../../aistore/protocol.ts";
import { FIELDS, STATS } from "./column_refs.ts";
import {
  DEFAULT_BUCKETS,
  DEFAULT_ROWS,
  MAX_BUCKETS,
  MAX_COLUMNS,
  MAX_HEARD_NODES,
  MAX_METRICS,
  MAX_NODES,
} from "./limits.ts";
import { type Schema, SCHEMAS } from "./openapi_schemas.ts";

interface Parameter {
  readonly description: string;
  readonly schema: Schema;
  readonly required?: boolean;
}

type Parameters = { readonly [name: string]: Parameter };

const many = (maxItems: number): Schema => ({
  type: "array",
  items: { type: "string" },
  maxItems,
});
const text = { type: "string" };
const flag = { type: "boolean", default: false };

const NODE: Parameters = {
  node: {
    description: "The node's id or path.",
    schema: text,
    required: true,
  },
};

const NODES: Parameters = {
  node: {
    description: "Ids or paths of nodes.",
    schema: many(MAX_NODES),
    required: true,
  },
};

const METRICS: Parameters = {
  ...NODES,
  metric: {
    description:
      "Metrics as `<type>/<name>`, such as `train/loss`. Every metric of every node is answered, node by node.",
    schema: many(MAX_METRICS),
    required: true,
  },
};

const SCOPE: Parameters = {
  folder: {
    description: "A folder, by id or path. Either this or `node` is needed.",
    schema: text,
  },
  recursive: {
    description: "Whether everything below the folder is meant.",
    schema: flag,
  },
  node: {
    description:
      "Ids of nodes, instead of a folder; those that the user may not look at are left out.",
    schema: many(MAX_NODES),
  },
};

const POINTS: Parameters = {
  ...METRICS,
  after: {
    description:
      "Cursors of the series, in the order of the answer: only later points are answered. One that is not known any more, or empty, answers all.",
    schema: { type: "array", items: text },
  },
  x: {
    description:
      "What points are laid out by. `time` is in milliseconds since 1970, `relative` in milliseconds since the run began. Points without an epoch or a step are not on that axis.",
    schema: {
      enum: ["step", "epoch", "time", "relative"],
      default: "step",
    },
  },
  from: { description: "The least x.", schema: { type: "number" } },
  to: { description: "The greatest x.", schema: { type: "number" } },
  buckets: {
    description:
      "How many buckets a series may be divided into. Up to twice as many points are answered as they are.",
    schema: {
      type: "integer",
      minimum: 1,
      maximum: MAX_BUCKETS,
      default: DEFAULT_BUCKETS,
    },
  },
};

const COLUMN_NAMES = `Columns are fields (${FIELDS.join(", ")}), ` +
  "`hparams.<path>`, `platform.<path>`, `git.<path>` and `metrics.<type>/<name>.<statistic>`; statistics are " +
  `${STATS.join(", ")}. Shorter names do: a hyperparameter's path, ` +
  "`<type>.<name>` for the last value of a metric.";

const ROWS: Parameters = {
  ...SCOPE,
  type: {
    description: "Only nodes of these types, such as `Run`.",
    schema: many(32),
  },
  search: {
    description:
      "Only nodes with this text in their name, labels, description, status or hyperparameters (as `path=value`).",
    schema: text,
  },
  filter: {
    description:
      "A condition such as `lr < 0.01 and val.accuracy > 0.9`: comparisons (< <= > >= = != and ~ for a part of a text), " +
      "`in (…)`, `is null`, `is not null`, and, or, not, parentheses. Names with other characters than letters, digits and " +
      "`_ . / @ : -` stand between backquotes, texts between quotation marks; a word that is no column is a text. What a node " +
      `does not have fulfils nothing but \`is null\`. ${COLUMN_NAMES}`,
    schema: text,
  },
  sort: {
    description:
      "The column to sort by; what has no value is last. Default: folders first, then by name.",
    schema: text,
  },
  order: {
    description: "Which way.",
    schema: { enum: ["asc", "desc"], default: "asc" },
  },
  after: {
    description: "Only runs that changed after this version.",
    schema: { type: "integer" },
  },
  page: {
    description: "Which page.",
    schema: { type: "integer", minimum: 1, default: 1 },
  },
  size: {
    description: "Rows a page.",
    schema: {
      type: "integer",
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_ROWS,
    },
  },
  column: {
    description: `The columns whose values are answered. ${COLUMN_NAMES}`,
    schema: many(MAX_COLUMNS),
  },
};

const EVENTS: Parameters = {
  node: {
    description:
      "Nodes, by id or path; of a folder, everything below it is told. Of several, those that are not there, or not for the user, are left out.",
    schema: many(MAX_HEARD_NODES),
    required: true,
  },
  lastEventId: {
    description:
      "The id of the last event that was received, where the header `Last-Event-ID` cannot be set.",
    schema: text,
  },
};

const REFUSED = {
  "400": { description: "What is wrong, as a text." },
  "401": { description: "Nobody is logged in." },
  "403": { description: "The user may not do that." },
  "404": { description: "The node is not there." },
};

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: Parameters;
  readonly type?: string;
  readonly schema: Schema;
}

function toGet(operation: Operation): Schema {
  const { operationId, summary, parameters } = operation;
  return {
    operationId,
    summary,
    parameters: Object.entries(parameters).map(([name, parameter]) => ({
      name,
      in: "query",
      ...parameter,
    })),
    responses: toResponses(operation),
  };
}

/** The same question with the parameters in a JSON object, for those that are too long for an address. */
function toPost(operation: Operation): Schema {
  const { operationId, summary, parameters } = operation;
  const entries = Object.entries(parameters);
  const schema = {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, { description, schema }]) => [
        name,
        { description, ...schema },
      ]),
    ),
    required: entries.filter(([, { required }]) => required)
      .map(([name]) => name),
  };
  return {
    operationId: `${operationId}ByPost`,
    summary: `${summary} The parameters are in the body.`,
    requestBody: {
      required: true,
      content: { "application/json": { schema } },
    },
    responses: toResponses(operation),
  };
}

function toResponses({ type = "application/json", schema }: Operation): Schema {
  return {
    "200": { description: "The answer.", content: { [type]: { schema } } },
    ...REFUSED,
  };
}

const answer = (name: string): Schema => ({
  $ref: `#/components/schemas/${name}`,
});

const series: Operation = {
  operationId: "listSeries",
  summary: "The metrics files and series of runs.",
  parameters: NODES,
  schema: answer("SeriesList"),
};
const points: Operation = {
  operationId: "readPoints",
  summary:
    "Points of series in a range, as many as a chart can show; none of the least, the greatest and the odd is lost.",
  parameters: POINTS,
  schema: answer("Points"),
};
const rows: Operation = {
  operationId: "listRows",
  summary:
    "Nodes as a table, with hyperparameters and metrics as columns: sorted, filtered, page by page.",
  parameters: ROWS,
  schema: answer("Rows"),
};
const columns: Operation = {
  operationId: "listColumns",
  summary: "Which hyperparameters and metrics the runs of a folder have.",
  parameters: SCOPE,
  schema: answer("Columns"),
};
const documents: Operation = {
  operationId: "readDocuments",
  summary: "The documents of a run or an artifact as JSON.",
  parameters: NODE,
  schema: answer("Documents"),
};
const archive: Operation = {
  operationId: "downloadArchive",
  summary:
    "All objects of a run or an artifact as a ZIP (ZIP64 beyond 4 GiB), not compressed, in a folder of the node's name.",
  parameters: NODE,
  type: "application/zip",
  schema: { type: "string", format: "binary" },
};
const csv: Operation = {
  operationId: "exportCsv",
  summary: "All points of series as CSV.",
  parameters: METRICS,
  type: "text/csv",
  schema: text,
};
const events: Operation = {
  operationId: "listenToEvents",
  summary:
    "What changes, as server-sent events: `hello` at the beginning, `change` with an Event as data, `reset` when changes " +
    "have been missed, so that everything has to be asked anew, `beat` every 15 seconds in which nothing else is told.",
  parameters: EVENTS,
  type: "text/event-stream",
  schema: text,
};
const openapi: Operation = {
  operationId: "describe",
  summary: "This description.",
  parameters: {},
  schema: { type: "object" },
};

/** The description of `/em/v1`. */
export const OPENAPI: Schema = {
  openapi: "3.1.0",
  info: {
    title: "Runs as data",
    version: "1",
    description:
      "What runs hold, parsed: for pages that show it, and for programs. The graph of nodes that dataflow connects is at " +
      "`/apis/v1/graphs/component`.",
  },
  servers: [{ url: `${SERVER_PREFIX}/em/v1` }],
  security: [{ key: [] }, { bearer: [] }, { session: [] }],
  paths: {
    "/series": { get: toGet(series), post: toPost(series) },
    "/points": { get: toGet(points), post: toPost(points) },
    "/rows": { get: toGet(rows), post: toPost(rows) },
    "/columns": { get: toGet(columns) },
    "/documents": { get: toGet(documents) },
    "/archive": { get: toGet(archive) },
    "/export.csv": { get: toGet(csv) },
    "/events": { get: toGet(events) },
    "/openapi.json": { get: toGet(openapi) },
  },
  components: {
    schemas: SCHEMAS,
    securitySchemes: {
      key: { type: "apiKey", in: "query", name: "apikey" },
      bearer: { type: "http", scheme: "bearer" },
      session: { type: "apiKey", in: "cookie", name: "em_session" },
    },
  },
};
