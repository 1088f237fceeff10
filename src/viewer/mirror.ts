/**
 * Keeps a store's tree equal to a directory.
 *
 * @module
 */

import { basename, join } from "@std/path";
import { STORAGE_TYPES } from "../aistore/protocol.ts";
import type { Reporter } from "../reporter.ts";
import { MirroredTree } from "../server/store/mirrored_tree.ts";
import type { NodeRow } from "../server/store/node_row.ts";
import { labelsText } from "../server/store/node_rules.ts";
import type { Database } from "../server/store/database.ts";
import { Lineage } from "./lineage.ts";
import { Listing } from "./listing.ts";
import { type Place, Placement } from "./placement.ts";
import type { NodeFacts } from "./read_facts.ts";
import { type NodeLook, ShownNode } from "./shown_node.ts";
import { stableId } from "./stable_id.ts";

/** What a {@linkcode Mirror} works with. */
export interface MirrorOptions {
  /** The directory, an absolute path without symbolic links. */
  readonly root: string;
  /** The user whose tree it becomes; the root folder is called the same. */
  readonly user: string;
  /** A directory for what is not shown as it is on disk. */
  readonly tempDir: string;
  /** This machine's name, or null if it may not be known. */
  readonly hostname: string | null;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Where troubles are said. */
  readonly reporter: Reporter;
}

/** A node that is shown, and where it stands in the tree. */
interface PlacedNode extends Place {
  readonly node: ShownNode;
  readonly type: NodeFacts["type"];
}

/** The runs and artifacts below a directory as a tree of nodes. */
export class Mirror {
  readonly #options: MirrorOptions;
  readonly #tree: MirroredTree;
  readonly #listing: Listing;
  readonly #lineage: Lineage;
  readonly #placement: Placement;
  readonly #places = new Map<string, PlacedNode>();
  readonly #ids = new Map<string, string>();
  readonly #looking = new Map<string, Promise<void>>();
  #listed: readonly string[] = [];
  #isComplete = true;

  /**
   * Makes the tree as far as it is quickly known.
   *
   * @param database The database of a store, which is empty.
   * @param options What to show.
   */
  constructor(database: Database, options: MirrorOptions) {
    this.#options = options;
    this.#tree = new MirroredTree(database);
    this.#lineage = new Lineage(this.#tree);
    this.#listing = new Listing(options.root);
    this.#placement = new Placement(options.root);
    const { rootId: id } = this.#placement;
    const name = options.user;
    this.#tree.begin(this.#toRow({ id, parent: null, name, type: "Folder" }));
    this.list();
  }

  /** The nodes that are shown. */
  nodes(): Iterable<ShownNode> {
    return this.#places.values().map(({ node }) => node);
  }

  /**
   * Finds a node.
   *
   * @param id Its id.
   * @returns The node, or undefined if it is none of a run or an artifact.
   */
  find(id: string): ShownNode | undefined {
    return this.#places.get(id)?.node;
  }

