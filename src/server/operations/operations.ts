/**
 * What goes on around every request: its turn, its record, its answer's way to the client.
 *
 * @module
 */

import type { Reporter } from "../../reporter.ts";
import type { Peer } from "../peer.ts";
import {
  BODY_PATIENCE_MS,
  DOWNLOAD_PATIENCE_MS,
  MAX_ACTIVE_REQUESTS,
  MAX_QUEUE_MS,
  MAX_QUEUED_REQUESTS,
} from "../limits.ts";
import { Refusal } from "../refusal.ts";
import type { Meter } from "../request_data.ts";
import type { Store } from "../store/store.ts";
import type { StoreFacts } from "../store/store_facts.ts";
import { AccessLog } from "./access_log.ts";
import { ClientPace } from "./client_pace.ts";
import { Health } from "./health.ts";
import { loggedPath } from "./logged_path.ts";
import { LoopLag } from "./loop_lag.ts";
import { keepRecord, type RequestRecord } from "./request_record.ts";
import { prepareAnswer } from "./prepare_answer.ts";
import { RequestQueue } from "./request_queue.ts";
import { ServerMetrics } from "./server_metrics.ts";

/** Limits that protect a server from its clients. */
export interface TrafficLimits {
  /** How many requests are worked on at once. Default: 256. */
  readonly maxActive?: number | undefined;
  /** How many more wait for their turn; others get 503. Default: 1024. */
  readonly maxQueued?: number | undefined;
  /** How long one waits at most, in milliseconds. Default: 30 s. */
  readonly maxQueueMs?: number | undefined;
  /** How long a client may stand still while its body is awaited, in milliseconds. Default: 60 s. */
  readonly bodyPatienceMs?: number | undefined;
  /** How long a client may take nothing of what it asked for, in milliseconds. Default: 5 min. */
  readonly downloadPatienceMs?: number | undefined;
}

/** What an {@linkcode Operations} works with. */
export interface OperationsOptions {
  /** What the server keeps. */
  readonly store: Store;
  /** Counts what the server does. */
  readonly meter: Meter;
  /** Where internal errors are said. */
  readonly reporter: Reporter;
  /** The file of the access log; `-` is stderr. Default: there is none. */
  readonly accessLog?: string | undefined;
  /** Whether anybody may read `/metrics`. Default: no. */
  readonly metricsPublic?: boolean | undefined;
  /** Limits. */
  readonly limits?: TrafficLimits | undefined;
}

/** Answers a request. */
export type Answer = (request: Request, peer?: Peer) => Promise<Response>;

/** Everything around the requests of a server. */
export class Operations implements Disposable {
  /** Whether the server can do its work. */
  readonly health: Health;
  /** Whether anybody may read the metrics. */
  readonly metricsPublic: boolean;
  readonly #facts: StoreFacts;
  readonly #queue: RequestQueue;
  readonly #pace: ClientPace;
  readonly #sendingPace: ClientPace;
  readonly #metrics: ServerMetrics;
  readonly #log: AccessLog | undefined;
  readonly #lag: LoopLag;
  readonly #closing = new AbortController();
  readonly #idStart = crypto.randomUUID().slice(0, 8);
  #count = 0;
  #open = 0;

