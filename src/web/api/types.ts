/**
 * What the server answers.
 *
 * @module
 */

/** What a user may do with a node. */
export type Permission = "own" | "edit" | "view";

/** A node of the tree. */
export interface Node {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** `Folder`, `Run`, `Artifact`, `AutoTune`, `Shortcut`, `Model` or `Dataset`. */
  readonly type: string;
  readonly labels: readonly string[];
  readonly description: string;
  readonly editor: string;
  /** Text that belongs to clients: JSON, such as `{"alternativeName": "…"}`. */
  readonly extra: string;
  /** RFC 3339. */
  readonly modifiedTimestamp: string;
  readonly permission: Permission;
  readonly storageType: number;
}

/** A page of a listing. */
export interface Page<T> {
  readonly pagination: {
    readonly page: number;
    readonly size: number;
    readonly total: number;
  };
  readonly data: readonly T[] | null;
}

/** An object of a node. */
export interface ObjectRecord {
  /** The key below its node. */
  readonly path: string;
  readonly size_bytes: number;
  /** Unix seconds. */
  readonly mtime: number;
  /** MD5, lower-case hex. */
  readonly checksum: string;
  readonly content_type: string;
}

/** A number; what is not finite is a text. */
export type Value = number | "NaN" | "Infinity" | "-Infinity";

/** A single value of a document or a table. */
export type Scalar = string | number | boolean | null;

/** What is known of a run. Times are in milliseconds since 1970. */
export interface RunFacts {
  readonly status: string | null;
  readonly started: number | null;
  readonly ended: number | null;
  /** When something of it arrived last, by the server's clock. */
  readonly arrived: number | null;
  readonly version: number;
  readonly alternativeName: string | null;
}

/** A row of a table of nodes. */
export interface Row {
  readonly node: Node;
  readonly run: RunFacts | null;
  /** Of the columns that were asked for. */
  readonly values: readonly Scalar[];
}

/** A page of a table. */
export interface Rows {
  readonly pagination: {
    readonly page: number;
    readonly size: number;
    readonly total: number;
  };
  readonly version: number;
  readonly columns: readonly string[];
  /** Names that no run has. */
  readonly unknown: readonly string[];
  readonly data: readonly Row[];
}

/** A hyperparameter, or a fact of the environment, that runs have. */
export interface FactColumn {
  /** Such as `hparams.optimizer.lr`. */
  readonly id: string;
  readonly path: string;
  readonly types: readonly string[];
  readonly runs: number;
  readonly distinct: number;
  readonly min: number | null;
  readonly max: number | null;
}

