/**
 * Everything that a server keeps: opened, repaired after a crash, closed.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { DataDirError } from "../data_dir_error.ts";
import { MetricsIndex } from "../metrics/metrics_index.ts";
import { ApiKeys } from "./api_keys.ts";
import {
  TRASH_LIFETIME_MS,
  UNUSED_GRACE_MS,
  UPLOAD_LIFETIME_MS,
} from "../limits.ts";
import { Appends } from "./appends.ts";
import { Collector } from "./collector.ts";
import { Contents } from "./contents.ts";
import { Database } from "./database.ts";
import { Duplicates } from "./duplicates.ts";
import { type Durability, syncFolderSync } from "./durability.ts";
import { Edges } from "./edges.ts";
import { FileUses } from "./file_uses.ts";
import { FilesInPlace } from "./files_in_place.ts";
import { unmarkBackup } from "./backup_mark.ts";
import { lockDataDir } from "./lock.ts";
import { NodeLists } from "./node_lists.ts";
import { Nodes } from "./nodes.ts";
import { ObjectFiles } from "./object_files.ts";
import { ObjectLists } from "./object_lists.ts";
import { Objects } from "./objects.ts";
import { PartUploads } from "./part_uploads.ts";
import { RunningHashes } from "./running_hashes.ts";
import { MIGRATIONS } from "./schema.ts";
import { Shares } from "./shares.ts";
import { Sessions } from "./sessions.ts";
import { StoreFacts } from "./store_facts.ts";
import { Trash } from "./trash.ts";
import { Uploads } from "./uploads.ts";
import { Users } from "./users.ts";

/** The database's file in a data folder. */
export const DATABASE_FILE = "aistore.db";

/** How to open a {@linkcode Store}. */
export interface StoreOptions {
  /** The data folder; it is made if it is missing. */
  readonly dataDir: string;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
  /** What a success answer survives. Default: `full`. */
  readonly durability?: Durability | undefined;
  /** How long what was deleted can be restored; 0 deletes at once. Default: {@linkcode TRASH_LIFETIME_MS}. */
  readonly trashMs?: number | undefined;
  /** How long files are kept after their last use. Default: {@linkcode UNUSED_GRACE_MS}. */
  readonly unusedGraceMs?: number | undefined;
  /**
   * Where objects are whose bytes stay where others keep them; nothing is ever written or removed there.
   *
   * @param file The name of a file of an object.
   * @returns Its path.
   */
  readonly locate?: ((file: string) => string) | undefined;
  /** Whether the index of metrics is in the same file as all else. Default: no, it has one of its own, and a thread. */
  readonly hasOneDatabase?: boolean | undefined;
}

/** What a server keeps in its data folder: a database, and files for the bytes of objects. */
export class Store implements Disposable {
  /** The database, for who keeps its tables equal to something else. */
  readonly database: Database;
  /** The users. */
  readonly users: Users;
  /** Their API keys. */
  readonly keys: ApiKeys;
  /** The sessions of browsers. */
  readonly sessions: Sessions;
  /** The tree of nodes. */
  readonly nodes: Nodes;
  /** Listings of nodes. */
  readonly nodeLists: NodeLists;
  /** With whom nodes are shared. */
  readonly shares: Shares;
  /** The index of objects. */
  readonly objects: Objects;
  /** Listings of objects. */
  readonly objectLists: ObjectLists;
  /** The index of multipart uploads. */
  readonly uploads: Uploads;
  /** The dataflow graph. */
  readonly edges: Edges;
  /** The bytes of objects. */
  readonly files: ObjectFiles;
  /** Changes of what nodes hold. */
  readonly contents: Contents;
  /** Objects that grow. */
  readonly appends: Appends;
  /** Objects that arrive in parts. */
  readonly parts: PartUploads;
  /** How much there is. */
  readonly facts: StoreFacts;
  /** What runs hold, as data. */
  readonly metrics: MetricsIndex;
  /** What was deleted and can be restored. */
  readonly trash: Trash;
  /** Removes what is unused. */
  readonly collector: Collector;
  /** Finds objects that hold the same. */
  readonly duplicates: Duplicates;
  readonly #resources: DisposableStack;

  /**
   * Opens a data folder, making it if it is missing and clearing away what a crash left.
   *
   * @param options The folder and the clock.
   * @throws {DataDirError} If another server has it, or a newer version wrote it.
   */
  constructor(options: StoreOptions) {
    const dataDir = resolve(options.dataDir);
    const now = options.now ?? (() => new Date());
    const { durability = "full" } = options;
    makeDataDir(dataDir, durability);
    using resources = new DisposableStack();
    resources.use(lockDataDir(dataDir));
    const database = resources.use(
      new Database(join(dataDir, DATABASE_FILE), durability),
    );
    migrate(database, dataDir);
    unmarkBackup(dataDir);
    this.database = database;
    this.nodes = new Nodes(database, now);
    this.nodeLists = new NodeLists(database);
    this.shares = new Shares(database);
    this.keys = new ApiKeys(database, now);
    this.users = new Users({
      database,
      nodes: this.nodes,
      keys: this.keys,
      now,
    });
    this.sessions = new Sessions(database, now);
    this.objects = new Objects(database, now);
    this.objectLists = new ObjectLists(database, this.objects);
    this.uploads = new Uploads(database, now);
    this.edges = new Edges(database);
    this.files = options.locate
      ? new FilesInPlace(dataDir, options.locate)
      : new ObjectFiles(dataDir, durability);
    const uses = new FileUses(database);
    this.collector = new Collector({
      dataDir,
      database,
      uses,
      files: this.files,
      graceMs: options.unusedGraceMs ?? UNUSED_GRACE_MS,
    });
    const { objects, files, collector } = this;
    this.duplicates = resources.use(
      new Duplicates({ database, objects, files, collector }),
    );
    const bytes = {
      database,
      objects,
      files,
      uses,
      collector,
      duplicates: this.duplicates,
      hashes: new RunningHashes(),
    };
    this.contents = new Contents({ ...bytes, nodes: this.nodes });
    this.appends = new Appends(bytes);
    this.parts = resources.use(
      new PartUploads({ ...bytes, uploads: this.uploads, now }),
    );
    this.facts = new StoreFacts(database, dataDir);
    this.trash = resources.use(
      new Trash({
        database,
        nodes: this.nodes,
        collector,
        now,
        lifetimeMs: options.trashMs ?? TRASH_LIFETIME_MS,
      }),
    );
    this.#clearAway(new Date(now().getTime() - UPLOAD_LIFETIME_MS));
    this.metrics = resources.use(
      new MetricsIndex({
        ...bytes,
        dataDir,
        nodes: this.nodes,
        isWithin: options.hasOneDatabase,
      }),
    );
    this.#resources = resources.move();
  }

  /** Closes everything. */
  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  #clearAway(expired: Date): void {
    for (const id of this.uploads.begunBefore(expired)) this.uploads.delete(id);
    this.collector.clearAway();
  }
}

/** Makes a data folder, and has it there after power loss, as far as the process may look at the folder it is in. */
function makeDataDir(dataDir: string, durability: Durability): void {
  Deno.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (durability !== "full") return;
  try {
    syncFolderSync(dirname(dataDir));
  } catch (error) {
    const isForbidden = error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.PermissionDenied;
    if (!isForbidden) throw error;
  }
}

function migrate(database: Database, dataDir: string): void {
  const stepsAhead = database.migrate(MIGRATIONS);
  if (stepsAhead === 0) return;
  throw new DataDirError(
    dataDir,
    `a newer version of the server made its database (${stepsAhead} steps ahead), start that version`,
  );
}
