/**
 * Where directories stand in the tree that is shown.
 *
 * @module
 */

import { basename, dirname, join } from "@std/path";
import { stableId } from "./stable_id.ts";

/** A place in the tree. */
export interface Place {
  /** The folder's id. */
  readonly parent: string;
  /** The name in it. */
  readonly name: string;
}

/** A folder of the tree. */
export interface PlacedFolder {
  /** Its id. */
  readonly id: string;
  /** Its name in the root. */
  readonly name: string;
}

/** The directory whose runs are in the root folder itself: they are what people look for. */
const RUNS_DIR = "runs";

/** Gives directories their places: in the root folder, or in one that is called like the directory above. */
export class Placement {
  /** The id of the root folder. */
  readonly rootId: string;
  readonly #root: string;
  readonly #taken = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** @param root The directory that is shown, an absolute path. */
  constructor(root: string) {
    this.#root = root;
    this.rootId = stableId(`${root}/`);
  }

  /**
   * Finds the node of a path.
   *
   * @param path The path of a node or of something in it, the user first.
   * @returns The node's id, or undefined.
   */
  find(path: string): string | undefined {
    const [, , first = "", second = ""] = path.split("/");
    return this.#taken.get(`${this.rootId}/${first}`) ??
      this.#taken.get(`${this.#folderId(first)}/${second}`);
  }

  /**
   * The folder that is for a directory.
   *
   * @param dir The directory of a run or an artifact.
   * @returns The folder; undefined for the root.
   */
  folderOf(dir: string): PlacedFolder | undefined {
    const above = dirname(dir);
    const isAtTop = dir === this.#root || above === this.#root ||
      above === join(this.#root, RUNS_DIR);
    const name = basename(above);
    return isAtTop ? undefined : { id: this.#folderId(name), name };
  }

  /**
   * Takes a place.
   *
   * @param dir The directory.
   * @param id The id of its node.
   * @returns The place, and whether nothing is in its folder yet.
   */
  take(dir: string, id: string): Place & { readonly isFirst: boolean } {
    const parent = this.folderOf(dir)?.id ?? this.rootId;
    const plain = basename(dir);
    const name = this.#taken.has(`${parent}/${plain}`)
      ? `${basename(dirname(dir))}:${plain}`
      : plain;
    this.#taken.set(`${parent}/${name}`, id);
    const count = this.#counts.get(parent) ?? 0;
    this.#counts.set(parent, count + 1);
    return { parent, name, isFirst: count === 0 };
  }

  /**
   * Gives a place free.
   *
   * @param place The place.
   * @returns Whether nothing is left in its folder.
   */
  release({ parent, name }: Place): boolean {
    this.#taken.delete(`${parent}/${name}`);
    const left = (this.#counts.get(parent) ?? 1) - 1;
    this.#counts.set(parent, left);
    return left === 0;
  }

  #folderId(name: string): string {
    return stableId(`${join(this.#root, name)}/`);
  }
}
