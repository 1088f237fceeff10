import { join } from "@std/path";
import { stateDir } from "../local/layout.ts";
import { prepareChange } from "../local/prepare_change.ts";
import { type Copy, copyObjects } from "./copy_objects.ts";
import { checkObjectPath, objectPath } from "./object_path.ts";
import { directoriesOf, ReferencesFile } from "./references_file.ts";
import { sourceFile, sourceTree } from "./source_tree.ts";
import { type ArtifactObject, storedFiles } from "./stored_objects.ts";

const LOCK_FILE = "objects.lock";

/** What the directories on the way to an object are, so that each is looked at once. */
type Passed = Map<string, "directory" | "nothing">;

/**
 * What an artifact's directory holds, and the only way for something to get there: one call after the other, those of
 * other processes included; each is checked as a whole before it changes anything.
 */
export class Contents {
  readonly #dir: string;
  readonly #references: ReferencesFile;
  #last: Promise<unknown> = Promise.resolve();

  /** @param dir The artifact's directory. */
  constructor(dir: string) {
    this.#dir = dir;
    this.#references = new ReferencesFile(dir);
  }

  /**
   * Lists the files, then the references.
   *
   * @returns Files sorted by path, references in the order in which they were added.
   */
  list(): ArtifactObject[] {
    const references = [...this.#references.read()];
    return [
      ...storedFiles(this.#dir),
      ...references.map(([path, uri]) => ({ path, uri })),
    ];
  }

  /** Copies a file. */
  addFile(path: string, wanted?: string): Promise<void> {
    return this.#inTurn(async () => {
      const file = await sourceFile(path);
      const target = objectPath({ wanted, name: file.key, source: path });
      await this.#copyAll(path, [{ ...file, objectPath: target }]);
    });
  }

  /** Copies a directory. */
  addDir(path: string, name: string, wanted?: string): Promise<void> {
    return this.#inTurn(async () => {
      const top = objectPath({ wanted, name, source: path });
      const files = await sourceTree(path, this.#dir);
      const copies = files.map((file) => ({
        ...file,
        objectPath: checkObjectPath(`${top}/${file.key}`),
      }));
      await this.#copyAll(path, copies);
    });
  }

  /** Notes a reference. */
  addReference(uri: string, wanted?: string): Promise<void> {
    return this.#inTurn(async () => {
      const name = uri.slice(uri.lastIndexOf("/") + 1);
      const path = objectPath({ wanted, name, source: uri });
      await this.#requireFree(path, { kind: "reference", passed: new Map() });
      this.#references.set(path, uri);
    });
  }

  /** Waits until all that was asked for has been done, or has failed. */
  async settled(): Promise<void> {
    await this.#last.catch(() => {});
  }

  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = this.settled().then(() => this.#locked(change));
    this.#last = turn;
    return turn;
  }

  async #locked(change: () => Promise<void>): Promise<void> {
    const state = prepareChange(this.#dir);
    // Closing the file ends the lock, and so does the end of the process.
    using lock = await Deno.open(join(state, LOCK_FILE), {
      write: true,
      create: true,
    });
    await lock.lock(true);
    this.#references.read();
    await change();
  }

  async #copyAll(source: string, copies: readonly Copy[]): Promise<void> {
    const passed: Passed = new Map();
    for (const { objectPath } of copies) {
      await this.#requireFree(objectPath, { kind: "file", passed });
    }
    await copyObjects(source, {
      copies,
      dir: this.#dir,
      temporaryDir: stateDir(this.#dir),
    });
  }

  /** Makes sure that an object can get a path. */
  async #requireFree(
    path: string,
    { kind, passed }: {
      readonly kind: "file" | "reference";
      readonly passed: Passed;
    },
  ): Promise<void> {
    let parent: "directory" | "nothing" = "directory";
    for (const directory of directoriesOf(path)) {
      const known = passed.get(directory);
      const there = known ?? await this.#kindOf(directory);
      if (there === "file" || there === "reference") {
        throw collision(path, `"${directory}" is a ${there}`);
      }
      passed.set(directory, there);
      parent = there;
    }
    if (parent === "nothing") return;
    const there = await this.#kindOf(path);
    if (there !== "nothing" && there !== kind) {
      throw collision(path, `that is a ${there}`);
    }
  }

  async #kindOf(
    path: string,
  ): Promise<"file" | "reference" | "directory" | "nothing"> {
    const reference = this.#references.kindOf(path);
    if (reference !== undefined) return reference;
    try {
      const { isDirectory } = await Deno.lstat(join(this.#dir, path));
      return isDirectory ? "directory" : "file";
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "nothing";
      throw error;
    }
  }
}

function collision(path: string, reason: string): RangeError {
  return new RangeError(
    `Cannot add object "${path}": ${reason} of the artifact already; choose another object path`,
  );
}
