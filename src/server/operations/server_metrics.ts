/**
 * What a server tells Prometheus.
 *
 * @module
 */

import type { StoreCounts } from "../store/store_facts.ts";
import { VERSION } from "../version.ts";
import { Counter, Histogram, type Metric, Observed } from "./prometheus.ts";

/** Where a {@linkcode ServerMetrics} looks up what others count. */
export interface ServerMetricsOptions {
  /** Requests that are worked on. */
  readonly active: () => number;
  /** Requests that wait for their turn. */
  readonly queued: () => number;
  /** Requests that were refused because there were too many. */
  readonly refused: () => number;
  /** Answers whose bodies are being sent, and requests before them. */
  readonly open: () => number;
  /** Clients that were cut off because they sent too slowly. */
  readonly slowSenders: () => number;
  /** Clients that were cut off because they read too slowly. */
  readonly slowReaders: () => number;
  /** Bytes of request bodies that were read. */
  readonly receivedBytes: () => number;
  /** What the server keeps. */
  readonly counts: () => StoreCounts;
  /** How late the event loop was lately, in milliseconds. */
  readonly loopLagMs: () => number;
  /** Lines of the access log that were left out. */
  readonly logLinesLeftOut: () => number;
}

/** A request that was answered. */
export interface AnsweredRequest {
  /** The method. */
  readonly method: string;
  /** The pattern of the route. */
  readonly route: string;
  /** The status. */
  readonly status: number;
  /** Until the answer began, in milliseconds. */
  readonly durationMs: number;
}

/** Bounds of durations, in seconds. */
const BOUNDS = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
  60,
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Numbers about a server. Labels hold patterns of routes, never what users have named. */
export class ServerMetrics {
  readonly #requests = new Counter({
    name: "em_http_requests_total",
    help: "Requests that were answered",
  });
  readonly #durations = new Histogram({
    name: "em_http_request_duration_seconds",
    help: "Time from a request's header to the beginning of its answer",
  }, BOUNDS);
  readonly #sent = new Counter({
    name: "em_http_sent_bytes_total",
    help: "Bytes of answers' bodies",
  });
  readonly #others: readonly Metric[];

  /** @param options Where to look up what others count. */
  constructor(options: ServerMetricsOptions) {
    this.#sent.add({}, 0);
    this.#others = [
      ...trafficMetrics(options),
      ...storeMetrics(options.counts),
      ...processMetrics(options),
    ];
  }

  /**
   * Counts a request that was answered.
   *
   * @param request The request.
   */
  answered({ method, route, status, durationMs }: AnsweredRequest): void {
    const labels = {
      method: METHODS.includes(method) ? method : "other",
      route,
    };
    this.#requests.add({ ...labels, status: String(status) });
    this.#durations.observe(labels, durationMs / 1000);
  }

  /**
   * Counts bytes of an answer's body.
   *
   * @param bytes How many.
   */
  sent(bytes: number): void {
    this.#sent.add({}, bytes);
  }

  /** @returns Everything, in Prometheus' text format. */
  text(): string {
    return [this.#requests, this.#durations, this.#sent, ...this.#others]
      .map((metric) => metric.text()).join("");
  }
}

function trafficMetrics(options: ServerMetricsOptions): Metric[] {
  return [
    counter(
      "em_http_received_bytes_total",
      "Bytes of requests' bodies",
      options.receivedBytes,
    ),
    gauge(
      "em_http_requests_active",
      "Requests that are worked on",
      options.active,
    ),
    gauge(
      "em_http_requests_queued",
      "Requests that wait for their turn",
      options.queued,
    ),
    counter(
      "em_http_requests_refused_total",
      "Requests that were refused because there were too many",
      options.refused,
    ),
    gauge(
      "em_http_requests_open",
      "Requests whose answer is not sent to its end",
      options.open,
    ),
    new Observed({
      name: "em_http_slow_clients_total",
      help: "Clients that were cut off because they hardly sent or read",
      type: "counter",
    }, () => [
      [{ direction: "received" }, options.slowSenders()],
      [{ direction: "sent" }, options.slowReaders()],
    ]),
    counter(
      "em_access_log_left_out_total",
      "Lines of the access log that were left out",
      options.logLinesLeftOut,
    ),
  ];
}

function storeMetrics(counts: () => StoreCounts): Metric[] {
  return [
    gauge(
      "em_database_bytes",
      "Length of the database's files",
      () => counts().databaseBytes,
    ),
    gauge("em_objects", "Objects", () => counts().objects),
    gauge(
      "em_objects_bytes",
      "Length of all objects",
      () => counts().objectBytes,
    ),
    new Observed(
      { name: "em_nodes", help: "Nodes", type: "gauge" },
      () => counts().nodes.map(({ type, count }) => [{ type }, count] as const),
    ),
    gauge("em_users", "Users", () => counts().users),
    gauge(
      "em_multipart_uploads_open",
      "Uploads in parts that are neither complete nor given up",
      () => counts().uploads,
    ),
  ];
}

function processMetrics({ loopLagMs }: ServerMetricsOptions): Metric[] {
  const started = performance.timeOrigin / 1000;
  const begun = performance.now();
  return [
    gauge(
      "em_event_loop_lag_seconds",
      "Greatest delay of a timer within the last 15 seconds",
      () => loopLagMs() / 1000,
    ),
    gauge(
      "em_uptime_seconds",
      "Time since the server began",
      () => (performance.now() - begun) / 1000,
    ),
    new Observed({
      name: "em_build_info",
      help: "The server's version",
      type: "gauge",
    }, () => [[{ version: VERSION, deno: Deno.version.deno }, 1]]),
    gauge(
      "process_start_time_seconds",
      "When the process began, in Unix time",
      () => started,
    ),
    gauge(
      "process_resident_memory_bytes",
      "Memory of the process",
      () => Deno.memoryUsage().rss,
    ),
    gauge(
      "process_heap_bytes",
      "Memory of the JavaScript heap that is in use",
      () => Deno.memoryUsage().heapUsed,
    ),
  ];
}

function gauge(name: string, help: string, read: () => number): Metric {
  return new Observed({ name, help, type: "gauge" }, read);
}

function counter(name: string, help: string, read: () => number): Metric {
  return new Observed({ name, help, type: "counter" }, read);
}
