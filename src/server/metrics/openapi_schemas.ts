/**
 * The shapes of the answers about runs, as JSON schemas.
 *
 * @module
 */

import { EVENT_KINDS } from "./events.ts";

/** A JSON schema. */
export type Schema = { readonly [key: string]: unknown };

const text = { type: "string" };
const integer = { type: "integer" };
const number = { type: "number" };
const boolean = { type: "boolean" };
const orNull = (schema: Schema): Schema => ({
  anyOf: [schema, { type: "null" }],
});
const list = (items: Schema): Schema => ({ type: "array", items });
const ref = (name: string): Schema => ({
  $ref: `#/components/schemas/${name}`,
});

/** An object whose keys are all there but those named as optional, and no others. */
function object(
  properties: { readonly [key: string]: Schema },
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties)
    .filter((key) => !optional.includes(key));
  return { type: "object", properties, required, additionalProperties: false };
}

const described = (description: string, schema: Schema): Schema => ({
  description,
  ...schema,
});

const onePoint = object({ index: integer, x: orNull(number), y: ref("Value") });

const factColumn = object({
  id: text,
  path: text,
  types: list(text),
  runs: integer,
  distinct: integer,
  min: orNull(number),
  max: orNull(number),
});

const problem = object({ line: integer, message: text }, ["line"]);

/** The shapes by name. */
export const SCHEMAS: { readonly [name: string]: Schema } = {
  Value: described(
    'A number; what is not finite is "NaN", "Infinity" or "-Infinity".',
    { anyOf: [number, { enum: ["NaN", "Infinity", "-Infinity"] }] },
  ),
  Node: object({
    description: text,
    editor: text,
    extra: text,
    id: text,
    labels: list(text),
    modifiedTimestamp: text,
    name: text,
    path: text,
    permission: { enum: ["own", "edit", "view"] },
    storageType: integer,
    type: text,
  }),
  Point: described(
    "A point of a series: its step and epoch (null where it has none), its time in milliseconds since 1970, and its value.",
    object({
      step: orNull(ref("Value")),
      epoch: orNull(ref("Value")),
      time: orNull(number),
      value: ref("Value"),
    }),
  ),
  Problem: problem,
  MetricsFile: described(
    "A metrics file: how many records were found, how many of its bytes are indexed, from which step on each attempt stands that goes on from a checkpoint (null where nothing was there before), whether it ends in a record that is cut off, and what is damaged in it.",
    object({
      type: text,
      records: integer,
      bytes: integer,
      indexedBytes: integer,
      resumedAt: list(orNull(number)),
      isTorn: boolean,
      problem: orNull(problem),
    }),
  ),
  Series: described(
    "A series as a whole. With its cursor only later points are asked for. `min` and `max` are the first points with the least and the greatest finite value.",
    object({
      type: text,
      name: text,
      count: integer,
      cursor: text,
      first: ref("Point"),
      last: ref("Point"),
      min: orNull(ref("Point")),
      max: orNull(ref("Point")),
      mean: orNull(ref("Value")),
      nan: integer,
      posInf: integer,
      negInf: integer,
    }),
  ),
  SeriesList: object({
    runs: list(object({
      node: text,
      version: integer,
      types: list(ref("MetricsFile")),
      series: list(ref("Series")),
    })),
  }),
  SeriesPoints: described(
    "Points of a series: as they are (`raw`) where there are at most two for each bucket, else in buckets of points that follow one another. `reset` says that all points were answered, not only those after the cursor. `before` and `after` are the points next to the range; `marks` are the first that are no finite numbers.",
    object(
      {
        node: text,
        type: text,
        name: text,
        count: integer,
        cursor: text,
        reset: boolean,
        inRange: integer,
        raw: object({
          index: list(integer),
          x: list(number),
          y: list(ref("Value")),
        }),
        buckets: object({
          index: list(integer),
          count: list(integer),
          x0: list(number),
          x1: list(number),
          min: list(orNull(number)),
          max: list(orNull(number)),
          minX: list(orNull(number)),
          maxX: list(orNull(number)),
          mean: list(orNull(ref("Value"))),
          nan: list(integer),
          posInf: list(integer),
          negInf: list(integer),
        }),
        marks: list(onePoint),
        before: onePoint,
        after: onePoint,
      },
      ["raw", "buckets", "marks", "before", "after"],
    ),
  ),
  Points: object({
    x: { enum: ["step", "epoch", "time", "relative"] },
    series: list(ref("SeriesPoints")),
  }),
  Run: described(
    "What is known of a run. Times are in milliseconds since 1970; `arrived` is when something of it arrived last, by the server's clock; `version` rises with each change of what is indexed.",
    object({
      status: orNull(text),
      started: orNull(number),
      ended: orNull(number),
      arrived: orNull(number),
      version: integer,
      alternativeName: orNull(text),
    }),
  ),
  Rows: described(
    "A page of a table. `values` are those of the columns that were asked for; `unknown` are names that no run has.",
    object({
      pagination: object({ page: integer, size: integer, total: integer }),
      version: integer,
      columns: list(text),
      unknown: list(text),
      data: list(object({
        node: ref("Node"),
        run: orNull(ref("Run")),
        values: list({ type: ["string", "number", "boolean", "null"] }),
      })),
    }),
  ),
  Columns: described(
    "Which hyperparameters and metrics runs have; `complete` is false where only those were looked at that changed last.",
    object({
      runs: integer,
      complete: boolean,
      hparams: list(factColumn),
      platform: list(factColumn),
      git: list(factColumn),
      metrics: list(
        object({ id: text, type: text, name: text, runs: integer }),
      ),
    }),
  ),
  Documents: described(
    "The YAML documents of a node as JSON, and as a list of single values in order. Numbers that JSON cannot carry are texts. `ranks` are the processes that have joined a run, of more than 256 the first.",
    object({
      node: text,
      documents: list(object({
        key: text,
        value: {},
        flat: list(object({
          path: text,
          type: text,
          value: { type: ["string", "number", "boolean", "null"] },
        })),
        problem: orNull(problem),
      })),
      ranks: object({
        total: integer,
        list: list(object({
          rank: integer,
          status: orNull(text),
          startTimestamp: orNull(text),
          endTimestamp: orNull(text),
          hostname: orNull(text),
        })),
      }),
    }),
  ),
  Event: described(
    "Something that happened to a node: to itself (`node`, with what became of it), its edges (`graph`), its metadata (`status`), hyperparameters, environment, metrics (with their type), log, or other files (with the object's key). What is indexed has the version since which it is.",
    object(
      {
        node: text,
        kind: { enum: EVENT_KINDS },
        change: { enum: ["created", "changed", "deleted"] },
        key: text,
        type: text,
        version: integer,
      },
      ["change", "key", "type", "version"],
    ),
  ),
};
