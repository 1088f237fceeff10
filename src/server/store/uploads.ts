/**
 * The index of multipart uploads that are under way. They survive a restart.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";
import type { ObjectAddress } from "./objects.ts";
import type { StoredFile } from "./segment_reader.ts";

/** A part of an object that was received. */
export interface PartRow extends StoredFile {
  /** Its number, from 1. */
  readonly number: number;
  /** What its content was named to the client. */
  readonly etag: string;
}

/** The multipart uploads of all nodes. */
export class Uploads {
  readonly #now: () => Date;
  readonly #get: Query<ObjectAddress>;
  readonly #before: Query<{ id: string }>;
  readonly #parts: Query<PartRow>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #put: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /**
   * @param database The database.
   * @param now The clock.
   */
  constructor(database: Database, now: () => Date) {
    this.#now = now;
    this.#get = database.query(
      "SELECT node_id AS nodeId, key FROM uploads WHERE id = ?",
    );
    this.#before = database.query("SELECT id FROM uploads WHERE created < ?");
    this.#parts = database.query(
      "SELECT number, file, size, etag FROM parts WHERE upload_id = ? ORDER BY number",
    );
    this.#insert = database.command("INSERT INTO uploads VALUES (?, ?, ?, ?)");
    this.#put = database.command(
      `INSERT INTO parts VALUES (?, ?, ?, ?, ?) ON CONFLICT (upload_id, number)
       DO UPDATE SET file = excluded.file, size = excluded.size, etag = excluded.etag`,
    );
    this.#delete = database.command("DELETE FROM uploads WHERE id = ?");
  }

  /**
   * Begins an upload.
   *
   * @param address Where the object is to be.
   * @returns The upload's id.
   */
  begin(address: ObjectAddress): string {
    const id = crypto.randomUUID();
    const created = this.#now().toISOString();
    this.#insert(id, address.nodeId, address.key, created);
    return id;
  }

  /**
   * Finds an upload.
   *
   * @param id Its id.
   * @returns Where its object is to be, or undefined.
   */
  get(id: string): ObjectAddress | undefined {
    return this.#get.get(id);
  }

  /**
   * The uploads that began before a time.
   *
   * @param time The time.
   * @returns Their ids.
   */
  begunBefore(time: Date): string[] {
    return this.#before.all(time.toISOString()).map((row) => row.id);
  }

  /**
   * The parts that were received, by number.
   *
   * @param id The upload's id.
   * @returns The parts.
   */
  parts(id: string): PartRow[] {
    return this.#parts.all(id);
  }

  /**
   * Stores a part, in place of the one with its number.
   *
   * @param id The upload's id.
   * @param part The part.
   */
  putPart(id: string, part: PartRow): void {
    this.#put(id, part.number, part.file, part.size, part.etag);
  }

  /**
   * Forgets an upload and its parts.
   *
   * @param id The upload's id.
   */
  delete(id: string): void {
    this.#delete(id);
  }
}
