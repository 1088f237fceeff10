/**
 * What is told to those who look.
 *
 * @module
 */

import { ATTEMPTS_FILE } from "../../format/attempts.ts";
import { readMetricKey } from "../../format/metric_key.ts";

/** What an event is about. */
export const EVENT_KINDS = [
  "node",
  "graph",
  "status",
  "hyperparameters",
  "environment",
  "metrics",
  "log",
  "files",
] as const;

/** What an event is about: the node itself, its edges, what it holds. */
export type EventKind = typeof EVENT_KINDS[number];

/** Something that happened to a node. */
export interface NodeEvent {
  /** The node's id. */
  readonly node: string;
  /** What it is about. */
  readonly kind: EventKind;
  /** What became of the node. */
  readonly change?: "created" | "changed" | "deleted";
  /** The object. */
  readonly key?: string;
  /** The metric type. */
  readonly type?: string;
  /** The run's version since then. */
  readonly version?: number;
}

/** An event that is told under a number. */
export interface NumberedEvent {
  /** The number. */
  readonly seq: number;
  /** The event. */
  readonly event: NodeEvent;
  /** The node and the folders that it is or was in. */
  readonly scope: ReadonlySet<string>;
}

/**
 * What an object of a node is to those who look.
 *
 * @param key The object's key.
 * @returns What an event about it is about.
 */
export function kindOfKey(key: string): EventKind {
  switch (key) {
    case "metadata.yaml":
      return "status";
    case "hyperparameters.yaml":
      return "hyperparameters";
    case "platform.yaml":
    case "git.yaml":
    case "index.yaml":
    case ATTEMPTS_FILE:
      return "environment";
    case "stdout.log":
      return "log";
    default:
      return readMetricKey(key) === undefined ? "files" : "metrics";
  }
}
