import { APPEND } from "../../aistore/protocol.ts";
import type { AIStoreClient } from "../../aistore/client.ts";
import { appendTail } from "./append_tail.ts";
import {
  checksumOf,
  checksumOfBytes,
  isInParts,
  isStoredInParts,
} from "./checksum.ts";
import type { ContentHash } from "./content_hash.ts";
import { type FileStamp, isSettled, stampOf } from "../../local/file_stamp.ts";
import { lineEnd } from "./line_end.ts";
import type { KnownChecksums } from "../../local/known_checksums.ts";
import { isOsError } from "../../local/os_error.ts";
import { readSnapshot, type Snapshot } from "./read_snapshot.ts";
import { staysWithin } from "../../local/scan_directory.ts";
import type { SendPlan } from "../schedule/schedule.ts";
import {
  failedOutcome,
  type SendOutcome,
  UnreadableError,
} from "./send_outcome.ts";
import { dropUnfinished } from "./send_parts.ts";
import { sendWhole } from "./send_whole.ts";
import { SharedFile } from "./shared_file.ts";
import type { StoredObject, StoredObjects } from "./stored_objects.ts";
import type { UnfinishedUploads } from "./unfinished_uploads.ts";

/** What all files of a directory that are sent have in common. */
export interface SendContext {
  /** The directory. */
  readonly dir: string;
  /** What the server holds. */
  readonly stored: StoredObjects;
  /** What is known of the files' checksums. */
  readonly known: KnownChecksums;
  /** What is remembered of large files that were sent in part. */
  readonly unfinished: UnfinishedUploads;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** A file, and where it goes. */
export interface SendOptions extends SendContext {
  /** The path of the node on the server. */
  readonly nodePath: string;
  /** The object's key below the node. */
  readonly key: string;
  /** The file as it was when it was found below the directory. */
  readonly seen: FileStamp;
  /** What is to be sent. */
  readonly plan: SendPlan;
  /** What is known of the file's content from the last time. */
  readonly growth: ContentHash | undefined;
  /** Whether the server can append. Default: as it says itself. */
  readonly canAppend?: boolean;
  /** Is told that something goes out. */
  readonly onSending: () => void;
  /** Is told that a part of an object is not taken. */
  readonly onAppendRefused: () => void;
}

/**
 * Makes the server hold a file as it is now. Never rejects because of the file, the network or the server.
 *
 * @param client The server.
 * @param options The file, and where it goes.
 * @returns What became of it.
 */
export async function sendFile(
  client: AIStoreClient,
  options: SendOptions,
): Promise<SendOutcome> {
  return await new Attempt(client, options).run();
}

/** How often what the server holds is asked for within one attempt. */
const MAX_LOOKS = 3;

class Attempt {
  readonly #client: AIStoreClient;
  readonly #options: SendOptions;
  readonly #path: string;
  #sentBytes = 0;

  constructor(client: AIStoreClient, options: SendOptions) {
    this.#client = client;
    this.#options = options;
    this.#path = `${options.dir}/${options.key}`;
  }

