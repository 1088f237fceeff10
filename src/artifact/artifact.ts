import { basename, resolve } from "@std/path";
import { theNotebook } from "../display/notebook.ts";
import type { MimeBundle } from "../display/types.ts";
import {
  type ArtifactMetadata,
  decodeArtifactMetadata,
  encodeArtifactMetadata,
} from "../format/artifact_metadata.ts";
import { requireString } from "../format/option_checks.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import type { Document } from "../local/document.ts";
import { prepareChange } from "../local/prepare_change.ts";
import type { Reporter } from "../reporter.ts";
import { safeText } from "../safe_text.ts";
import type { UploadReport } from "../upload/types.ts";
import { uploadArtifactDirectory } from "../upload/upload_artifact.ts";
import type { UploadOptions } from "../upload/placing/upload_options.ts";
import { checkWait } from "../upload/wait_options.ts";
import { Checksums } from "./checksums.ts";
import { Contents } from "./contents.ts";
import type { ArtifactObject } from "./stored_objects.ts";

/** Options of {@linkcode Artifact.upload}. */
export interface ArtifactUploadOptions extends UploadOptions {
  /** How long the upload may take, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number;
  /** Ends the upload when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
}

/** The parts that an artifact is made of. */
interface ArtifactParts {
  readonly dir: string;
  readonly metadata: ArtifactMetadata;
  readonly document: Document;
  readonly reporter: Reporter;
}

let construct: (parts: ArtifactParts) => Artifact;

/**
 * Files, and references to data elsewhere, under one name: a dataset, a model, a set of plots. Made by
 * {@linkcode createArtifact} and {@linkcode loadArtifact}.
 *
 * The objects lie in the artifact's directory as plain files. A copy that is interrupted leaves nothing there: an object
 * is whole or missing.
 *
 * @example
 * ```ts
 * import { createArtifact } from "@t9k/em";
 *
 * const dataset = await createArtifact({ name: "mnist", labels: ["dataset"] });
 * await dataset.addReference("s3://datasets/mnist/train-images-idx3-ubyte.gz", "raw/");
 * console.log(dataset.objects);
 * ```
 */
export class Artifact {
  readonly #parts: ArtifactParts;
  readonly #contents: Contents;
  readonly #checksums: Checksums;
  #metadata: ArtifactMetadata;

  static {
    construct = (parts) => new Artifact(parts);
  }

  private constructor(parts: ArtifactParts) {
    this.#parts = parts;
    this.#metadata = parts.metadata;
    this.#contents = new Contents(parts.dir);
    this.#checksums = new Checksums(parts.dir);
  }

  /** The name. */
  get name(): string {
    return this.#metadata.name;
  }

