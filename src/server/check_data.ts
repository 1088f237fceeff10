/**
 * Verifies a data folder: its database, and the files against it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join, resolve } from "@std/path";
import { DataDirError } from "./data_dir_error.ts";
import type {
  DataProblem,
  DataProblemKind,
  DataReport,
} from "./data_problem.ts";
import { READ_CHUNK_BYTES, STRAY_AGE_MS } from "./limits.ts";
import { isDamage } from "./store/data_dir_access.ts";
import type { Database } from "./store/database.ts";
import { FileUses } from "./store/file_uses.ts";
import { keepFiles, lockDataDir } from "./store/lock.ts";
import { Nodes } from "./store/nodes.ts";
import { sizeOf } from "./store/object_files.ts";
import { type ObjectRow, Objects } from "./store/objects.ts";
import { openData } from "./store/open_data.ts";
import { SegmentReader, type StoredFile } from "./store/segment_reader.ts";

/** How {@linkcode checkData} checks. */
export interface CheckOptions {
  /** Whether to read the contents of objects and compare their MD5, and of which. Default: no. */
  readonly deep?: boolean | ((segments: readonly StoredFile[]) => boolean);
  /** Is told how many objects and files were looked at. */
  readonly onProgress?: (done: string) => void;
}

/**
 * Verifies a data folder. Nothing is changed, and a server may be running on it: no file goes meanwhile.
 *
 * @param dataDir The data folder.
 * @param options How thoroughly.
 * @returns What was found.
 * @throws {DataDirError} If there is no database that can be read.
 */
export async function checkData(
  dataDir: string,
  options: CheckOptions = {},
): Promise<DataReport> {
  const folder = resolve(dataDir);
  using database = openData(folder);
  const isServed = isInUse(folder);
  using _kept = await keepFiles(folder);
  const check = new DataCheck(folder, { ...options, database, isServed });
  const report = await check.run();
  if (isServed || !isInUse(folder)) return report;
  // A server was started meanwhile: what looks left over may be under way.
  const problems = report.problems.filter(({ kind }) =>
    kind !== "stray" && kind !== "overlong"
  );
  return { ...report, isServed: true, problems };
}

/** What {@linkcode DataCheck} works with. */
export interface DataCheckOptions extends CheckOptions {
  /** The database. */
  readonly database: Database;
  /** Whether a server may be changing things. */
  readonly isServed: boolean;
}

/** How many objects are read from the database at once. */
const OBJECTS_AT_ONCE = 1000;

const FILE_NAME = /^[0-9a-f]{32}$/;

/** One check of a data folder of which no file goes meanwhile. */
export class DataCheck {
  readonly #folder: string;
  readonly #options: DataCheckOptions;
  readonly #uses: FileUses;
  readonly #objects: Objects;
  readonly #nodes: Nodes;
  readonly #problems: DataProblem[] = [];
  #counts = { objects: 0, files: 0, bytes: 0 };

  /**
   * @param folder The data folder.
   * @param options What to work with.
   */
  constructor(folder: string, options: DataCheckOptions) {
    const { database } = options;
    const now = () => new Date();
    this.#folder = folder;
    this.#options = options;
    this.#uses = new FileUses(database);
    this.#objects = new Objects(database, now);
    this.#nodes = new Nodes(database, now);
  }