  async run(): Promise<SendOutcome> {
    let stamp = this.#options.seen;
    try {
      const now = await this.#reading(() => stampOf(this.#path));
      if (now === undefined) return { state: "changed", sentBytes: 0 };
      stamp = now;
      const known = await this.#ifKnown(stamp);
      if (known !== undefined) return known;
      using version = await this.#reading(() => readSnapshot(this.#path));
      if (version === undefined || !await this.#isWithin(version.stamp)) {
        return { state: "changed", sentBytes: 0 };
      }
      stamp = version.stamp;
      return await this.#send(version);
    } catch (error) {
      return failedOutcome(error, { stamp, sentBytes: this.#sentBytes });
    }
  }

  /** The outcome if the server holds a version whose checksum is known without reading it. */
  async #ifKnown(stamp: FileStamp): Promise<SendOutcome | undefined> {
    const checksum = this.#options.known.find(this.#options.key, stamp);
    if (checksum === undefined) return undefined;
    const stored = await this.#stored(stamp);
    if (
      stored?.sizeBytes !== stamp.sizeBytes || stored.checksum !== checksum
    ) return undefined;
    await dropUnfinished(this.#client, this.#options);
    return {
      state: "delivered",
      stamp,
      settled: isSettled(stamp, Date.now()),
      stored,
      sentBytes: 0,
      sent: "nothing",
      isProven: true,
    };
  }

  /** What the server holds; it is asked if that is in doubt, and the file is worth it. */
  async #stored(stamp: FileStamp): Promise<StoredObject | undefined> {
    const { stored, nodePath, key } = this.#options;
    if (stored.isWorthAsking(key, stamp.sizeBytes)) {
      await stored.ask(nodePath, key);
    }
    return stored.get(key);
  }

  async #send(version: Snapshot): Promise<SendOutcome> {
    const { key, nodePath, stored: all, plan } = this.#options;
    const { onAppendRefused, canAppend = this.#client.can(APPEND) } =
      this.#options;
    const { sizeBytes } = version.stamp;
    let mayAppend = canAppend && plan.limitBytes === undefined;
    for (let looks = 1;; looks++) {
      const stored = await this.#stored(version.stamp);
      if (stored?.sizeBytes === sizeBytes) {
        const same = await this.#ifSame(version, stored);
        if (same !== undefined) return same;
      }
      const isBeginning = stored !== undefined && stored.sizeBytes > 0 &&
        stored.sizeBytes < sizeBytes;
      if (!mayAppend || !isBeginning) break;
      const result = await this.#append(version, stored);
      if (result.state === "appended") return result.outcome;
      if (result.state === "refused") onAppendRefused();
      if (result.state === "outdated" && looks < MAX_LOOKS) {
        all.doubt(key);
        await all.ask(nodePath, key);
      } else mayAppend = false;
    }
    if (plan.tailOnly) return { state: "rewritten", sentBytes: 0 };
    return await this.#sendWhole(version);
  }

  async #append(
    version: Snapshot,
    stored: StoredObject,
  ): Promise<
    | { readonly state: "appended"; readonly outcome: SendOutcome }
    | { readonly state: "outdated" | "differs" | "refused" }
  > {
    const { key, nodePath, growth, plan, onSending, signal } = this.#options;
    const result = await appendTail(this.#client, {
      version,
      objectPath: `${nodePath}/${key}`,
      stored,
      growth: plan.proof ? undefined : growth,
      onSent: (bytes) => {
        onSending();
        this.#sentBytes += bytes;
      },
      signal,
    });
    if (result.state !== "appended") return result;
    const { stamp, settled } = version;
    await dropUnfinished(this.#client, this.#options);
    if (!await version.isIntact()) {
      const outcome = { state: "changed", sentBytes: this.#sentBytes } as const;
      return { state: "appended", outcome };
    }
    const outcome: SendOutcome = {
      state: "delivered",
      stamp,
      settled,
      stored: { sizeBytes: stamp.sizeBytes, checksum: result.checksum },
      sentBytes: this.#sentBytes,
      sent: "tail",
      isProven: result.isProven,
      growth: result.growth,
    };
    return { state: "appended", outcome };
  }

  /** The outcome if the server holds this very version. */
  async #ifSame(
    version: Snapshot,
    stored: StoredObject,
  ): Promise<SendOutcome | undefined> {
    const { growth, plan } = this.#options;
    const { stamp, settled, file } = version;
    const isKept = file !== undefined && !plan.proof && !isInParts(stored) &&
      growth?.sizeBytes === stamp.sizeBytes &&
      await growth.isStillIn(new SharedFile(file));
    const isSame = isKept
      ? growth.checksum === stored.checksum
      : await this.#isStored(version, stored);
    if (!isSame) return undefined;
    if (!await version.isIntact()) return { state: "changed", sentBytes: 0 };
    await dropUnfinished(this.#client, this.#options);
    return {
      state: "delivered",
      stamp,
      settled,
      stored,
      sentBytes: this.#sentBytes,
      sent: "nothing",
      isProven: !isKept,
      growth: isKept ? growth : undefined,
    };
  }

  /** Whether a version is an object of the same size, by reading all of it. */
  async #isStored(
    { bytes = new Uint8Array(), file: open }: Snapshot,
    stored: StoredObject,
  ): Promise<boolean> {
    const { signal } = this.#options;
    const file = open && new SharedFile(open);
    if (isInParts(stored)) {
      return await isStoredInParts(file ?? bytes, stored, signal);
    }
    const { sizeBytes } = stored;
    const checksum = file === undefined
      ? await checksumOfBytes(bytes)
      : await checksumOf({ file: file.from(0), sizeBytes }, signal);
    return checksum === stored.checksum;
  }

  async #sendWhole(version: Snapshot): Promise<SendOutcome> {
    const { plan, onSending } = this.#options;
    const { stamp, settled } = version;
    const sizeBytes = plan.limitBytes === undefined
      ? stamp.sizeBytes
      : await lineEnd(version, plan.limitBytes);
    onSending();
    const checksum = await sendWhole(this.#client, {
      ...this.#options,
      version,
      sizeBytes,
      onSent: (bytes) => this.#sentBytes += bytes,
    });
    if (!await version.isIntact()) {
      return { state: "changed", sentBytes: this.#sentBytes };
    }
    return {
      state: "delivered",
      stamp: { ...stamp, sizeBytes },
      settled,
      stored: { sizeBytes, checksum },
      sentBytes: this.#sentBytes,
      sent: "whole",
      isProven: sizeBytes === stamp.sizeBytes,
    };
  }

  /** Whether the open file is one that was found below the directory: a link may have taken its place. */
  async #isWithin(stamp: FileStamp): Promise<boolean> {
    const { dir, key, seen } = this.#options;
    return stamp.inode === seen.inode || await staysWithin(dir, key);
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (isOsError(error)) throw new UnreadableError(error);
      throw error;
    }
  }
}
