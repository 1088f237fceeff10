import { join } from "@std/path";
import { type Clock, systemClock } from "../../aistore/backoff.ts";
import { AIStoreClient } from "../../aistore/client.ts";
import type { GraphEdge } from "../../aistore/protocol.ts";
import { DamagedFileError, type EmError } from "../../errors.ts";
import { METADATA_FILE } from "../../local/layout.ts";
import type { Reporter } from "../../reporter.ts";
import { type FileStamp, sameStamp, toStamp } from "../../local/file_stamp.ts";
import { DeliveryGate } from "../gate/delivery_gate.ts";
import type { Link, Links } from "./links.ts";
import { isOsError } from "../../local/os_error.ts";
import {
  doubtKey,
  hopeForKey,
  persist,
  type PersistOptions,
} from "../gate/persist.ts";
import { asEmError } from "../gate/refusal.ts";
import type {
  DeliveryProgress,
  FileTrouble,
  FollowerJob,
  PlacedNode,
  UploadReport,
  WaitOptions,
} from "../types.ts";

/** How far a run's associations have come. */
export type LineageReport = Pick<
  UploadReport,
  "requests" | "sentBytes" | "sentObjects" | "pending" | "refused" | "error"
>;

const LOOK_MS = 1000;

/** What the metadata of a run says that used and produced nothing. */
const NOTHING = "\nassociations:\n  input: []\n  output: []\n";

/**
 * Brings what a run used and produced to the server: uploads the artifacts that are not there, and connects them with
 * the run. Like the follower it knows the run only by looking: at `metadata.yaml`, once a second.
 */
export class Lineage {
  readonly #job: FollowerJob;
  readonly #reporter: Reporter;
  readonly #client: AIStoreClient;
  readonly #clock: Clock = systemClock;
  readonly #end = new AbortController();
  readonly #gate: DeliveryGate;
  readonly #persistence: PersistOptions;
  readonly #waiters = new Set<() => void>();
  #links: Links | undefined;
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #stamp: FileStamp | undefined;
  /** Whether somebody waits for a look that is later than the last one. */
  #isLookWanted = true;
  #node: PlacedNode | undefined;
  #trouble: FileTrouble | undefined;
  #error: EmError | undefined;

  /**
   * @param job The run's directory, and where it goes.
   * @param reporter Takes what the user is to know.
   */
  constructor(job: FollowerJob, reporter: Reporter) {
    const { host, apiKey, timeoutMs } = job.target;
    const signal = this.#end.signal;
    this.#job = job;
    this.#reporter = reporter;
    this.#gate = new DeliveryGate(job.target);
    this.#persistence = { gate: this.#gate, clock: this.#clock, signal };
    this.#client = new AIStoreClient({
      host,
      apiKey,
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  /**
   * Begins, when the run has its node.
   *
   * @param node The run's node.
   */
  begin(node: PlacedNode): void {
    this.#node = node;
    this.#running = this.#follow().catch((error) => {
      if (!this.#end.signal.aborted) this.#error = asEmError(error);
    }).finally(() => this.giveUp());
  }

  /**
   * Waits until the server knows all that the metadata names now, and has the artifacts as they are now.
   *
   * @param options How long.
   * @returns How far it came.
   */
  async wait({ timeoutMs, signal }: WaitOptions): Promise<LineageReport> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const giveUp = () => resolve();
    // It keeps the process alive: somebody waits.
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener("abort", giveUp, { once: true });
    if (signal?.aborted || this.#isOver) giveUp();
    this.#links?.hurry();
    await this.#links?.lookAgain();
    this.#isLookWanted = true;
    this.#waiters.add(giveUp);
    this.#gate.hurry();
    this.#wake.abort();
    await promise;
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    this.#waiters.delete(giveUp);
    return this.#report();
  }

  /** Stops at once; resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#end.abort();
    this.#wake.abort();
    this.giveUp();
    await this.#running;
    await this.#links?.rest();
  }

  /** Ends all waits: nothing will come of them. */
  giveUp(): void {
    for (const end of this.#waiters) end();
  }

  /** How much of the artifacts is on its way. */
  get progress(): DeliveryProgress {
    let [sentBytes, pendingBytes, pendingFiles] = [0, 0, 0];
    for (const { progress } of this.#links?.artifacts.values() ?? []) {
      sentBytes += progress.sentBytes;
      pendingBytes += progress.pendingBytes;
      pendingFiles += progress.pendingFiles;
    }
    return { sentBytes, pendingBytes, pendingFiles };
  }

  /** For what concerns another node: the key may be refused for that alone. */
  get #patience(): PersistOptions {
    return { ...this.#persistence, judge: doubtKey(this.#client) };
  }

  get #isOver(): boolean {
    return this.#end.signal.aborted || this.#error !== undefined;
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      await this.#look();
      this.#links?.deliver();
      await this.#connect();
      const isSettled = this.#links?.isSettled ?? true;
      if (isSettled && !this.#isLookWanted) this.giveUp();
      if (!this.#wake.signal.aborted) {
        await this.#clock.wait(LOOK_MS, this.#wake.signal);
      }
      this.#wake = new AbortController();
    }
  }