/** A metric that runs have. */
export interface MetricColumn {
  /** Such as `metrics.train/loss`. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly runs: number;
}

/** What the runs of a folder have. */
export interface Columns {
  readonly runs: number;
  readonly complete: boolean;
  readonly hparams: readonly FactColumn[];
  readonly platform: readonly FactColumn[];
  readonly git: readonly FactColumn[];
  readonly metrics: readonly MetricColumn[];
}

/** A point of a series. */
export interface Point {
  readonly step: Value | null;
  readonly epoch: Value | null;
  readonly time: number | null;
  readonly value: Value;
}

/** A series as a whole. */
export interface Series {
  /** The metric type, such as `train`. */
  readonly type: string;
  readonly name: string;
  readonly count: number;
  readonly cursor: string;
  readonly first: Point;
  readonly last: Point;
  readonly min: Point | null;
  readonly max: Point | null;
  readonly mean: Value | null;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
}

/** What is wrong in a file. */
export interface Problem {
  readonly line?: number;
  readonly message: string;
}

/** A metrics file. */
export interface MetricsFile {
  readonly type: string;
  readonly records: number;
  readonly bytes: number;
  readonly indexedBytes: number;
  /** For each attempt that goes on from a checkpoint the step from which on it stands, never falling; null where nothing was there before. */
  readonly resumedAt: readonly (number | null)[];
  readonly isTorn: boolean;
  readonly problem: Problem | null;
}

/** The series of runs. */
export interface SeriesList {
  readonly runs: readonly {
    readonly node: string;
    readonly version: number;
    readonly types: readonly MetricsFile[];
    readonly series: readonly Series[];
  }[];
}

/** What points are laid out by. */
export type XAxis = "step" | "epoch" | "time" | "relative";

/** A point that is named by its place in the series. */
export interface MarkedPoint {
  readonly index: number;
  readonly x: number | null;
  readonly y: Value;
}

/** Points of a series: as they are (`raw`), or in buckets of points that follow one another. */
export interface SeriesPoints {
  readonly node: string;
  readonly type: string;
  readonly name: string;
  readonly count: number;
  readonly cursor: string;
  /** Whether all points were answered, not only those after the cursor. */
  readonly reset: boolean;
  readonly inRange: number;
  readonly raw?: {
    readonly index: readonly number[];
    readonly x: readonly number[];
    readonly y: readonly Value[];
  };
  readonly buckets?: {
    readonly index: readonly number[];
    readonly count: readonly number[];
    readonly x0: readonly number[];
    readonly x1: readonly number[];
    readonly min: readonly (number | null)[];
    readonly max: readonly (number | null)[];
    readonly minX: readonly (number | null)[];
    readonly maxX: readonly (number | null)[];
    readonly mean: readonly (Value | null)[];
    readonly nan: readonly number[];
    readonly posInf: readonly number[];
    readonly negInf: readonly number[];
  };
  /** The first points that are no finite numbers. */
  readonly marks?: readonly MarkedPoint[];
  /** The points next to the range. */
  readonly before?: MarkedPoint;
  readonly after?: MarkedPoint;
}

/** Points of several series. */
export interface Points {
  readonly x: XAxis;
  readonly series: readonly SeriesPoints[];
}

/** A YAML document of a node. */
export interface Document {
  /** The object's key. */
  readonly key: string;
  readonly value: unknown;
  /** As single values in order. */
  readonly flat: readonly {
    readonly path: string;
    readonly type: string;
    readonly value: Scalar;
  }[];
  readonly problem: Problem | null;
}

/** A process that has joined a run. */
export interface RankFacts {
  readonly rank: number;
  readonly status: string | null;
  readonly startTimestamp: string | null;
  readonly endTimestamp: string | null;
  readonly hostname: string | null;
}

/** The ranks of a run; of very many the first. */
export interface Ranks {
  readonly total: number;
  readonly list: readonly RankFacts[];
}

/** The documents of a node. */
export interface Documents {
  readonly node: string;
  readonly documents: readonly Document[];
  readonly ranks: Ranks;
}

/** The nodes that dataflow connects. */
export interface Component {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly complete: boolean;
}

/** With whom a node is shared; `*` is everyone. */
export interface Share {
  readonly user: string;
  readonly permission: "view" | "edit";
}

/** The shares of a node. */
export interface Shares {
  readonly shares: readonly Share[];
  readonly inherited: readonly (Share & { readonly path: string })[];
}

/** A node that was deleted. */
export interface TrashedNode {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly editor: string;
  readonly deletedTimestamp: string;
  readonly expiresTimestamp: string;
  readonly nodes: number;
  readonly objects: number;
  readonly size_bytes: number;
}

/** What happened to a node. */
export interface NodeEvent {
  readonly node: string;
  readonly kind:
    | "node"
    | "graph"
    | "status"
    | "hyperparameters"
    | "environment"
    | "metrics"
    | "log"
    | "files";
  readonly change?: "created" | "changed" | "deleted";
  /** The object. */
  readonly key?: string;
  /** The metric type. */
  readonly type?: string;
  readonly version?: number;
}

/** Who is signed in. */
export interface Session {
  readonly user: string | null;
  /** `local` where the pages show a local directory. */
  readonly mode?: "server" | "local";
  /** Whether nothing can be changed. */
  readonly readOnly?: boolean;
}
