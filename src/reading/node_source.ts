/**
 * A run or an artifact to read from, wherever it is.
 *
 * @module
 */

import type { NodeState } from "../viewer/run_state.ts";
import type { CurveOptions, SeriesSummary } from "./series.ts";

/** A file of metrics. */
export interface MetricFile {
  /** The metric type; of a rank's file with the rank behind it, as `train@rank1`. */
  readonly type: string;
  /** The file's path below its run, with `/`. */
  readonly key: string;
  /** How long it is. */
  readonly sizeBytes: number;
}

/** A run or an artifact, in a directory of this machine or on a server. Nothing in it is ever changed. */
export interface NodeSource {
  /** Where it is. */
  readonly place: "local" | "remote";
  /** The directory, or the path on the server. */
  readonly path: string;
  /** The address of the server; null for a directory. */
  readonly host: string | null;
  /** The unique name. */
  readonly alternativeName: string;
  /**
   * Reads a document.
   *
   * @param key Its path below the node.
   * @returns The text; undefined if there is none.
   */
  read(key: string): Promise<string | undefined>;
  /** Forgets what files there were, so that it is asked anew. */
  refresh(): void;
  /**
   * Lists the files of metrics.
   *
   * @returns Them, sorted by type.
   */
  metricFiles(): Promise<MetricFile[]>;
  /**
   * How long a file is now.
   *
   * @param key Its path below the node.
   * @returns The length in bytes; undefined if there is no such file.
   */
  size(key: string): Promise<number | undefined>;
  /**
   * Reads a part of a file.
   *
   * @param key Its path below the node.
   * @param part Its first byte, and the one after its last.
   * @returns The bytes; less where the file ends before, none if there is no such file.
   */
  readPart(key: string, part: FilePart): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Reads a file from a place on. What comes to it later is not waited for.
   *
   * @param key Its path below the node.
   * @param start The first byte.
   * @returns The bytes; none if there is no such file, or none behind that place.
   */
  open(
    key: string,
    start: number,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /**
   * Whether a run that says that it is running goes on.
   *
   * @returns How it is, and when something was written last, in milliseconds since 1970.
   */
  stateOfRunning(): Promise<RunningState>;
  /**
   * Lists the ranks that have joined a run.
   *
   * @returns Them, rising.
   */
  ranks(): Promise<SourceRank[]>;
  /**
   * What others know of the run's metrics already.
   *
   * @param options How curves are wanted.
   * @returns The series; undefined if nobody knows them, so that the files are to be read.
   */
  knownSeries(options: CurveOptions): Promise<SeriesSummary[] | undefined>;
  /**
   * What the node holds.
   *
   * @returns How many files, and how many bytes in them.
   */
  contents(): Promise<NodeContents>;
  /**
   * Which runs an artifact comes from, and which have used it.
   *
   * @returns The runs that are known where the artifact is.
   */
  dataflow(): Promise<NodeDataflow>;
}

/** A run that an artifact is connected to. */
export interface RelatedRun {
  /** Its unique name. */
  readonly alternativeName: string;
  /** Its directory, or its path on the server. */
  readonly path: string;
}

/** The runs that an artifact is connected to. */
export interface NodeDataflow {
  /** Those that have produced it. */
  readonly producedBy: readonly RelatedRun[];
  /** Those that have used it. */
  readonly usedBy: readonly RelatedRun[];
}

/** A part of a file. */
export interface FilePart {
  /** The first byte. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
}

/** A rank of a run. */
export interface SourceRank {
  /** Its number. */
  readonly rank: number;
  /** Whether its process lives; undefined where that is not known. */
  readonly isAlive: boolean | undefined;
}

/** Whether a run goes on. */
export interface RunningState {
  /** How it is. */
  readonly state: NodeState;
  /** When something was written last, in milliseconds since 1970. */
  readonly lastMs: number;
}

/** How much a node holds. */
export interface NodeContents {
  /** How many files. */
  readonly files: number;
  /** How many bytes in them. */
  readonly sizeBytes: number;
}
