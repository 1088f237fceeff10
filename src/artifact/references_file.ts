import { join } from "@std/path";
import { decodeReferences, encodeReferences } from "../format/references.ts";
import { Document } from "../local/document.ts";
import { REFERENCES_FILE, stateDir } from "../local/layout.ts";

/** An artifact's references, as they are on disk. */
export class ReferencesFile {
  readonly #document: Document;
  #text = "";
  #references: ReadonlyMap<string, string> = new Map();
  #directories: ReadonlySet<string> = new Set();

  /** @param dir The artifact's directory. */
  constructor(dir: string) {
    this.#document = new Document(join(dir, REFERENCES_FILE), stateDir(dir));
  }

  /**
   * Reads the references.
   *
   * @returns The URIs by object path, in the order in which they were added.
   * @throws {DamagedFileError} If the document cannot be read.
   */
  read(): ReadonlyMap<string, string> {
    const text = this.#readText();
    if (text !== this.#text) {
      this.#references = decodeReferences(text, this.#document.path);
      this.#directories = new Set(
        [...this.#references.keys()].flatMap(directoriesOf),
      );
      this.#text = text;
    }
    return this.#references;
  }

  /**
   * Tells what a path is among the references, as they were read last.
   *
   * @param path An object path.
   * @returns What it is; `directory` if references lie below it.
   */
  kindOf(path: string): "reference" | "directory" | undefined {
    if (this.#references.has(path)) return "reference";
    return this.#directories.has(path) ? "directory" : undefined;
  }

  /**
   * Adds a reference, or gives one another URI.
   *
   * @param path The object path.
   * @param uri The URI.
   */
  set(path: string, uri: string): void {
    this.#document.write(
      encodeReferences(new Map(this.read()).set(path, uri)),
    );
  }

  #readText(): string {
    try {
      return this.#document.read();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }
}

/**
 * The directories that a path leads through.
 *
 * @param path An object path, such as `a/b/c`.
 * @returns Such as `a`, `a/b`.
 */
export function directoriesOf(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}
