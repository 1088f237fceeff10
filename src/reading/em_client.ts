/**
 * What this package's own server tells beyond AIStore.
 *
 * @module
 */

import { AIStoreClient } from "../aistore/client.ts";
import { type AIStoreNode, APPEND } from "../aistore/protocol.ts";
import { ResponseError } from "../errors.ts";
import type { CurveOptions } from "./series.ts";

/** A number as JSON carries it. */
export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

/** A point as it is told. */
export interface WirePoint {
  /** Its step and epoch; null where it has none. */
  readonly step: WireNumber | null;
  readonly epoch: WireNumber | null;
  /** Its value. */
  readonly value: WireNumber;
}

/** A metrics file as it is told. */
export interface WireFile {
  /** How long it is. */
  readonly bytes: number;
  /** How much of it the server has read. */
  readonly indexedBytes: number;
  /** Whether its last record is cut off. */
  readonly isTorn: boolean;
  /** What is wrong with it. */
  readonly problem: unknown;
}

/** A series as it is told. */
export interface WireSeries {
  /** Its type and name. */
  readonly type: string;
  readonly name: string;
  /** How many values it has. */
  readonly count: number;
  /** The last point, and those with the least and greatest value. */
  readonly last: WirePoint;
  readonly min: WirePoint | null;
  readonly max: WirePoint | null;
  /** How many values are NaN, +∞ and -∞. */
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
}

/** The metrics of a run as they are told. */
export interface WireMetrics {
  /** The metrics files. */
  readonly types: readonly WireFile[];
  /** The series. */
  readonly series: readonly WireSeries[];
}

/** Points of a series as they are told: as they are, or in buckets. */
export interface WirePoints {
  /** Points as they are. */
  readonly raw?: {
    readonly x: readonly number[];
    readonly y: readonly WireNumber[];
  };
  /** Buckets. */
  readonly buckets?: {
    readonly x0: readonly number[];
    readonly x1: readonly number[];
    readonly min: readonly (number | null)[];
    readonly max: readonly (number | null)[];
    readonly minX: readonly (number | null)[];
    readonly maxX: readonly (number | null)[];
  };
  /** Beside buckets, the first points that are no finite numbers. */
  readonly marks?: readonly { readonly x: number | null }[];
}

/** A row of a folder as it is told. */
export interface WireRow {
  /** The node. */
  readonly node: AIStoreNode;
  /** What is known of a run. */
  readonly run: {
    readonly status: string | null;
    readonly started: number | null;
    readonly ended: number | null;
    readonly arrived: number | null;
  } | null;
}

const PAGE_SIZE = 1000;

/** A client of an AIStore server that makes use of what this package's own server can do beyond. */
export class EmClient extends AIStoreClient {
  /** Whether the server is this package's own; known after the first answer. */
  get isOwn(): boolean {
    return this.can(APPEND);
  }

  /**
   * Asks for the metrics of a run.
   *
   * @param node The node's id.
   * @returns The metrics; undefined if the server cannot tell.
   */
  async metrics(node: string): Promise<WireMetrics | undefined> {
    const answer = await this.#ask<{ readonly runs: readonly WireMetrics[] }>(
      "series",
      [["node", node]],
    );
    return answer?.runs[0];
  }

  /**
   * Asks for the points of series of one run.
   *
   * @param node The node's id.
   * @param metrics The series, as `train/loss`.
   * @param options How many buckets each may have, and over what.
   * @returns The points, series by series; undefined if the server cannot tell.
   */
  async points(
    node: string,
    metrics: readonly string[],
    { buckets, x }: CurveOptions,
  ): Promise<readonly WirePoints[] | undefined> {
    const answer = await this.#ask<{ readonly series: readonly WirePoints[] }>(
      "points",
      [
        ["node", node],
        ...metrics.map((metric) => ["metric", metric] as const),
        ["x", x],
        ["buckets", String(buckets)],
      ],
    );
    return answer?.series;
  }

  /**
   * Asks for what is in a folder, as a table.
   *
   * @param folder The folder's path.
   * @param onCount Told how many are known, page by page. Default: nobody is.
   * @returns The rows; undefined if the server cannot tell.
   */
  async rows(
    folder: string,
    onCount: (count: number) => void = () => {},
  ): Promise<WireRow[] | undefined> {
    const rows: WireRow[] = [];
    for (let page = 1;; page++) {
      const answer = await this.#ask<{
        readonly pagination: { readonly total: number };
        readonly data: readonly WireRow[];
      }>("rows", [
        ["folder", folder],
        ["page", String(page)],
        ["size", String(PAGE_SIZE)],
      ]);
      if (answer === undefined) return undefined;
      rows.push(...answer.data);
      onCount(rows.length);
      if (page * PAGE_SIZE >= answer.pagination.total) return rows;
    }
  }

  async #ask<T extends object>(
    what: string,
    query: readonly (readonly [string, string])[],
  ): Promise<T | undefined> {
    if (!this.isOwn) return undefined;
    try {
      const call = { method: "GET", path: `/em/v1/${what}`, query } as const;
      return await this.transport.json(
        call,
        (value): value is T => typeof value === "object" && value !== null,
      );
    } catch (error) {
      // An older server, or one that is behind a proxy which lets only AIStore through.
      if (error instanceof ResponseError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }
}
