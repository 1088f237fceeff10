import type { AIStoreClient } from "../../aistore/client.ts";
import { plainChecksum } from "../../aistore/part_checksums.ts";

/** What the server holds under a key. */
export interface StoredObject {
  /** The size in bytes. */
  readonly sizeBytes: number;
  /** What the server names as the checksum: mostly the MD5 of the content, lower-case hex; of an object that came in parts maybe that of these. */
  readonly checksum: string;
}

/** To send a smaller file again costs less than a listing. */
const ASKED_BYTES = 16 * 1024;

/**
 * What the server holds of a node, as far as is known: what it listed last, and what was sent since. It is not asked for
 * every file: who has reason to doubt asks for a listing, and shares it with all others that doubt.
 */
export class StoredObjects {
  readonly #client: Pick<AIStoreClient, "listObjects">;
  #objects = new Map<string, StoredObject>();
  /** The doubts are counted; each key's last one. */
  readonly #doubts = new Map<string, number>();
  #count = 0;
  #doubtOfAll = 0;
  /** How many doubts the last listing has cleared up. */
  #cleared = 0;
  #listing: Promise<void> | undefined;
  /** Keys of which something became known while a listing was under way. */
  readonly #known = new Set<string>();

  /** @param client The server. */
  constructor(client: Pick<AIStoreClient, "listObjects">) {
    this.#client = client;
  }

  /**
   * Tells what the server holds under a key.
   *
   * @param key The key.
   * @returns The object, or undefined if there is none, or it is in doubt.
   */
  get(key: string): StoredObject | undefined {
    return this.isDoubtful(key) ? undefined : this.#objects.get(key);
  }

  /**
   * Tells how long what the server holds under a key was when that was known last. What is in doubt is asked for when
   * something is to be sent, so a decision to send must not wait for it to be cleared up.
   *
   * @param key The key.
   * @returns The size in bytes, or undefined if there was nothing.
   */
  lastSizeBytes(key: string): number | undefined {
    return this.#objects.get(key)?.sizeBytes;
  }

  /**
   * Takes note of what the server holds under a key.
   *
   * @param key The key.
   * @param object The object.
   */
  set(key: string, object: StoredObject): void {
    this.#objects.set(key, object);
    this.#doubts.delete(key);
    this.#known.add(key);
  }

  /**
   * Takes note that the server may hold something else than is known.
   *
   * @param key The key.
   */
  doubt(key: string): void {
    this.#doubts.set(key, ++this.#count);
    this.#known.delete(key);
  }

  /** Takes note that somebody else may have sent something. */
  doubtAll(): void {
    this.#doubtOfAll = ++this.#count;
  }

  /**
   * Tells whether the server may hold something else than is known.
   *
   * @param key The key.
   * @returns Whether it may.
   */
  isDoubtful(key: string): boolean {
    return this.#lastDoubt(key) > this.#cleared;
  }

  /**
   * Tells whether to ask the server what it holds before a file is sent: if it is in doubt, and the listing may save
   * more than it costs.
   *
   * @param key The key.
   * @param sizeBytes The file's size.
   * @returns Whether to ask.
   */
  isWorthAsking(key: string, sizeBytes: number): boolean {
    return this.isDoubtful(key) &&
      (sizeBytes > ASKED_BYTES || this.#doubtOfAll > this.#cleared);
  }

  /**
   * Asks the server what it holds, if there is doubt.
   *
   * @param nodePath The node's path.
   * @param key The key that matters. Default: all.
   */
  async ask(nodePath: string, key?: string): Promise<void> {
    const doubt = key === undefined ? this.#count : this.#lastDoubt(key);
    while (doubt > this.#cleared) {
      this.#listing ??= this.#list(nodePath).finally(() =>
        this.#listing = undefined
      );
      await this.#listing;
    }
  }

  /**
   * Asks the server what it holds, although there is no doubt: a request that was given up may have been carried out
   * late.
   *
   * @param nodePath The node's path.
   * @returns The keys under which it holds something else than was known.
   */
  async audit(nodePath: string): Promise<readonly string[]> {
    const before = new Map(this.#objects);
    this.doubtAll();
    await this.ask(nodePath);
    return [...before].filter(([key, { sizeBytes, checksum }]) => {
      const now = this.#objects.get(key);
      // Not every storage is known to name checksums.
      return now?.sizeBytes !== sizeBytes ||
        (now.checksum !== "" && now.checksum !== checksum);
    }).map(([key]) => key);
  }

  #lastDoubt(key: string): number {
    return Math.max(this.#doubtOfAll, this.#doubts.get(key) ?? 0);
  }

  async #list(nodePath: string): Promise<void> {
    const clears = this.#count;
    const found = new Map<string, StoredObject>();
    this.#known.clear();
    for await (const object of this.#client.listObjects(nodePath)) {
      const { path, size_bytes: sizeBytes } = object;
      const checksum = plainChecksum(object.checksum);
      found.set(path.replace(/^\/+/, ""), { sizeBytes, checksum });
    }
    for (const key of this.#known) {
      const object = this.#objects.get(key);
      if (object !== undefined) found.set(key, object);
    }
    this.#objects = found;
    this.#cleared = clears;
    for (const [key, doubt] of this.#doubts) {
      if (doubt <= clears) this.#doubts.delete(key);
    }
  }
}
