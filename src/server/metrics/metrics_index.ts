/**
 * The index of what runs hold: kept up to date, asked, and listened to.
 *
 * @module
 */

import { join } from "@std/path";
import type { Reporter } from "../../reporter.ts";
import type { Database } from "../store/database.ts";
import type { Nodes } from "../store/nodes.ts";
import type { ObjectFiles } from "../store/object_files.ts";
import type { Objects } from "../store/objects.ts";
import { OutsideChanges } from "../store/outside_changes.ts";
import { type Change, ChangeFeed, type NodeChange } from "./change_feed.ts";
import { EventHub } from "./event_hub.ts";
import { kindOfKey } from "./events.ts";
import { IndexDatabase } from "./index_database.ts";
import { IndexerHost, type IndexerMode } from "./indexer_host.ts";
import { defineRowFunctions } from "./rows_query.ts";
import { findOutdated } from "./outdated.ts";
import { ATTEMPTS_FILE } from "../../format/attempts.ts";
import { IS_METRICS, sourceKind } from "./sources.ts";
import type { ObjectTask, ReadableObject, Task, TaskResult } from "./tasks.ts";

/** What a {@linkcode MetricsIndex} works with. */
export interface MetricsIndexOptions {
  /** The data folder. */
  readonly dataDir: string;
  /** The server's database. */
  readonly database: Database;
  /** The nodes. */
  readonly nodes: Nodes;
  /** The objects. */
  readonly objects: Objects;
  /** Their bytes. */
  readonly files: ObjectFiles;
  /** Where the index is written. Default: in a thread, if one may be started. */
  readonly mode?: IndexerMode | undefined;
  /** Whether the index is in the server's database, written by this thread, and not in a file of its own. Default: no. */
  readonly isWithin?: boolean | undefined;
}

/** The file of the index in a data folder. It holds nothing that cannot be made anew: it need not be backed up. */
export const INDEX_FILE = "metrics.db";

/** How often it is looked for what other processes have changed. */
const OUTSIDE_MS = 500;
/** How many objects are worked on at once. */
const MAX_ACTIVE = 64;
/** How often an object is tried whose files were replaced meanwhile. */
const MAX_TRIES = 3;

interface Address {
  readonly node: string;
  readonly key: string;
  readonly tries: number;
}