  /**
   * Finds the node of a path, or of an object's path.
   *
   * @param path Such as `/project/cnn_261123_082118_6fauz3/stdout.log`.
   * @returns The node, or undefined.
   */
  findPath(path: string): ShownNode | undefined {
    return this.find(this.#placement.find(path) ?? "");
  }

  /**
   * Where a file of an object is.
   *
   * @param file Its name: the node's id, a mark, and the object's key.
   * @returns Its path; one at which nothing is, if the node is gone.
   */
  locate(file: string): string {
    const [id = "", mark = "", ...key] = file.split("/");
    return this.find(id)?.pathOf(mark, key.join("/")) ??
      join(this.#options.tempDir, "nothing");
  }

  /**
   * Looks which directories there are, and takes a first look at new ones.
   *
   * @returns The nodes that are new, the newest first.
   */
  list(): ShownNode[] {
    const dirs = this.#listing.look();
    if (dirs === this.#listed && this.#isComplete) return [];
    const added: ShownNode[] = [];
    this.#listed = dirs;
    this.#isComplete = true;
    const there = new Set(dirs);
    this.#tree.transaction(() => {
      for (const { node } of [...this.#places.values()]) {
        if (!there.has(node.dir)) this.#remove(node.id);
      }
      for (const dir of dirs) {
        if (!this.#ids.has(dir)) added.push(...this.#add(dir));
      }
      this.#lineage.settle();
    });
    return added;
  }

  /**
   * Looks at a node and takes over what has changed. Of several calls at once one looks.
   *
   * @param node The node.
   */
  async look(node: ShownNode): Promise<void> {
    const looking = this.#looking.get(node.id) ??
      this.#look(node).finally(() => this.#looking.delete(node.id));
    this.#looking.set(node.id, looking);
    await looking;
  }

  /** Waits until no look is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#looking.values());
  }

  async #look(node: ShownNode): Promise<void> {
    const found = await node.look();
    const place = this.#places.get(node.id);
    if (place?.node !== node) return;
    if (found !== null && found.facts.type === place.type) {
      this.#take(place, found);
      return;
    }
    // It is gone, or has become something else: the next listing finds out.
    this.#tree.transaction(() => this.#remove(node.id));
    this.#isComplete = false;
  }

  #take(place: PlacedNode, { facts, modifiedMs, objects }: NodeLook): void {
    const { node } = place;
    const known = this.#tree.objects(node.id);
    const changed = objects.filter(({ key, md5, file }) => {
      const former = known.get(key);
      known.delete(key);
      return former?.md5 !== md5 || former.file !== file;
    });
    const isMetadataNew = changed.some(({ key }) => key === "metadata.yaml");
    if (changed.length + known.size === 0) return;
    this.#tree.transaction(() => {
      if (isMetadataNew) this.#put(place, facts, modifiedMs);
      for (const key of known.keys()) {
        this.#tree.deleteObject({ nodeId: node.id, key });
      }
      for (const object of changed) this.#tree.putObject(object);
      this.#lineage.settle();
    });
  }

  #add(dir: string): ShownNode[] {
    const { tempDir, hostname, now = Date.now, reporter } = this.#options;
    const node = new ShownNode({
      id: stableId(dir),
      dir,
      tempDir,
      hostname,
      now,
      onUnreadable: (path, reason) =>
        reporter.warn(
          "viewer unreadable",
          `Cannot show "${path}", nor what may be like it: ${reason}`,
        ),
    });
    const found = node.first();
    if (found === null) {
      // A directory is made before its metadata.
      this.#isComplete = false;
      return [];
    }
    const { type } = found.facts;
    const { isFirst, ...place } = this.#placement.take(dir, node.id);
    const folder = this.#placement.folderOf(dir);
    if (folder && isFirst) {
      const parent = this.#placement.rootId;
      this.#tree.putNode(this.#toRow({ ...folder, parent, type: "Folder" }));
    }
    const placed: PlacedNode = { node, type, ...place };
    this.#places.set(node.id, placed);
    this.#ids.set(dir, node.id);
    this.#put(placed, found.facts, found.modifiedMs);
    for (const object of found.objects) this.#tree.putObject(object);
    return [node];
  }

  #put(place: PlacedNode, facts: NodeFacts, modifiedMs: number): void {
    const { node: { id, dir }, type, parent, name } = place;
    const { labels, description, extra } = facts;
    this.#tree.putNode({
      ...this.#toRow({ id, type, parent, name }),
      labels: labelsText(labels.map((label) => label.toWellFormed())),
      description: description.toWellFormed(),
      extra: extra.toWellFormed(),
      modified: toTimestamp(modifiedMs),
    });
    if (type === "Artifact") this.#lineage.putArtifact(id, basename(dir));
    else this.#lineage.putRun(id, facts);
  }

  #remove(id: string): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    const { node, parent } = place;
    this.#places.delete(id);
    this.#ids.delete(node.dir);
    this.#lineage.remove(id, basename(node.dir));
    this.#tree.deleteNode(id);
    const isEmpty = this.#placement.release(place);
    if (isEmpty && parent !== this.#placement.rootId) {
      this.#tree.deleteNode(parent);
    }
  }

  #toRow(node: {
    readonly id: string;
    readonly parent: string | null;
    readonly name: string;
    readonly type: "Folder" | NodeFacts["type"];
  }): NodeRow {
    const { user, now = Date.now } = this.#options;
    return {
      id: node.id,
      parent_id: node.parent,
      owner: user,
      name: node.name,
      type: node.type,
      storage_type: STORAGE_TYPES[node.type],
      labels: labelsText([]),
      description: "",
      extra: "",
      editor: user,
      modified: toTimestamp(now()),
    };
  }
}

function toTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
