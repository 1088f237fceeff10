import { delay } from "@std/async";
import { alternativeNameOf } from "../aistore/alternative_name.ts";
import type { AIStoreNode, ObjectRecord } from "../aistore/protocol.ts";
import { listObjects } from "../download/list_objects.ts";
import { withRetry } from "../download/retry.ts";
import { ResponseError } from "../errors.ts";
import {
  compareShown,
  readMetricKey,
  shownType,
} from "../format/metric_key.ts";
import { QUIET_MS } from "../local/owner.ts";
import type { CurveBucket } from "./curve.ts";
import type {
  EmClient,
  WireMetrics,
  WireNumber,
  WirePoint,
  WirePoints,
} from "./em_client.ts";
import type {
  FilePart,
  MetricFile,
  NodeContents,
  NodeDataflow,
  NodeSource,
  RelatedRun,
  RunningState,
  SourceRank,
} from "./node_source.ts";
import {
  type CurveOptions,
  MAX_MARKS,
  type SeriesPoint,
  type SeriesSummary,
} from "./series.ts";

/** What the document of a rank is called. */
const RANK = /^ranks\/(0|[1-9]\d{0,6})\/rank\.yaml$/;

/** How often, and with which pause, a server is asked that is still reading what has just arrived. */
const INDEX_TRIES = 20;
const INDEX_PAUSE_MS = 100;

/** How many series are asked for at once. */
const SERIES_AT_ONCE = 20;

/** A run or an artifact on a server. */
export class RemoteSource implements NodeSource {
  readonly place = "remote";
  readonly path: string;
  readonly alternativeName: string;
  readonly #client: EmClient;
  readonly #node: AIStoreNode;
  #objects: Promise<Map<string, ObjectRecord>> | undefined;

  /**
   * @param client The server.
   * @param node The node.
   */
  constructor(client: EmClient, node: AIStoreNode) {
    this.#client = client;
    this.#node = node;
    this.path = node.path;
    this.alternativeName = alternativeNameOf(node.extra) ?? node.name;
  }

  get host(): string {
    return this.#client.host;
  }