  /**
   * Looks at everything.
   *
   * @returns What was found.
   */
  async run(): Promise<DataReport> {
    const { isServed } = this.#options;
    try {
      await this.#checkAll();
    } catch (error) {
      if (!isDamage(error)) throw error;
      const detail = `nothing more can be looked at: ${error.message}`;
      this.#add("database", "aistore.db", detail);
    }
    return { ...this.#counts, isServed, problems: this.#problems };
  }

  async #checkAll(): Promise<void> {
    this.#checkDatabase();
    for (const folder of this.#folders()) await this.#checkFolder(folder);
    this.#checkTemporary();
    await this.#checkObjects();
  }

  #checkDatabase(): void {
    const { database } = this.#options;
    const lines = database
      .query<{ integrity_check: string }>("PRAGMA integrity_check").all();
    for (const { integrity_check: line } of lines) {
      if (line !== "ok") this.#add("database", "aistore.db", line);
    }
    const rows = database
      .query<{ table: string; parent: string; count: number }>(
        `SELECT "table", parent, count(*) AS count FROM pragma_foreign_key_check GROUP BY 1, 2`,
      ).all();
    for (const { table, parent, count } of rows) {
      this.#add(
        "reference",
        table,
        `${count} rows refer to rows of ${parent} that are not there`,
      );
    }
  }

  /** The folders that are there, and those that should be. */
  #folders(): Set<string> {
    const used = this.#options.database
      .query<{ name: string }>(
        "SELECT DISTINCT substr(file, 1, 2) AS name FROM file_uses",
      ).all().map(({ name }) => name);
    const found = [...entries(join(this.#folder, "objects"))]
      .map(({ name }) => name);
    return new Set([...used, ...found].sort());
  }

  async #checkFolder(name: string): Promise<void> {
    const path = join(this.#folder, "objects", name);
    // The files first: what is new by the time the rows are read does not look as if nothing referred to it.
    const found = new Map<string, Deno.FileInfo>();
    for (const entry of entries(path)) {
      const info = await statIfThere(join(path, entry.name));
      if (info !== undefined) found.set(entry.name, info);
    }
    const used = this.#options.database
      .query<StoredFile>(
        `SELECT file, max(size) AS size FROM file_uses
         WHERE file >= ?1 AND substr(file, 1, 2) = ?1 GROUP BY file`,
      ).all(name);
    for (const row of used) {
      this.#counts.files++;
      this.#counts.bytes += row.size;
      const info = found.get(row.file) ??
        await statIfThere(join(path, row.file));
      this.#checkFile(`objects/${name}/${row.file}`, row, info);
      found.delete(row.file);
    }
    for (const [file, info] of found) {
      this.#checkStray(`objects/${name}/${file}`, file, info);
    }
    this.#options.onProgress?.(`objects/${name}`);
  }

  #checkFile(
    path: string,
    { file, size }: StoredFile,
    info: Deno.FileInfo | undefined,
  ): void {
    const actual = info?.size ?? 0;
    if (info === undefined) {
      this.#add("missing", path, "the file is not there", this.#usersOf(file));
    } else if (actual < size) {
      const detail = `it has ${actual} bytes, ${size} belong to objects`;
      this.#add("short", path, detail, this.#usersOf(file));
    } else if (actual > size && !this.#options.isServed) {
      this.#add("overlong", path, `it has ${actual} bytes, ${size} count`);
    }
  }

  #checkStray(path: string, file: string, info: Deno.FileInfo): void {
    const age = Date.now() - (info.mtime?.getTime() ?? 0);
    if (this.#options.isServed && age < STRAY_AGE_MS) return;
    if (FILE_NAME.test(file) && this.#uses.isWaiting(file)) return;
    this.#add("stray", path, "nothing refers to it");
  }

  #checkTemporary(): void {
    if (this.#options.isServed) return;
    for (const { name } of entries(join(this.#folder, "tmp"))) {
      this.#add("stray", `tmp/${name}`, "its upload was broken off");
    }
  }

  async #checkObjects(): Promise<void> {
    const page = this.#options.database.query<ObjectRow>(
      `SELECT * FROM objects WHERE (node_id, key) > (?, ?)
       ORDER BY node_id, key LIMIT ${OBJECTS_AT_ONCE}`,
    );
    let last = { node_id: "", key: "" };
    for (;;) {
      const objects = page.all(last.node_id, last.key);
      for (const object of objects) await this.#checkObject(object);
      const next = objects.at(-1);
      if (next === undefined) return;
      last = next;
      this.#options.onProgress?.(`${this.#counts.objects} objects`);
    }
  }

  async #checkObject(object: ObjectRow): Promise<void> {
    const { deep = false } = this.#options;
    this.#counts.objects++;
    const segments = this.#objects.segments(object);
    const size = sizeOf(segments);
    const isWanted = typeof deep === "function" ? deep(segments) : deep;
    const md5 = isWanted ? await this.#md5(segments) : object.md5;
    if (size === object.size && md5 === object.md5) return;
    if (!this.#isUnchanged(object)) return;
    const path = this.#pathOf(object);
    if (segments.length === 0 || size !== object.size) {
      const detail = `it has ${object.size} bytes, its files have ${size}`;
      this.#add("length", path, detail, [this.#nameOf(object)]);
    } else if (md5 !== undefined) {
      const detail = `its MD5 is ${md5}, ${object.md5} was sent`;
      this.#add("checksum", path, detail, [this.#nameOf(object)]);
    }
  }

  /** The checksum of what files hold; undefined if they cannot be read, which is found out elsewhere. */
  async #md5(segments: readonly StoredFile[]): Promise<string | undefined> {
    const hash = createHash("md5");
    const buffer = new Uint8Array(READ_CHUNK_BYTES);
    using reader = new SegmentReader({
      segments,
      range: { start: 0, end: sizeOf(segments) },
      pathOf: (file) => join(this.#folder, "objects", file.slice(0, 2), file),
    });
    try {
      for (;;) {
        const count = await reader.read(buffer);
        if (count === null) return hash.digest("hex");
        hash.update(buffer.subarray(0, count));
      }
    } catch (error) {
      if (error instanceof Error) return undefined;
      throw error;
    }
  }

  #isUnchanged(object: ObjectRow): boolean {
    const { node_id: nodeId, key } = object;
    const now = this.#objects.get({ nodeId, key });
    return now?.file === object.file && now.size === object.size;
  }

  /** Whose bytes are in a file. */
  #usersOf(file: string): string[] {
    const { database } = this.#options;
    const objects = database.query<ObjectRow>(
      `SELECT * FROM objects WHERE file IN (SELECT object FROM segments WHERE file = ?)`,
    ).all(file).map((object) => this.#nameOf(object));
    const uploads = database.query<{ node_id: string; key: string }>(
      `SELECT node_id, key FROM uploads JOIN parts ON uploads.id = upload_id WHERE file = ?`,
    ).all(file).map((upload) => `${this.#pathOf(upload)} (being uploaded)`);
    return [...objects.sort(), ...uploads];
  }

  /** What people know an object by. */
  #nameOf(object: Pick<ObjectRow, "node_id" | "key">): string {
    const [, id, rest] = /^trash:([^/]+)(.*)$/.exec(this.#pathOf(object)) ?? [];
    if (id === undefined) return this.#pathOf(object);
    const deleted = this.#options.database
      .query<{ path: string }>("SELECT path FROM trash WHERE id = ?").get(id);
    return `${deleted?.path ?? ""}${rest} (in the trash)`;
  }

  /** The path of an object; of one in the trash, `trash:<id of what was deleted>/…`. */
  #pathOf({ node_id, key }: Pick<ObjectRow, "node_id" | "key">): string {
    const path = `${this.#nodes.pathOf(node_id)}/${key}`;
    return path.replace(/^\/\//, "trash:");
  }

  #add(
    kind: DataProblemKind,
    what: string,
    detail: string,
    objects?: readonly string[],
  ): void {
    this.#problems.push({ kind, what, detail, ...objects && { objects } });
  }
}

function isInUse(dataDir: string): boolean {
  try {
    using _lock = lockDataDir(dataDir);
    return false;
  } catch (error) {
    if (error instanceof DataDirError) return true;
    throw error;
  }
}

function* entries(path: string): Generator<Deno.DirEntry> {
  try {
    yield* Deno.readDirSync(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (!isMissing) throw error;
  }
}

async function statIfThere(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
