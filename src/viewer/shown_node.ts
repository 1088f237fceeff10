/**
 * The directory of a run or an artifact as a node.
 *
 * @module
 */

import { basename, join, SEPARATOR } from "@std/path";
import { asKilled } from "../format/killed_run.ts";
import { encodeRunMetadata } from "../format/metadata.ts";
import {
  type FileStamp,
  isSettled,
  stampOf,
  toStamp,
} from "../local/file_stamp.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";
import { DEFAULT_CONTENT_TYPE } from "../server/store/contents.ts";
import type { ObjectRow } from "../server/store/objects.ts";
import { scanDirectory } from "../local/scan_directory.ts";
import { type NodeFacts, readFacts } from "./read_facts.ts";
import { type NodeState, ownerOf, stateOfRunning } from "./run_state.ts";

/** Where a {@linkcode ShownNode} looks, and what it needs for that. */
export interface ShownNodeOptions {
  /** The node's id. */
  readonly id: string;
  /** The directory, an absolute path without symbolic links. */
  readonly dir: string;
  /** A directory for what is not shown as it is on disk. */
  readonly tempDir: string;
  /** This machine's name, or null if it may not be known. */
  readonly hostname: string | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Is told what cannot be looked at, and why. */
  readonly onUnreadable: (path: string, reason: string) => void;
}

/** What a look has found. */
export interface NodeLook {
  /** What the metadata say. */
  readonly facts: NodeFacts;
  /** When they were written, in milliseconds since 1970. */
  readonly modifiedMs: number;
  /** The objects. */
  readonly objects: readonly ObjectRow[];
}

/** The longest metadata that are read. */
const MAX_METADATA_BYTES = 8 * 1024 * 1024;

/** How much longer than a look the pause after it is: looking takes a twentieth of the time at most. */
const PAUSE_FACTOR = 19;

/** Marks a file that is shown otherwise than it is on disk. */
const REPLACED = "-";

/** The directory of a run or an artifact. Nothing in it is ever changed. */
export class ShownNode {
  /** The node's id. */
  readonly id: string;
  /** The directory. */
  readonly dir: string;
  readonly #options: ShownNodeOptions;
  #state: NodeState = "done";
  #lookedAtMs = -Infinity;
  #tookMs = 0;
  #isSettled = false;
  #glance = "";
  #replacement: string | undefined;
  #metadata: { readonly print: string; readonly facts: NodeFacts } | undefined;

  /** @param options Where to look. */
  constructor(options: ShownNodeOptions) {
    this.#options = options;
    this.id = options.id;
    this.dir = options.dir;
  }

  /** How it changes, as it was seen last. */
  get state(): NodeState {
    return this.#state;
  }

  /** Whether it was ever looked at. */
  get isSeen(): boolean {
    return this.#lookedAtMs > -Infinity;
  }