  async read(key: string): Promise<string | undefined> {
    try {
      return await withRetry(async () => {
        const body = await this.#client.getObject(`${this.path}/${key}`);
        return await new Response(body).text();
      });
    } catch (error) {
      if (error instanceof ResponseError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  refresh(): void {
    this.#objects = undefined;
  }

  async metricFiles(): Promise<MetricFile[]> {
    return [...(await this.#listed()).values()]
      .flatMap(({ path, size_bytes: sizeBytes }) => {
        const key = readMetricKey(path);
        return key === undefined
          ? []
          : [{ type: shownType(key), key: path, sizeBytes }];
      })
      .sort((a, b) => compareShown(a.type, b.type));
  }

  async size(key: string): Promise<number | undefined> {
    this.refresh();
    return (await this.#listed()).get(key)?.size_bytes;
  }

  async readPart(
    key: string,
    { start, end }: FilePart,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const part = new Uint8Array(end - start);
    let length = 0;
    for await (const piece of await this.open(key, start)) {
      const fitting = piece.subarray(0, part.length - length);
      part.set(fitting, length);
      length += fitting.length;
      if (length === part.length) break;
    }
    return part.subarray(0, length);
  }

  async open(
    key: string,
    start: number,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    try {
      const answer = await withRetry(() =>
        this.#client.openObject(`${this.path}/${key}`, { start })
      );
      const body = answer.stream(64 * 1024);
      // A server may ignore the range.
      return start > 0 && answer.status !== 206 ? behind(body, start) : body;
    } catch (error) {
      const isNothing = error instanceof ResponseError &&
        (error.status === 416 || error.status === 404);
      if (isNothing) return new Blob().stream();
      throw error;
    }
  }

  async stateOfRunning(): Promise<RunningState> {
    let lastMs = 0;
    for (const { mtime } of (await this.#listed()).values()) {
      lastMs = Math.max(lastMs, mtime * 1000);
    }
    const isQuiet = Date.now() - lastMs >= QUIET_MS;
    return { state: isQuiet ? "quiet" : "live", lastMs };
  }

  async ranks(): Promise<SourceRank[]> {
    return [...(await this.#listed()).keys()].flatMap((path) => {
      const rank = RANK.exec(path)?.[1];
      return rank === undefined
        ? []
        : [{ rank: Number(rank), isAlive: undefined }];
    }).sort((a, b) => a.rank - b.rank);
  }

  async knownSeries(
    options: CurveOptions,
  ): Promise<SeriesSummary[] | undefined> {
    const metrics = await this.#indexed();
    if (metrics === undefined) return undefined;
    const summaries: SeriesSummary[] = [];
    const { series } = metrics;
    for (let at = 0; at < series.length; at += SERIES_AT_ONCE) {
      const some = series.slice(at, at + SERIES_AT_ONCE);
      const names = some.map(({ type, name }) => `${type}/${name}`);
      const points = await this.#client.points(this.#node.id, names, options);
      for (const [index, one] of some.entries()) {
        const { type, name, count, last, min, max } = one;
        const { nan, posInf, negInf } = one;
        summaries.push({
          ...{ type, name, count, nan, posInf, negInf },
          last: toPoint(last),
          min: min && toPoint(min),
          max: max && toPoint(max),
          curve: toCurve(points?.[index]),
          marks: toMarks(points?.[index]),
        });
      }
    }
    return summaries;
  }

  async dataflow(): Promise<NodeDataflow> {
    const graph = await withRetry(() => this.#client.graph(this.#node.id));
    return {
      producedBy: relatedRuns(graph.in),
      usedBy: relatedRuns(graph.out),
    };
  }

  async contents(): Promise<NodeContents> {
    const objects = [...(await this.#listed()).values()];
    return {
      files: objects.length,
      sizeBytes: objects.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    };
  }

  /** What the server knows of the metrics, once it has read all that it has. */
  async #indexed(): Promise<WireMetrics | undefined> {
    for (let tries = 0; tries < INDEX_TRIES; tries++) {
      const metrics = await this.#client.metrics(this.#node.id);
      if (metrics === undefined) return undefined;
      const isWhole = metrics.types.every(({ bytes, indexedBytes, isTorn }) =>
        isTorn || indexedBytes >= bytes
      );
      const { length } = await this.metricFiles();
      if (isWhole && metrics.types.length >= length) return metrics;
      await delay(INDEX_PAUSE_MS);
    }
    return undefined;
  }

  #listed(): Promise<Map<string, ObjectRecord>> {
    return this.#objects ??= listObjects(this.#client, this.path);
  }
}

/** Of nodes in a graph AIStore promises no more than their ids; of none it may say null. */
function relatedRuns(nodes: readonly AIStoreNode[] | null): RelatedRun[] {
  return (nodes ?? []).map((node) => ({
    alternativeName: alternativeNameOf(node.extra) ?? node.name,
    path: node.path ?? node.id,
  })).sort((a, b) => a.path < b.path ? -1 : 1);
}

/** The rest of a stream behind its first bytes. */
function behind(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  start: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let skip = start;
  return body.pipeThrough(
    new TransformStream({
      transform(piece, controller) {
        const rest = piece.subarray(Math.min(skip, piece.length));
        skip -= piece.length - rest.length;
        if (rest.length > 0) controller.enqueue(rest);
      },
    }),
  );
}

function toPoint({ step, epoch, value }: WirePoint): SeriesPoint {
  const known = (x: WireNumber | null) => x === null ? null : Number(x);
  return { step: known(step), epoch: known(epoch), value: Number(value) };
}

function toCurve(points: WirePoints | undefined): CurveBucket[] {
  const { raw, buckets } = points ?? {};
  if (buckets !== undefined) {
    return buckets.x0.flatMap((x0, at) => {
      const min = buckets.min[at] ?? null;
      const max = buckets.max[at] ?? null;
      if (min === null || max === null) return [];
      return [{
        x0,
        x1: buckets.x1[at] ?? x0,
        min,
        max,
        minX: buckets.minX[at] ?? x0,
        maxX: buckets.maxX[at] ?? x0,
      }];
    });
  }
  return (raw?.x ?? []).flatMap((x, at) => {
    const value = Number(raw?.y[at]);
    if (!Number.isFinite(value)) return [];
    return [{ x0: x, x1: x, min: value, max: value, minX: x, maxX: x }];
  });
}

function toMarks({ raw, marks = [] }: WirePoints = {}): number[] {
  const xs = raw === undefined
    ? marks.flatMap(({ x }) => x ?? [])
    : raw.x.filter((_, at) => !Number.isFinite(Number(raw.y[at])));
  return xs.slice(0, MAX_MARKS);
}