  /**
   * @param options What to work with.
   * @throws {Error} If the access log cannot be opened.
   */
  constructor(options: OperationsOptions) {
    const { store, meter, reporter, accessLog, limits = {} } = options;
    this.metricsPublic = options.metricsPublic ?? false;
    this.#facts = store.facts;
    this.health = new Health(store.facts);
    this.#queue = new RequestQueue({
      maxActive: limits.maxActive ?? MAX_ACTIVE_REQUESTS,
      maxQueued: limits.maxQueued ?? MAX_QUEUED_REQUESTS,
      maxQueueMs: limits.maxQueueMs ?? MAX_QUEUE_MS,
    });
    this.#pace = new ClientPace({
      patienceMs: limits.bodyPatienceMs ?? BODY_PATIENCE_MS,
    });
    this.#sendingPace = new ClientPace({
      patienceMs: limits.downloadPatienceMs ?? DOWNLOAD_PATIENCE_MS,
    });
    this.#log = accessLog === undefined
      ? undefined
      : new AccessLog({ path: accessLog, reporter });
    this.#lag = new LoopLag();
    this.#metrics = new ServerMetrics({
      active: () => this.#queue.active,
      queued: () => this.#queue.queued,
      refused: () => this.#queue.refused,
      open: () => this.#open,
      slowSenders: () => this.#pace.cutOff,
      slowReaders: () => this.#sendingPace.cutOff,
      receivedBytes: () => meter.receivedBodyBytes,
      counts: () => store.facts.counts,
      loopLagMs: () => this.#lag.maxMs,
      logLinesLeftOut: () => this.#log?.leftOut ?? 0,
    });
  }

  /** @returns The metrics, in Prometheus' text format. */
  async metricsText(): Promise<string> {
    await this.#facts.count();
    return this.#metrics.text();
  }

  /**
   * Surrounds the answering of requests.
   *
   * @param answer Answers a request; it never rejects.
   * @returns The same with everything around it.
   */
  around(answer: Answer): Answer {
    return (request, peer) => this.#handle(request, { answer, peer });
  }

  /** Ends answers that have no end of their own, such as streams of events. */
  endStreams(): void {
    this.#closing.abort();
  }

  /** Writes the log to its end and closes it. */
  async closeLog(): Promise<void> {
    await this.#log?.close();
  }

  /** Ends everything. */
  [Symbol.dispose](): void {
    this.endStreams();
    this.#lag[Symbol.dispose]();
    this.#pace[Symbol.dispose]();
    this.#sendingPace[Symbol.dispose]();
    // Whoever wants the last lines has waited for the log's end before.
    this.closeLog();
  }

  async #handle(
    request: Request,
    { answer, peer }: {
      readonly answer: Answer;
      readonly peer?: Peer | undefined;
    },
  ): Promise<Response> {
    const begun = performance.now();
    const time = this.#log && new Date().toISOString();
    const record = this.#record(request, peer);
    this.#open++;
    const raw = await this.#inTurn(request, () => answer(request, peer));
    const durationMs = performance.now() - begun;
    raw.headers.set("x-request-id", record.id);
    const response = await prepareAnswer(request, raw, {
      record,
      closing: this.#closing.signal,
    });
    const { method } = request;
    const { status } = response;
    this.#metrics.answered({
      method,
      status,
      durationMs,
      route: record.route ?? "",
    });
    const path = this.#log && loggedPath(request.url);
    const finish = () => {
      this.#open--;
      this.#metrics.sent(record.sentBytes);
      if (time === undefined || path === undefined) return;
      this.#log?.write({
        time,
        id: record.id,
        method,
        path,
        status,
        ms: Math.round((performance.now() - begun) * 100) / 100,
        in: record.receivedBytes,
        out: record.sentBytes,
        user: record.user ?? null,
        client: record.client ?? "",
      });
    };
    if (peer?.completed) peer.completed.then(finish, finish);
    else finish();
    return response;
  }

  #record(request: Request, peer: Peer | undefined): RequestRecord {
    const wished = request.headers.get("x-request-id");
    const record: RequestRecord = {
      id: wished !== null && REQUEST_ID.test(wished)
        ? wished
        : `${this.#idStart}-${(++this.#count).toString(36)}`,
      pace: this.#pace,
      sendingPace: this.#sendingPace,
      client: peer?.remoteAddress,
      user: undefined,
      route: undefined,
      receivedBytes: 0,
      sentBytes: 0,
    };
    keepRecord(request, record);
    return record;
  }

  async #inTurn(
    request: Request,
    work: () => Promise<Response>,
  ): Promise<Response> {
    // Who looks after a server must be answered when it is busy.
    if (isOperational(request.url)) return await work();
    try {
      return await this.#queue.run(work);
    } catch (error) {
      if (error instanceof Refusal) return error.toResponse();
      throw error;
    }
  }
}

const REQUEST_ID = /^[\w.-]{1,64}$/;

function isOperational(url: string): boolean {
  const [path = ""] = url.split("?", 1);
  return /\/(?:healthz|metrics)$/.test(path) && !path.includes("/apis/");
}