/** The index of what runs hold. */
export class MetricsIndex implements Disposable {
  /** Tells what changes. */
  readonly hub: EventHub;
  /** The index, and the server's database as `store`; both can only be read. */
  readonly database: IndexDatabase;
  readonly #options: MetricsIndexOptions;
  readonly #resources: DisposableStack;
  readonly #host: IndexerHost;
  readonly #feed: ChangeFeed;
  readonly #outside: OutsideChanges;
  readonly #outsideTimer: ReturnType<typeof setInterval>;
  readonly #dirty = new Map<string, Address>();
  /** Of that, what goes before the rest. */
  readonly #urgent = new Map<string, Address>();
  #preferred: ReadonlySet<string> = new Set();
  readonly #removed = new Set<string>();
  readonly #active = new Map<string, string>();
  #waiting: (() => void)[] = [];
  #reporter: Reporter | undefined;
  #catchUp: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  /** @param options What to work with. */
  constructor(options: MetricsIndexOptions) {
    this.#options = options;
    const { dataDir, database, nodes, isWithin = false } = options;
    using resources = new DisposableStack();
    const path = join(dataDir, INDEX_FILE);
    const storePath = join(dataDir, "aistore.db");
    const open = () =>
      isWithin ? IndexDatabase.within(storePath) : IndexDatabase.open(path);
    this.database = resources.use(open());
    if (isWithin) this.database.readOnly();
    else this.database.readWith("store", storePath);
    defineRowFunctions(this.database);
    // Two threads would keep each other from writing one file.
    const mode = isWithin ? "here" : options.mode;
    this.#host = resources.use(new IndexerHost({ path, mode, open }));
    this.hub = resources.use(
      new EventHub({
        parentOf: (id) => nodes.byId(id)?.parent_id ?? undefined,
      }),
    );
    this.#feed = resources.use(
      new ChangeFeed(database, (changes) => this.#take(changes)),
    );
    this.#outside = new OutsideChanges(database);
    // Nobody was there to be told.
    this.#outside.take();
    this.#outsideTimer = setInterval(() => this.#lookOutside(), OUTSIDE_MS);
    Deno.unrefTimer(this.#outsideTimer);
    this.#catchUpSoon();
    this.#resources = resources.move();
  }

  /**
   * Says troubles to somebody.
   *
   * @param reporter Is told.
   */
  reportTo(reporter: Reporter): void {
    this.#reporter = reporter;
  }

  /** How many objects are not indexed yet, as far as that is known. */
  get pending(): number {
    return this.#urgent.size + this.#dirty.size + this.#removed.size +
      this.#active.size;
  }

  /**
   * Has what some nodes hold indexed before everything else, from now on.
   *
   * @param nodes The nodes' ids, in place of those that were named before.
   */
  prefer(nodes: readonly string[]): void {
    this.#preferred = new Set(nodes);
    for (const [name, address] of this.#dirty) {
      if (!this.#preferred.has(address.node)) continue;
      this.#dirty.delete(name);
      this.#urgent.set(name, address);
    }
  }

  /**
   * Waits until everything is indexed.
   *
   * @returns Settles when nothing is left to do.
   */
  async idle(): Promise<void> {
    while (!this.#isIdle() && !this.#closed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Ends everything. */
  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#catchUp);
    clearInterval(this.#outsideTimer);
    this.#resources.dispose();
    this.#wake();
  }

  #isIdle(): boolean {
    return this.pending === 0 && this.#catchUp === undefined &&
      !this.#feed.isWaiting;
  }

  #wake(): void {
    for (const settle of this.#waiting.splice(0)) settle();
  }

  #take(changes: readonly Change[]): void {
    for (const change of changes) {
      const { node } = change;
      if (change.kind === "object") {
        const { key } = change;
        if (this.#mark({ node, key, tries: 0 })) continue;
        this.hub.publish({ node, kind: kindOfKey(key), key });
      } else if (change.kind === "node") {
        this.#takeNode(change);
      } else {
        this.hub.publish({ node, kind: change.kind });
      }
    }
    this.#work();
  }

  #takeNode({ node, kind, change, parent }: NodeChange): void {
    if (change === "deleted") this.#removed.add(node);
    // What went into the trash stays in the index: it may come back.
    const told = change === "trashed"
      ? "deleted"
      : change === "restored"
      ? "created"
      : change;
    this.hub.publish({ node, kind, change: told }, parent);
    // What arrived last, just before it was deleted, may not be indexed.
    if (change === "restored") this.#catchUpSoon();
  }

  #catchUpSoon(): void {
    this.#catchUp ??= setTimeout(() => this.#lookForOutdated(""), 0);
  }

  /** Notes what other processes have changed. */
  #lookOutside(): void {
    const changes = this.#outside.take().map((change): NodeChange => ({
      ...change,
      kind: "node",
      change: "restored",
    }));
    if (changes.length > 0) this.#take(changes);
  }

  /** Notes an object that is to be indexed; false if it is not one of those. */
  #mark(address: Address): boolean {
    const { node, key } = address;
    if (sourceKind(key) === undefined) return false;
    const found = this.#options.nodes.byId(node);
    if (found === undefined) return true;
    if (found.type !== "Run") return false;
    const name = `${node}/${key}`;
    const isUrgent = this.#preferred.has(node) || this.#urgent.has(name);
    (isUrgent ? this.#urgent : this.#dirty).set(name, address);
    if (key === ATTEMPTS_FILE) this.#markMetrics(node);
    return true;
  }

  /** What the attempts at a run are decides which of its records count. */
  #markMetrics(node: string): void {
    const keys = this.database.query<{ key: string }>(
      `SELECT key FROM objects WHERE node_id = ? AND ${IS_METRICS}`,
    ).all(node);
    for (const { key } of keys) this.#mark({ node, key, tries: 0 });
  }

  #work(): void {
    if (this.#closed) return;
    for (const waiting of [this.#urgent, this.#dirty]) {
      for (const [name, address] of waiting) {
        if (this.#active.size >= MAX_ACTIVE) break;
        if (this.#active.has(name)) continue;
        waiting.delete(name);
        this.#active.set(name, address.node);
        this.#index(name, address);
      }
    }
    this.#remove();
    if (this.#isIdle()) this.#wake();
  }

  /** Forgets nodes that are gone, once nothing of them is being worked on. */
  #remove(): void {
    if (this.#removed.size === 0 || this.#active.has(REMOVING)) return;
    const busy = new Set(this.#active.values());
    const nodes = [...this.#removed].filter((node) => !busy.has(node));
    if (nodes.length === 0) return;
    for (const node of nodes) this.#removed.delete(node);
    this.#active.set(REMOVING, "");
    this.#run({ kind: "remove", nodes }, REMOVING);
  }

  #index(name: string, { node, key, tries }: Address): void {
    const task: ObjectTask = {
      kind: "object",
      node,
      key,
      object: this.#readable(node, key),
      attempts: sourceKind(key) === "metrics"
        ? this.#readable(node, ATTEMPTS_FILE)
        : undefined,
    };
    this.#run(task, name, () => {
      if (tries + 1 < MAX_TRIES) this.#mark({ node, key, tries: tries + 1 });
    });
  }

  #readable(node: string, key: string): ReadableObject | undefined {
    const { objects, files } = this.#options;
    const row = objects.get({ nodeId: node, key });
    return row && {
      file: row.file,
      size: row.size,
      md5: row.md5,
      segments: objects.segments(row).map(({ file, size }) => ({
        path: files.pathOf(file),
        size,
      })),
    };
  }

  async #run(task: Task, name: string, onGone?: () => void): Promise<void> {
    const { changed, failure, isGone } = await this.#tried(task);
    if (this.#closed) return;
    this.#active.delete(name);
    if (isGone) onGone?.();
    if (failure !== undefined) {
      const what = task.kind === "object" ? `"${task.key}"` : "deleted runs";
      this.#reporter?.warn(
        `index ${what}`,
        `The server cannot index ${what}: ${failure}`,
      );
    }
    if (changed !== undefined && task.kind === "object") {
      const { node, type, version } = changed;
      const { key } = task;
      this.hub.publish({
        node,
        kind: kindOfKey(key),
        key,
        version,
        ...(type !== undefined && { type }),
      });
    }
    this.#work();
  }

  /** An index that cannot be opened is a failure like others. */
  async #tried(task: Task): Promise<Omit<TaskResult, "id">> {
    try {
      return await this.#host.run(task);
    } catch (error) {
      return {
        failure: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** Finds what changed while nobody was told, as after a crash, a few runs at a time. */
  #lookForOutdated(after: string): void {
    this.#catchUp = undefined;
    const { changed, deleted, next } = findOutdated(this.database, after);
    for (const { node, key } of changed) this.#mark({ node, key, tries: 0 });
    for (const node of deleted) this.#removed.add(node);
    if (next !== undefined) {
      this.#catchUp = setTimeout(() => this.#lookForOutdated(next), 1);
    }
    this.#work();
  }
}

const REMOVING = "";
