/**
 * The sessions of browsers.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { MAX_SESSIONS_PER_KEY, SESSION_LIFETIME_MS } from "../limits.ts";
import type { ApiKeyRow } from "./api_keys.ts";
import type { Database, Query } from "./database.ts";
import { hashSecret } from "./secret_hash.ts";

/** A session that is good. */
export interface SessionRow {
  /** Whose it is. */
  readonly user: string;
  /** The hash of the key that it was begun with. */
  readonly key: string;
  /** When it ends, RFC 3339. */
  readonly expires: string;
}

/**
 * The sessions of a server, known only by their hashes. A session belongs to the API key that it was begun with: it
 * ends when that is revoked or expires.
 */
export class Sessions {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #find: Query<SessionRow>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #end: ReturnType<Database["command"]>;
  readonly #anyExpired: Query<unknown>;
  readonly #endExpired: ReturnType<Database["command"]>;
  readonly #endSurplus: ReturnType<Database["command"]>;

  /**
   * @param database The database.
   * @param now The clock.
   */
  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
    this.#find = database.query(
      `SELECT user, key, sessions.expires FROM sessions JOIN api_keys ON api_keys.hash = key
       WHERE sessions.hash = ?1 AND sessions.expires > ?2`,
    );
    this.#insert = database.command(
      "INSERT INTO sessions (hash, key, created, expires) VALUES (?, ?, ?, ?)",
    );
    this.#end = database.command("DELETE FROM sessions WHERE hash = ?");
    this.#anyExpired = database.query(
      "SELECT 1 FROM sessions WHERE expires <= ? LIMIT 1",
    );
    this.#endExpired = database.command(
      "DELETE FROM sessions WHERE expires <= ?",
    );
    this.#endSurplus = database.command(
      `DELETE FROM sessions WHERE hash IN (
         SELECT hash FROM sessions WHERE key = ? ORDER BY created DESC, hash LIMIT -1 OFFSET ?
       )`,
    );
  }

  /**
   * Begins a session. Of the sessions of one key the oldest end when there are too many.
   *
   * @param key The key of the user who signs in.
   * @returns The secret that the browser keeps, and when the session ends.
   */
  begin(key: ApiKeyRow): { readonly secret: string; readonly expires: string } {
    const secret = randomBytes(32).toString("base64url");
    const now = this.#now();
    const latest = new Date(now.getTime() + SESSION_LIFETIME_MS).toISOString();
    const expires = key.expires !== null && key.expires < latest
      ? key.expires
      : latest;
    this.#database.transaction(() => {
      this.#insert(hashSecret(secret), key.hash, now.toISOString(), expires);
      this.#endSurplus(key.hash, MAX_SESSIONS_PER_KEY);
    });
    return { secret, expires };
  }

  /**
   * Finds a session.
   *
   * @param secret What the browser sent.
   * @returns The session, or undefined if there is none, or its time is over.
   */
  find(secret: string): SessionRow | undefined {
    return this.#find.get(hashSecret(secret), this.#now().toISOString());
  }

  /**
   * Ends a session.
   *
   * @param secret What the browser sent.
   */
  end(secret: string): void {
    this.#end(hashSecret(secret));
  }

  /** Clears away the sessions whose time is over. */
  endExpired(): void {
    const now = this.#now().toISOString();
    // Looking takes no lock.
    if (this.#anyExpired.get(now) !== undefined) this.#endExpired(now);
  }
}