  /** The labels. */
  get labels(): readonly string[] {
    return [...this.#metadata.labels];
  }

  /** The description. */
  get description(): string {
    return this.#metadata.description;
  }

  /** When the artifact was created: local time with offset, ISO 8601 with microseconds. */
  get createdTimestamp(): string {
    return this.#metadata.createdTimestamp;
  }

  /** The name of the directory, unique in practice: `<name>_<yymmdd>_<HHMMSS>_<6 random letters and digits>`. */
  get alternativeName(): string {
    return this.#metadata.alternativeName;
  }

  /**
   * What the artifact holds: its files, sorted by path, then its references, in the order in which they were added. Each
   * access lists the directory, so files that were put there by other means are among them; keep the answer if you need
   * it more than once. It reads no file: {@linkcode Artifact.checksums} does.
   */
  get objects(): readonly ArtifactObject[] {
    return this.#contents.list();
  }

  /** Where the artifact was uploaded to and downloaded from, oldest first, as it is on disk. */
  get remote(): readonly RemoteRecord[] {
    return this.#read().remote;
  }

  /** The absolute path of the artifact's directory. */
  get local(): string {
    return this.#parts.dir;
  }

  /**
   * Copies a file into the artifact; a file of that path is replaced. Later changes of the original do not show in the
   * copy.
   *
   * @param filePath The file. A symbolic link counts as what it leads to.
   * @param objPath Its path within the artifact. Default: the file's name. A path that ends with `/` is a directory, in
   *   which the file keeps its name; one leading `/` does not count.
   * @throws {NotFoundError} If there is no such file.
   * @throws {RangeError} If no object may lie at the path, or a directory or reference is there. Nothing is changed then.
   * @throws {Deno.errors.Busy} If the file was changed while it was copied.
   *
   * @example
   * ```ts ignore
   * await artifact.addFile("model.pt"); // model.pt
   * await artifact.addFile("model.pt", "checkpoints/"); // checkpoints/model.pt
   * await artifact.addFile("model.pt", "best.pt"); // best.pt
   * ```
   */
  async addFile(filePath: string, objPath?: string): Promise<void> {
    requireString(filePath, "filePath");
    await this.#contents.addFile(filePath, objPath);
  }

  /**
   * Copies the files of a directory into the artifact, beside those that are there. All of them are checked before the
   * first is copied. Empty directories are no objects.
   *
   * @param dirPath The directory. A symbolic link in it counts as what it leads to, if that lies in the directory too.
   * @param objPath Its path within the artifact. Default: the directory's name. A path that ends with `/` is a directory,
   *   in which it keeps its name; one leading `/` does not count.
   * @throws {NotFoundError} If there is no such directory.
   * @throws {RangeError} If a file could not lie where it would have to, or the directory holds a symbolic link that leads
   *   out of it, nowhere or in a circle, or something that is neither a file nor a directory. Nothing is changed then.
   * @throws {Deno.errors.Busy} If a file was changed while it was copied; those before it are in the artifact.
   *
   * @example
   * ```ts ignore
   * await artifact.addDir("data"); // data/…
   * await artifact.addDir("data", "raw/"); // raw/data/…
   * await artifact.addDir("data", "train"); // train/…
   * ```
   */
  async addDir(dirPath: string, objPath?: string): Promise<void> {
    requireString(dirPath, "dirPath");
    await this.#contents.addDir(dirPath, basename(resolve(dirPath)), objPath);
  }

  /**
   * Adds a reference to data elsewhere, which is not fetched; a reference of that path gets the new URI.
   *
   * @param uri Where the data is.
   * @param objPath The path that stands for it within the artifact. Default: what follows the last `/` of the URI. A path
   *   that ends with `/` is a directory, to which that name is added; one leading `/` does not count.
   * @throws {RangeError} If no object may lie at the path, a file or directory is there, or a URI that ends with `/` needs
   *   a path of its own. Nothing is changed then.
   *
   * @example
   * ```ts ignore
   * await artifact.addReference("s3://bucket/key/file.bin"); // file.bin
   * await artifact.addReference("https://example.com/mnist/", "mnist"); // mnist
   * ```
   */
  async addReference(uri: string, objPath?: string): Promise<void> {
    requireString(uri, "uri");
    await this.#contents.addReference(uri, objPath);
  }

  /**
   * Computes the MD5 sums of the artifact's files, which the server has too. A file is read once, and again only after it
   * has changed; memory does not grow with its size.
   *
   * @returns The sums in lower-case hex, by object path.
   */
  async checksums(): Promise<ReadonlyMap<string, string>> {
    const files = this.objects.filter((object) => "sizeBytes" in object);
    return await this.#checksums.of(files.map(({ path }) => path));
  }

  /**
   * Uploads the artifact as it is when all that was added before is there. Only files that the server does not have yet
   * are sent.
   *
   * @param options Where to, and how long it may take.
   * @returns What arrived. A server that cannot be reached leaves files pending; that is no error.
   * @throws {NotLoggedInError} If no server is known.
   * @throws {AuthenticationError} If the server refuses the API key.
   * @throws {FolderNotFoundError} If the folder does not exist and `makeFolder` is not set.
   * @throws {NodeExistsError} If the name is taken and the strategy does not allow to go on.
   */
  async upload(options: ArtifactUploadOptions = {}): Promise<UploadReport> {
    const { timeoutMs = Infinity } = options;
    const { dir, reporter } = this.#parts;
    const limit = { timeoutMs: checkWait({ timeoutMs }) };
    await this.#contents.settled();
    return await uploadArtifactDirectory(dir, {
      ...options,
      ...limit,
      reporter,
    });
  }

  /**
   * The artifact as plain data.
   *
   * @returns The content of `metadata.yaml`, not connected with the artifact.
   */
  toDict(): ArtifactMetadata {
    return this.#read();
  }

  /**
   * Takes the artifact's description from plain data, as {@linkcode Artifact.toDict} makes it, and saves it. The
   * alternative name stays: it is the name of the directory.
   *
   * @param data The content of a `metadata.yaml`.
   * @throws {DamagedFileError} If a key is missing or has the wrong type; nothing is changed then.
   */
  parseFromDict(data: ArtifactMetadata): void {
    const copy = decodeArtifactMetadata(
      encodeArtifactMetadata(data),
      "parseFromDict",
    );
    const metadata = { ...copy, alternativeName: this.alternativeName };
    const { dir, document } = this.#parts;
    prepareChange(dir);
    // What is on disk decides whether there is anything to write, not what was there once.
    document.read();
    document.write(encodeArtifactMetadata(metadata));
    this.#metadata = metadata;
  }

  /**
   * Shows the artifact as it is now, as the last value of a notebook's cell: as HTML and as text.
   *
   * @returns The forms by MIME type.
   */
  [Symbol.for("Jupyter.display")](): Promise<MimeBundle> {
    return theNotebook().drawArtifact(this);
  }

  /**
   * What `console.log` prints of the artifact.
   *
   * @param inspect `Deno.inspect`.
   * @param options Its options.
   * @returns One line.
   */
  [Symbol.for("Deno.customInspect")](
    inspect: typeof Deno.inspect,
    options: Deno.InspectOptions,
  ): string {
    const [name, local] = [this.name, this.local].map((text) =>
      inspect(safeText(text), options)
    );
    return `Artifact ${name} in ${local}`;
  }

  /** Reads the metadata: a run or another process may have uploaded the artifact. */
  #read(): ArtifactMetadata {
    const { document } = this.#parts;
    const metadata = decodeArtifactMetadata(document.read(), document.path);
    return { ...metadata, alternativeName: this.alternativeName };
  }
}

/** Makes an artifact of its parts. */
export function newArtifact(parts: ArtifactParts): Artifact {
  return construct(parts);
}
