/**
 * What is said between who knows of changes and who indexes them, perhaps in a thread of its own.
 *
 * @module
 */

import type { ObjectSegment } from "./object_bytes.ts";
import type { SourceKind, SourceObject } from "./sources.ts";

/** An object that is to be indexed. */
export interface ReadableObject extends SourceObject {
  /** Its files, in order. */
  readonly segments: readonly ObjectSegment[];
}

/** An object is to be indexed, or to be forgotten. */
export interface ObjectTask {
  /** What is to be done. */
  readonly kind: "object";
  /** The node's id. */
  readonly node: string;
  /** The object's key. */
  readonly key: string;
  /** The object; undefined if it is not there any more. */
  readonly object: ReadableObject | undefined;
  /** Of a metrics file, the list of the attempts at its run, if there is one. */
  readonly attempts?: ReadableObject | undefined;
}

/** Runs are to be forgotten. */
export interface RemoveTask {
  /** What is to be done. */
  readonly kind: "remove";
  /** The nodes' ids. */
  readonly nodes: readonly string[];
}

/** Something to be done. */
export type Task = ObjectTask | RemoveTask;

/** What became of a task. */
export interface TaskResult {
  /** The number under which it was given. */
  readonly id: number;
  /** What changed in the index; undefined if nothing did. */
  readonly changed?: IndexChange | undefined;
  /** Whether files of the object were not there: it was replaced meanwhile. */
  readonly isGone?: boolean;
  /** Why it failed. */
  readonly failure?: string | undefined;
}

/** A change of the index. */
export interface IndexChange {
  /** The node's id. */
  readonly node: string;
  /** What was read. */
  readonly source: SourceKind;
  /** The metric type, of metrics. */
  readonly type?: string | undefined;
  /** The run's version since then. */
  readonly version: number;
}

/** What a thread is told first. */
export interface WorkerSetup {
  /** The file of the index. */
  readonly path: string;
  /** Two words of shared memory: whether to end, and whether everything is closed. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Where {@linkcode WorkerSetup}'s control says what. */
export const CONTROL = { end: 0, closed: 1 } as const;

/** What a thread is told last. */
export const CLOSE = "close";

/** What a thread is told later. */
export interface WorkerTask {
  /** A number to answer with. */
  readonly id: number;
  /** What is to be done. */
  readonly task: Task;
}
