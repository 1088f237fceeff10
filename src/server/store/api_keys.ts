/**
 * The API keys of users.
 *
 * @module
 */

import { KEY_NAME_PATTERN } from "../names.ts";
import type { Database, Query } from "./database.ts";
import { hashSecret } from "./secret_hash.ts";

/** What is known of an API key; the key itself is not. */
export interface ApiKeyRow {
  /** The key's hash. */
  readonly hash: string;
  /** Whose it is. */
  readonly user: string;
  /** Its name, one of its kind for its user. */
  readonly name: string;
  /** When it was made, RFC 3339. */
  readonly created: string;
  /** When it was last used, RFC 3339, to a minute or so; null for never. */
  readonly last_used: string | null;
  /** From when on it is of no use, RFC 3339; null for never. */
  readonly expires: string | null;
}

/** What a new key is to be. */
export interface NewApiKey {
  /** Its name. Default: `key-1`, or the next number that is free. */
  readonly name?: string | undefined;
  /** From when on it is of no use. Default: never. */
  readonly expires?: Date | undefined;
}

/** How often it is written that a key was used. */
const USE_WRITTEN_EVERY_MS = 60_000;

/** The API keys of a server. A key is known only by its hash. */
export class ApiKeys {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #byHash: Query<ApiKeyRow>;
  readonly #list: Query<ApiKeyRow>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;
  readonly #setUsed: ReturnType<Database["command"]>;
  /** Uses that are not written yet, by hash. */
  readonly #used = new Map<string, Date>();
  /** When the last use that is written happened, by hash. */
  readonly #written = new Map<string, number>();

  /**
   * @param database The database.
   * @param now The clock.
   */
  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
    this.#byHash = database.query("SELECT * FROM api_keys WHERE hash = ?");
    this.#list = database.query(
      "SELECT * FROM api_keys WHERE ?1 IS NULL OR user = ?1 ORDER BY user, created, name",
    );
    this.#insert = database.command(
      "INSERT INTO api_keys (hash, user, name, created, expires) VALUES (?, ?, ?, ?, ?)",
    );
    this.#delete = database.command(
      "DELETE FROM api_keys WHERE user = ? AND name = ?",
    );
    this.#setUsed = database.command(
      "UPDATE api_keys SET last_used = ? WHERE hash = ?",
    );
  }

  /**
   * Finds a key. It is asked for with every request, so that a key that another process revoked is refused at once.
   *
   * @param hash The key's hash.
   * @returns The key, which may have expired, or undefined.
   */
  byHash(hash: string): ApiKeyRow | undefined {
    return this.#byHash.get(hash);
  }

  /**
   * Lists keys, the oldest first.
   *
   * @param user Only this user's. Default: everybody's.
   * @returns The keys.
   */
  list(user?: string): ApiKeyRow[] {
    return this.#list.all(user ?? null);
  }

  /**
   * Whether a key is of no use any more.
   *
   * @param key The key.
   * @returns Whether its time is over.
   */
  hasExpired({ expires }: Pick<ApiKeyRow, "expires">): boolean {
    return expires !== null && expires <= this.#now().toISOString();
  }

  /**
   * Makes a key; part of a transaction of the caller's.
   *
   * @param user Whose it is to be.
   * @param wanted Name and expiry.
   * @returns The key, which cannot be had again, and its name.
   * @throws {RangeError} If no key can be called so, or another one of the user's is.
   */
  add(
    user: string,
    wanted: NewApiKey = {},
  ): { readonly apiKey: string; readonly name: string } {
    const taken = new Set(this.list(user).map((key) => key.name));
    const name = wanted.name ?? freeName(taken);
    if (!KEY_NAME_PATTERN.test(name)) {
      throw new RangeError(
        `Cannot make key "${name}": a name may hold letters, digits, ".", "_" and "-", ` +
          `must start with a letter or digit, and be at most 63 long`,
      );
    }
    if (taken.has(name)) {
      throw new RangeError(
        `Cannot make key "${name}": user "${user}" has one already, revoke it or choose another name`,
      );
    }
    const apiKey = crypto.randomUUID();
    this.#insert(
      hashSecret(apiKey),
      user,
      name,
      this.#now().toISOString(),
      wanted.expires?.toISOString() ?? null,
    );
    return { apiKey, name };
  }

  /**
   * Revokes a key, and ends the sessions that were begun with it.
   *
   * @param user Whose it is.
   * @param name Its name.
   * @returns Whether there was one.
   */
  revoke(user: string, name: string): boolean {
    return this.#delete(user, name) > 0;
  }

  /**
   * Remembers that a key is used; {@linkcode writeUses} writes it.
   *
   * @param hash The key's hash.
   */
  noteUse(hash: string): void {
    this.#used.set(hash, this.#now());
  }

  /**
   * Writes the last use of each key, at most once a minute for a key.
   *
   * @param options Whether to write all that is known, however new.
   */
  writeUses(options: { readonly all?: boolean } = {}): void {
    const due = [...this.#used].filter(([hash, time]) =>
      options.all ||
      time.getTime() - (this.#written.get(hash) ?? -Infinity) >=
        USE_WRITTEN_EVERY_MS
    );
    if (due.length === 0) return;
    this.#database.transaction(() => {
      for (const [hash, time] of due) this.#setUsed(time.toISOString(), hash);
    });
    for (const [hash, time] of due) {
      this.#used.delete(hash);
      this.#written.set(hash, time.getTime());
    }
  }
}

function freeName(taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`key-${number}`)) number++;
  return `key-${number}`;
}