  /** Reads the metadata if it has changed. */
  async #look(): Promise<void> {
    const path = join(this.#job.dir, METADATA_FILE);
    this.#isLookWanted = false;
    try {
      const stamp = toStamp(Deno.statSync(path));
      if (this.#stamp !== undefined && sameStamp(stamp, this.#stamp)) return;
      this.#stamp = stamp;
      this.#trouble = undefined;
      const text = Deno.readTextFileSync(path);
      if (this.#links === undefined && text.includes(NOTHING)) return;
      (await this.#getLinks()).read(text, path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (!isOsError(error) && !(error instanceof DamagedFileError)) {
        throw error;
      }
      const reason =
        `what the run used and produced cannot be read: ${error.message}`;
      this.#trouble = { path: METADATA_FILE, reason };
    }
  }

  /** Most runs have none: they need not load what it takes. */
  async #getLinks(): Promise<Links> {
    const { Links } = await import("./links.ts");
    const { dir, target, intent } = this.#job;
    return this.#links ??= new Links(dir, {
      target,
      intent,
      client: this.#client,
      reporter: this.#reporter,
      onChange: () => this.#wake.abort(),
      ...this.#persistence,
    });
  }

  /** Makes the edges of all whose nodes are known. */
  async #connect(): Promise<void> {
    const node = this.#node;
    const all = this.#links?.all.values().toArray() ?? [];
    const open = all.filter(({ isReady }) => isReady);
    if (open.length === 0 || node === undefined) return;
    const graph = await this.#ask(
      open,
      () => this.#client.graph(node.id),
      { ...this.#persistence, judge: hopeForKey },
    );
    if (graph === undefined) return;
    const missing: Missing[] = [];
    for (const link of open) {
      const edge = link.edge(node.id);
      const neighbours = link.role === "input" ? graph.in : graph.out;
      if (neighbours.some((one) => link.isTo(one, edge))) {
        link.isConnected = true;
      } else if (edge !== undefined) missing.push({ link, edge });
      else link.refusal = link.whyNot;
    }
    await this.#addEdges(missing);
  }

  /** All at once; if the server refuses, one by one, so that one does not keep the others. */
  async #addEdges(missing: readonly Missing[]): Promise<void> {
    if (missing.length === 0) return;
    const edges = missing.map(({ edge }) => edge);
    try {
      await persist(() => this.#client.addEdges(edges), this.#patience);
      for (const { link } of missing) link.isConnected = true;
      return;
    } catch (error) {
      if (this.#end.signal.aborted) throw error;
    }
    for (const { link, edge } of missing) {
      const add = async () => {
        await this.#client.addEdges([edge]);
        return true;
      };
      if (await this.#ask([link], add)) link.isConnected = true;
    }
  }

  /** What the server answers; undefined, and noted with what it is about, if it refuses. */
  async #ask<T>(
    links: readonly Link[],
    request: () => Promise<T>,
    persistence: PersistOptions = this.#patience,
  ): Promise<T | undefined> {
    try {
      return await persist(request, persistence);
    } catch (error) {
      if (this.#end.signal.aborted) throw error;
      const { message } = asEmError(error);
      for (const link of links) {
        link.refusal = `it is not connected with the run: ${message}`;
      }
      return undefined;
    }
  }

  #report(): LineageReport {
    const pending: FileTrouble[] = [];
    const refused: FileTrouble[] = [];
    if (this.#trouble !== undefined) refused.push(this.#trouble);
    let { requests } = this.#client;
    let [sentBytes, sentObjects] = [0, 0];
    for (const artifact of this.#links?.artifacts.values() ?? []) {
      requests += artifact.requests;
      sentBytes += artifact.sentBytes;
      sentObjects += artifact.sentObjects;
      pending.push(...artifact.pending);
      refused.push(...artifact.refused);
    }
    for (const link of this.#links?.all.values() ?? []) {
      const { title: path, isConnected, refusal: reason } = link;
      if (reason !== undefined) refused.push({ path, reason });
      else if (!isConnected) {
        pending.push({ path, reason: "it is not connected with the run yet" });
      }
    }
    const isPending = pending.length > 0;
    const error = this.#error ??
      (isPending ? this.#gate.trouble : undefined);
    return {
      requests,
      sentBytes,
      sentObjects,
      pending,
      refused,
      ...(error === undefined ? {} : { error }),
    };
  }
}

/** An edge that is not on the server. */
interface Missing {
  readonly link: Link;
  readonly edge: GraphEdge;
}