  /**
   * Whether it is time for another look. One that holds very many files is looked at less often.
   *
   * @param afterMs How long after the last look that is at least, in milliseconds.
   * @returns Whether it is so.
   */
  isDue(afterMs: number): boolean {
    const pauseMs = Math.max(afterMs, PAUSE_FACTOR * this.#tookMs);
    return this.#options.now() - this.#lookedAtMs >= pauseMs;
  }

  /** Whether something may change, or has just changed, so that it is worth a look soon. */
  get isBusy(): boolean {
    return this.#state === "live" || !this.#isSettled;
  }

  /**
   * Takes a short look, at once: only at the metadata.
   *
   * @returns What was found; null if there is no node.
   */
  first(): NodeLook | null {
    try {
      const path = this.pathOf("", METADATA_FILE);
      const info = Deno.statSync(path);
      if (!info.isFile) return null;
      const stamp = toStamp(info);
      const isReadable = info.size <= MAX_METADATA_BYTES;
      const text = isReadable ? Deno.readTextFileSync(path) : "";
      const facts = readFacts(text, this.dir);
      // Of one that says that it is running, it takes a longer look to know whether that is so.
      const isOver = facts.run?.status !== "Running";
      const objects = isOver ? [this.#toObject(METADATA_FILE, stamp)] : [];
      this.#state = isOver ? "done" : "live";
      return { facts, modifiedMs: stamp.mtimeMs, objects };
    } catch (error) {
      if (isOsError(error)) return null;
      throw error;
    }
  }

  /**
   * Looks at everything.
   *
   * @returns What was found; null if there is no node any more.
   */
  async look(): Promise<NodeLook | null> {
    const { dir } = this;
    const { now, onUnreadable } = this.#options;
    const begun = performance.now();
    this.#glance = this.#glimpse();
    const owner = ownerOf(dir);
    const files = await scanDirectory(dir, (key, reason) => {
      onUnreadable(join(dir, key), reason);
    });
    const metadata = await this.#readMetadata();
    if (metadata === undefined) return null;
    const { stamp, facts } = metadata;
    files.set(METADATA_FILE, stamp);
    const lastMs = lastWritten(files);
    const nowMs = now();
    this.#state = facts.run?.status === "Running"
      ? stateOfRunning({ ...this.#options, owner, lastMs, nowMs })
      : "done";
    this.#isSettled = true;
    const objects = files.entries().map(([key, stamp]) => {
      if (!isSettled(stamp, nowMs)) this.#isSettled = false;
      return this.#toObject(key, stamp);
    }).toArray();
    this.#lookedAtMs = now();
    this.#tookMs = performance.now() - begun;
    // Of thousands that are over it would only take room.
    if (this.#state === "done") this.#metadata = undefined;
    if (this.#state !== "killed" || facts.run === undefined) {
      return { facts, modifiedMs: stamp.mtimeMs, objects };
    }
    const killed = asKilled(facts.run, {
      alternativeName: basename(dir),
      lastMs,
    });
    const text = encodeRunMetadata(killed);
    return {
      facts,
      modifiedMs: stamp.mtimeMs,
      objects: objects.map((object) =>
        object.key === METADATA_FILE
          ? { ...this.#replaced(object, text), md5: `${object.md5}-${lastMs}` }
          : object
      ),
    };
  }

  /**
   * Whether it has changed since the last look, as far as that costs nearly nothing to know.
   *
   * @returns Whether it needs a look.
   */
  hasChanged(): boolean {
    if (this.#state === "quiet" || this.#glimpse() !== this.#glance) {
      return true;
    }
    return this.#state === "killed" && ownerOf(this.dir)?.alive === true;
  }

  /**
   * Where a file of an object is.
   *
   * @param mark Marks how it is shown.
   * @param key The object's key.
   * @returns The path; one at which nothing is, if the file is not within the directory.
   */
  pathOf(mark: string, key: string): string {
    if (mark === REPLACED) return this.#replacedPath;
    const path = join(this.dir, key);
    try {
      // What was a file when it was looked at may have become a link to anywhere.
      const real = Deno.realPathSync(path);
      if (real.startsWith(this.dir + SEPARATOR)) return real;
    } catch (error) {
      if (!isOsError(error)) throw error;
    }
    return join(this.#options.tempDir, "nothing");
  }

  get #replacedPath(): string {
    return join(this.#options.tempDir, `${this.id}.yaml`);
  }

  async #readMetadata(): Promise<
    { readonly stamp: FileStamp; readonly facts: NodeFacts } | undefined
  > {
    const path = join(this.dir, METADATA_FILE);
    try {
      const real = this.pathOf("", METADATA_FILE);
      const stamp = await stampOf(real);
      if (stamp === undefined) return undefined;
      const print = printOf(stamp);
      if (this.#metadata?.print !== print) {
        const text = stamp.sizeBytes > MAX_METADATA_BYTES
          ? ""
          : await Deno.readTextFile(real);
        this.#metadata = { print, facts: readFacts(text, this.dir) };
      }
      return { stamp, facts: this.#metadata.facts };
    } catch (error) {
      if (!isOsError(error)) throw error;
      if (!(error instanceof Deno.errors.NotFound)) {
        this.#options.onUnreadable(path, error.message);
      }
      return undefined;
    }
  }

  #toObject(key: string, stamp: FileStamp): ObjectRow {
    // Within one step of the file system's clock a further change would leave the same stamp.
    const isSure = isSettled(stamp, this.#options.now());
    return {
      node_id: this.id,
      key,
      file: `${this.id}/${stamp.inode.toString(36)}/${key}`,
      size: stamp.sizeBytes,
      md5: printOf(stamp) + (isSure ? "" : "-new"),
      content_type: DEFAULT_CONTENT_TYPE,
      mtime: Math.floor(stamp.mtimeMs / 1000),
    };
  }

  /** An object with another content, which is kept beside the directory. */
  #replaced(object: ObjectRow, text: string): ObjectRow {
    if (text !== this.#replacement) {
      Deno.writeTextFileSync(this.#replacedPath, text);
      this.#replacement = text;
    }
    const size = new TextEncoder().encode(text).length;
    const file = `${this.id}/${REPLACED}/${object.key}`;
    return { ...object, file, size };
  }

  #glimpse(): string {
    const of = (path: string): string => {
      try {
        return printOf(toStamp(Deno.lstatSync(path)));
      } catch (error) {
        if (isOsError(error)) return "";
        throw error;
      }
    };
    return `${of(this.dir)} ${of(join(this.dir, METADATA_FILE))}`;
  }
}

/** What tells versions of a file apart without reading it. It stands where a server has the MD5 of the content. */
function printOf({ sizeBytes, mtimeMs, inode }: FileStamp): string {
  return [sizeBytes, Math.round(1000 * mtimeMs), inode]
    .map((number) => number.toString(36)).join("-");
}

/** When the run last wrote something; its metadata may have been written by others since. */
function lastWritten(files: ReadonlyMap<string, FileStamp>): number {
  let lastMs = 0;
  for (const [key, { mtimeMs }] of files) {
    if (key !== METADATA_FILE) lastMs = Math.max(lastMs, mtimeMs);
  }
  return lastMs;
}
